"""The options that the evaluations of insight share."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.corpora.folder import DataFolder
    from core.report import Report


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace, measure: Callable[[DataFolder], Report]) -> int:
    """Measure and print; exit code 0 also where a target is missed.

    Raises:
        DataMissingError: a collection is not at hand.
    """
    from core.corpora.folder import DataFolder

    report = measure(DataFolder.find(args.data))
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if args.json else report.table())
    return 0
