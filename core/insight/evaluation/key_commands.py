"""`songloom evaluate key`: keys by segment and chords, beside music21."""

from __future__ import annotations

import argparse

from core import options

PARTS = ("keys", "chords")


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate key`."""
    options.add_data(parser)
    parser.add_argument("--split", choices=("valid", "test"), default="test", help="pieces to measure on (default: test)")
    parser.add_argument("--no-peers", action="store_true", help="leave music21 out: it takes most of the time")
    options.add_report(parser, PARTS)


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed.

    Raises:
        DataMissingError: a collection is not at hand.
        RequestError: an unknown part.
    """
    from core.corpora.folder import DataFolder
    from core.insight.evaluation.keys import evaluate

    parts = options.chosen(args, PARTS)
    report = evaluate(DataFolder.find(args.data), parts, args.split, not args.no_peers)
    return options.show(report, args)
