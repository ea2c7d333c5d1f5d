"""`songloom evaluate fingerprint`."""

from __future__ import annotations

import argparse
import json


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate fingerprint`."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--number", type=int, default=500, metavar="N", help="recordings that are registered (default: 500)")
    parser.add_argument("--random-seed", type=int, default=1, metavar="N", help="which pieces (default: 1)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core.rights.evaluation.commands import said
    from core.rights.evaluation.fingerprint import evaluate

    report = evaluate(said, args.number, args.random_seed)
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if args.json else report.table())
    return 0
