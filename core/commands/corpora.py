"""`songloom corpora`."""

from __future__ import annotations

import argparse
import json

from core.commands.progress import Bar
from core.commands.tables import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--no-counts", action="store_true", help="do not read the pieces to count them")
    parser.add_argument("--bands", action="store_true", help="the pieces for bands instead, with what share mma made")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    from core.corpora.folder import DataFolder
    from core.corpora.listing import listing

    if args.bands:
        return _bands(args)
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


def _bands(args: argparse.Namespace) -> int:
    from core.corpora.folder import DataFolder
    from core.corpora.listing import band_listing

    with Bar("reading") as bar:
        rows = band_listing(DataFolder.find(args.data), bar)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    texts = [
        (row["id"], row["made_by"], str(row["pieces"]), str(row["bars"]), f"{row['share']:.1%}", row["tier"], row["licence"])
        for row in rows
    ]
    print_table(("id", "parts by", "pieces", "bars", "share", "tier", "licence"), texts)
    made = sum(row["share"] for row in rows if row["made_by"] == "mma")
    print(f"Parts by mma in {made:.1%} of the bars")
    return 0
