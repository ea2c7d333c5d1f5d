"""`songloom evaluate fingerprint`."""

from __future__ import annotations

import argparse

from core import options


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate fingerprint`."""
    options.add_report(parser)
    parser.add_argument("--number", type=int, default=500, metavar="N", help="recordings that are registered (default: 500)")
    parser.add_argument("--random-seed", type=int, default=1, metavar="N", help="which pieces (default: 1)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.rights.evaluation.commands import said
    from core.rights.evaluation.fingerprint import evaluate

    report = evaluate(said, args.number, args.random_seed)
    return options.show(report, args)
