"""`songloom styles`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from core.commands.tables import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--commercial", action="store_true", help="only styles that are free for commercial use")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    from core.engines.catalogue import list_styles

    rows = list_styles(free_only=args.commercial)
    if args.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return 0
    print_table(
        ("style", "name", "metres", "modes", "engines", "commercial use", "trained on"),
        [
            (
                row.id,
                f"{row.name} {row.name_zh}",
                " ".join(row.metres),
                " ".join(row.modes),
                " ".join(row.engines) or "no weights at hand",
                "yes" if row.commercial_use else "no",
                ", ".join(row.trained_on),
            )
            for row in rows
        ],
    )
    return 0
