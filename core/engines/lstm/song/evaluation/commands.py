"""`songloom evaluate lyrics`."""

from __future__ import annotations

import argparse
import json

from core.corpora.folder import DataFolder

PARTS = ("songs", "words", "tones", "moods", "speed")


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate lyrics`."""
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--only", help="comma-separated parts: " + ", ".join(PARTS))
    parser.add_argument("--out", help="folder with the weights (default: assets/models)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from pathlib import Path

    from core import weights
    from core.engines.lstm.song.evaluation.evaluate import evaluate
    from core.errors import RequestError

    parts = tuple(args.only.split(",")) if args.only else PARTS
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise RequestError(f"Parts of {', '.join(PARTS)} are needed", f"got {', '.join(unknown)}")
    report = evaluate(DataFolder.find(args.data), parts, Path(args.out) if args.out else weights.FOLDER)
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if args.json else report.table())
    return 0
