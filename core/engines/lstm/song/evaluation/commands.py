"""`songloom evaluate lyrics`."""

from __future__ import annotations

import argparse
import json

from core.corpora.folder import DataFolder

PARTS = ("songs", "words", "tones", "moods", "speed", "lines")


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate lyrics`."""
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--only", help="comma-separated parts: " + ", ".join(PARTS))
    parser.add_argument("--out", help="folder with the weights (default: assets/models)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from dataclasses import replace
    from pathlib import Path

    from core import weights
    from core.engines.lstm.lines.evaluate import evaluate as evaluate_lines
    from core.engines.lstm.song.evaluation.evaluate import evaluate
    from core.errors import RequestError

    parts = tuple(args.only.split(",")) if args.only else PARTS
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise RequestError(f"Parts of {', '.join(PARTS)} are needed", f"got {', '.join(unknown)}")
    folder, out = DataFolder.find(args.data), Path(args.out) if args.out else weights.FOLDER
    sung = tuple(part for part in parts if part != "lines")
    reports = [evaluate(folder, sung, out)] if sung else []
    if "lines" in parts:
        reports.append(evaluate_lines(folder, ("en", "zh"), out))
    report = replace(reports[-1], figures=tuple(figure for one in reports for figure in one.figures),
                     weights={name: digest for one in reports for name, digest in one.weights.items()})
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if args.json else report.table())
    return 0
