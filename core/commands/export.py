"""`songloom export`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom export`."""
    parser.add_argument("--listener", required=True, metavar="NAME", help="an id or a name")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write; without it, on the screen")


def run(args: argparse.Namespace) -> int:
    """Write everything that is kept of a listener.

    Raises:
        MissingError: there is no such listener.
        RequestError: several have this name.
        StoreError: the data base refuses.
    """
    from core.commands.listeners import named
    from core.store.store import Store

    store = Store()
    words = json.dumps(store.privacy.export(named(store, args.listener)), ensure_ascii=False, indent=1)
    if args.out is None:
        print(words)
    else:
        args.out.write_text(words + "\n", encoding="utf-8")
        print(args.out)
    return 0
