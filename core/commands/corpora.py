"""`songloom corpora`."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from typing import Any

from core.commands.tables import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", help="folder with the data sets (default: SONGLOOM_DATA)")
    parser.add_argument("--no-counts", action="store_true", help="do not read the pieces to count them")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    rows = _rows(args.data, not args.no_counts)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    texts = [
        (
            row["id"],
            row["name"],
            "yes" if row["at_hand"] else "no",
            "" if row["pieces"] is None else str(row["pieces"]),
            "" if row["unique"] is None else str(row["unique"]),
            row["tier"],
            row["licence"],
            row["address"],
        )
        for row in rows
    ]
    print_table(("id", "collection", "at hand", "pieces", "unique", "tier", "licence", "where from"), texts)
    return 0


def _rows(data: str | None, count: bool) -> list[dict[str, Any]]:
    """One dict a collection; `pieces` are all usable ones, `unique` those left when duplicates are out."""
    from core.commands.progress import Bar
    from core.corpora.folder import DataFolder
    from core.corpora.registry import SOURCES
    from core.corpora.split import choose_sources, read_source, split_pieces

    folder = DataFolder.find(data)
    read: Counter[str] = Counter()
    unique: Counter[str] = Counter()
    at_hand = choose_sources(folder)
    if count:
        pieces = []
        with Bar("reading") as bar:
            for done, source in enumerate(at_hand, 1):
                found = read_source(source, folder)
                read[source.id] = len(found)
                pieces += found
                bar(done, len(at_hand))
        unique.update(entry.piece.source for entry in split_pieces(pieces))
    ids = {source.id for source in at_hand}
    return [
        {
            "id": source.id,
            "name": source.name,
            "licence": source.licence,
            "tier": str(source.tier),
            "address": source.address,
            "styles": list(source.styles),
            "at_hand": source.id in ids,
            "pieces": read[source.id] if count and source.id in ids else None,
            "unique": unique[source.id] if count and source.id in ids else None,
        }
        for source in SOURCES
    ]
