"""What the command line does for recommendations: `songloom train taste` and `songloom evaluate taste`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from core import options
from core.corpora.folder import DataFolder

PARTS = ("ranking", "recbole", "newcomers", "cold", "lists", "stars")


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train taste`."""
    options.add_data(parser)
    parser.add_argument("--seed", type=int, default=0, help="split whose training part is learned from")
    parser.add_argument("--out", help="file for the weights of the blend (default: the shipped one)")


def run_train(args: argparse.Namespace) -> int:
    """Learn the weights of the blend and write them; models are fitted on each installation itself."""
    from core.taste.evaluation.blend_fit import fit_blend
    from core.taste.evaluation.hetrec import FOLDER, held_out, load
    from core.taste.evaluation.ranking_figures import TEST_SHARE
    from core.taste.models.blend import SHIPPED

    data = load(DataFolder.find(args.data).path(FOLDER))
    train, test = held_out(data.plays, (TEST_SHARE,), args.seed)
    note = f"HetRec Last.fm-2K, training part of seed {args.seed}, a tenth of it for the weights"
    blend = fit_blend(data, train, (test,), args.seed, note, Sayer())
    path = Path(args.out) if args.out else SHIPPED
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(blend.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(path)
    return 0


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate taste`."""
    options.add_data(parser)
    options.add_report(parser, PARTS)
    parser.add_argument("--full", action="store_true",
                        help="five seeds, each with weights of the blend from its own training part, and SVD++")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.taste.evaluation.evaluate import evaluate

    parts = options.chosen(args, PARTS)
    report = evaluate(DataFolder.find(args.data), parts, args.full, Sayer())
    return options.show(report, args)


class Sayer:
    """Prints lines on stderr with the seconds since it was made."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def __call__(self, line: str) -> None:
        print(f"{time.monotonic() - self.started:5.0f} s  {line}", file=sys.stderr, flush=True)
