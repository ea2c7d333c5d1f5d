"""`songloom import`: what `songloom export` wrote comes in again."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom import`."""
    parser.add_argument("file", metavar="FILE", help="what songloom export, or the page My taste, wrote")
    parser.add_argument("--listener", required=True, metavar="NAME", help="whose it becomes: an id or a name, new or known")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Bring an export in beside what the listener has, and say how many rows of each kind are new.

    Raises:
        FormatError: the file is no export; nothing was stored.
        MissingError: there is no such file.
        StoreError: the data base refuses; nothing was stored.
    """
    from core.commands.listeners import named
    from core.errors import FormatError, MissingError
    from core.store.readback import read
    from core.store.store import Store

    path = Path(args.file)
    if not path.is_file():
        raise MissingError("An export is a file that Songloom wrote", f"{path} is not there", "Check the name")
    try:
        given = json.loads(path.read_bytes())
    except ValueError as error:
        raise FormatError("An export of a listener is JSON", f"{path.name} is not: {error}",
                          "Choose the file that Songloom wrote") from error
    read(given)  # before a listener is made for it
    store = Store()
    new = store.privacy.import_export(given, named(store, args.listener, create=True))
    print(json.dumps(new) if args.json else "new: " + ", ".join(f"{count} {kind}" for kind, count in new.items()))
    return 0
