"""`songloom train feel` and `songloom evaluate feel`: the tables that `humanise` plays from."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from core import options
from core.corpora.folder import DataFolder


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom train feel`."""
    options.add_data(parser)
    parser.add_argument("--out", help="folder for tables and card (default: assets/models)")


def run_train(args: argparse.Namespace) -> int:
    """Fit the tables; a minute on one core."""
    from core.engines.feel.fitting import learn
    from core.engines.feel.tables import NAME

    out = options.weights_folder(args)
    learn(DataFolder.find(args.data), out)
    print(f"{NAME} in {out}")
    return 0


def add_evaluate_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom evaluate feel`."""
    options.add_data(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--split", choices=("test", "validation"), default="test", help="held-out takes (default: test)")


def run_evaluate(args: argparse.Namespace) -> int:
    """Distances to held-out drummers, by drum, beside the grid."""
    from core.engines.feel.fitting import measure, rows_of

    rows = measure(DataFolder.find(args.data), args.split)
    print(json.dumps([asdict(row) for row in rows], indent=1) if args.json else "\n".join(rows_of(args.split, rows)))
    return 0
