"""`songloom evaluate gan`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from core.corpora.folder import DataFolder

PARTS = ("figures", "real", "control", "speed")


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate gan`."""
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--only", help="comma-separated parts: " + ", ".join(PARTS))
    parser.add_argument("--split", choices=("test", "valid"), default="test", help="held-out songs (default: test)")
    parser.add_argument("--free", action="store_true", help="the weights that learned from free music, on free songs")
    parser.add_argument("--bars", type=int, default=2000, help="bars that are played (default: 2000)")
    parser.add_argument("--out", help="folder with the weights (default: assets/models)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Measure and print; exit code 0 also where a target is missed."""
    from core import weights
    from core.engines.gan.arrange import GanArranger
    from core.engines.gan.evaluation.evaluate import evaluate
    from core.errors import RequestError

    parts = tuple(args.only.split(",")) if args.only else PARTS
    unknown = sorted(set(parts) - set(PARTS))
    if unknown:
        raise RequestError(f"Parts of {', '.join(PARTS)} are needed", f"got {', '.join(unknown)}")
    folder = Path(args.out) if args.out else weights.FOLDER
    report = evaluate(DataFolder.find(args.data), GanArranger(folder), parts, split=args.split, free_only=args.free,
                      bars=args.bars, models=folder)
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if args.json else report.table())
    return 0
