"""`songloom train originality` and `songloom evaluate originality`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core import options
from core.corpora.folder import DataFolder


def said(done: int, total: int) -> None:
    """Say on stderr, ten times, how far it is."""
    if total >= 10 and done % (total // 10) == 0:
        print(f"{done} of {total}", file=sys.stderr)


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train originality`."""
    parser.add_argument("--data", help="folder with all data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="default: assets/rights/originality.safetensors")


def run_train(args: argparse.Namespace) -> int:
    """Learn what is expected and usual, and write it with its card.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    from core.rights.fit import fit
    from core.rights.likeness import ASSET, save_likeness

    path = args.out or ASSET
    found, card = fit(DataFolder.find(args.data), said)
    save_likeness(found, path)
    path.with_suffix(".md").write_text(card, encoding="utf-8")
    print(path)
    return 0


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate originality`."""
    options.add_data(parser)
    options.add_report(parser)
    parser.add_argument("--split", choices=("valid", "test"), default="test", help="where passages are planted (default: test)")
    parser.add_argument("--number", type=int, default=400, metavar="N", help="passages of each kind (default: 400)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.rights.evaluation.originality import evaluate

    report = evaluate(DataFolder.find(args.data), said, args.split, args.number)
    return options.show(report, args)
