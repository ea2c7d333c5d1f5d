"""`songloom rate`."""

from __future__ import annotations

import argparse

NONE = "none"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom rate`."""
    parser.add_argument("--listener", required=True, metavar="NAME", help="who rates: an id or a name, new or known")
    parser.add_argument("item", metavar="ITEM", help="such as tune:oneill/0701-0720/701, take:ID or track:ARTIST/TITLE")
    parser.add_argument("stars", metavar="STARS", help=f"0.5 to 5 in halves, or {NONE} to take the stars away")


def run(args: argparse.Namespace) -> int:
    """Give an item stars, or take them away.

    Raises:
        MissingError: there is no such item.
        RequestError: the stars are not 0.5 to 5 in halves, or the item has no id.
        StoreError: the data base refuses.
    """
    from core.commands.listeners import named
    from core.corpora import catalogue
    from core.errors import RequestError
    from core.store.checks import half_stars, item_kind
    from core.store.store import Store

    try:
        stars = None if args.stars.lower() == NONE else float(args.stars)
    except ValueError:
        got = f"got {args.stars[:40]!r}"
        raise RequestError("Stars go from 0.5 to 5 in halves", got, f"Give one of them, or {NONE}") from None
    if stars is not None:
        half_stars(stars)
    # Everything is looked at before a listener is made for it.
    if item_kind(args.item) == "tune":
        catalogue.load(args.item.removeprefix("tune:"))
    store = Store()
    store.listening.known(args.item)
    store.listening.rate(named(store, args.listener, create=True), args.item, stars)
    return 0
