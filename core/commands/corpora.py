"""`songloom corpora`."""

from __future__ import annotations

import argparse
import json

from core.commands.progress import Bar
from core.commands.tables import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--no-counts", action="store_true", help="do not read the pieces to count them")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    from core.corpora.folder import DataFolder
    from core.corpora.listing import listing

    with Bar("reading") as bar:
        rows = listing(DataFolder.find(args.data), count=not args.no_counts, progress=bar)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    texts = [
        (
            row["id"],
            row["name"],
            "yes" if row["at_hand"] else "no",
            "" if row["pieces"] is None else str(row["pieces"]),
            row["tier"],
            row["licence"],
            row["address"],
        )
        for row in rows
    ]
    print_table(("id", "collection", "at hand", "pieces", "tier", "licence", "where from"), texts)
    return 0
