"""`songloom evaluate gan`."""

from __future__ import annotations

import argparse

from core import options
from core.corpora.folder import DataFolder

PARTS = ("figures", "real", "control", "speed")


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate gan`."""
    options.add_data(parser)
    options.add_report(parser, PARTS)
    parser.add_argument("--split", choices=("test", "valid"), default="test", help="held-out songs (default: test)")
    parser.add_argument("--free", action="store_true", help="the weights that learned from free music, on free songs")
    parser.add_argument("--bars", type=int, default=2000, help="bars that are played (default: 2000)")
    parser.add_argument("--out", help="folder with the weights (default: assets/models)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.engines.gan.arrange import GanArranger
    from core.engines.gan.evaluation.evaluate import evaluate

    parts = options.chosen(args, PARTS)
    folder = options.weights_folder(args)
    report = evaluate(DataFolder.find(args.data), GanArranger(folder), parts, split=args.split, free_only=args.free,
                      bars=args.bars, models=folder)
    return options.show(report, args)
