"""`songloom evaluate transcription`."""

from __future__ import annotations

import argparse

from core import options


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate transcription`."""
    options.add_data(parser)
    options.add_report(parser)
    parser.add_argument("--split", choices=("valid", "test"), default="test", help="whose melodies (default: test)")
    parser.add_argument("--melodies", type=int, default=40, metavar="N", help="melodies of each sound (default: 40)")
    parser.add_argument("--no-pyin", action="store_true", help="leave out the baseline, which takes most of the time")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.audio.evaluation.evaluate import evaluate
    from core.corpora.folder import DataFolder
    from core.errors import RequestError

    if not 1 <= args.melodies <= 1_000:
        raise RequestError("Between 1 and 1000 melodies were expected", f"got {args.melodies}")
    report = evaluate(DataFolder.find(args.data), args.split, args.melodies, not args.no_pyin)
    return options.show(report, args)
