"""`songloom evaluate key`: keys by segment and chords, beside music21."""

from __future__ import annotations

import argparse
import json

PARTS = ("keys", "chords")


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate key`."""
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--only", help="comma-separated parts: " + ", ".join(PARTS))
    parser.add_argument("--split", choices=("valid", "test"), default="test", help="pieces to measure on (default: test)")
    parser.add_argument("--no-peers", action="store_true", help="leave music21 out: it takes most of the time")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed.

    Raises:
        DataMissingError: a collection is not at hand.
        RequestError: an unknown part.
    """
    from core.corpora.folder import DataFolder
    from core.errors import RequestError
    from core.insight.evaluation.keys import evaluate

    parts = tuple(args.only.split(",")) if args.only else PARTS
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise RequestError(f"Parts of {', '.join(PARTS)} are needed", f"got {', '.join(unknown)}")
    report = evaluate(DataFolder.find(args.data), parts, args.split, not args.no_peers)
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if args.json else report.table())
    return 0
