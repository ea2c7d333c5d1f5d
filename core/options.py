"""What the commands `train` and `evaluate` have in common, whatever they train or measure: options, and what they mean."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import RequestError

if TYPE_CHECKING:
    from core.report import Report

CHECKPOINTS = Path(".cache") / "train"


def add_data(parser: argparse.ArgumentParser) -> None:
    """The folder with the data sets, `args.data`."""
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")


def add_report(parser: argparse.ArgumentParser, parts: Sequence[str] = ()) -> None:
    """How a report is printed, and with `parts` which of them are measured."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    if parts:
        parser.add_argument("--only", help="comma-separated parts: " + ", ".join(parts))


def chosen(args: argparse.Namespace, parts: Sequence[str]) -> tuple[str, ...]:
    """The parts that were asked for, all where none were.

    Raises:
        RequestError: one is not among `parts`.
    """
    wanted = tuple(args.only.split(",")) if args.only else tuple(parts)
    unknown = sorted(set(wanted) - set(parts))
    if unknown:
        raise RequestError(f"Parts of {', '.join(parts)} are needed", f"got {', '.join(unknown)}")
    return wanted


def show(report: Report, args: argparse.Namespace) -> int:
    """Print a report as asked; the exit code is 0 also where a target is missed."""
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if args.json else report.table())
    return 0


def add_training(parser: argparse.ArgumentParser) -> None:
    """Where a network is trained from, on what, and where its weights go."""
    add_data(parser)
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda or mps")
    parser.add_argument("--threads", type=int, help="CPU threads")
    parser.add_argument("--seed", type=int, default=0, help="random seed")
    parser.add_argument("--out", help="folder for weights and card (default: assets/models, or the user's own)")
    parser.add_argument("--restart", action="store_true", help="forget an unfinished run instead of going on with it")


def begun(args: argparse.Namespace, name: str) -> Path:
    """Set the number of threads; the checkpoint of the run `name`, gone where it is to start afresh."""
    import torch

    if args.threads:
        torch.set_num_threads(args.threads)
    checkpoint = CHECKPOINTS / f"{name}.pt"
    if args.restart:
        checkpoint.unlink(missing_ok=True)
    return checkpoint


def weights_folder(args: argparse.Namespace) -> Path:
    """The folder that `--out` names, else the one of the weights that are shipped."""
    from core import weights

    return Path(args.out) if args.out else weights.FOLDER
