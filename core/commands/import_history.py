"""`songloom import-history`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from core.commands.progress import Bar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom import-history`."""
    parser.add_argument("file", metavar="FILE", help="Last.fm CSV, ListenBrainz JSON, Spotify JSON or zip, as downloaded")
    parser.add_argument("--listener", required=True, metavar="NAME", help="whose history it is: an id or a name, new or known")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Bring a history in; say how many plays are new, and how many entries were left out.

    Raises:
        FormatError, LimitError: the file cannot be read, or is too much; nothing was stored.
        MissingError: there is no such file.
        StoreError: the data base refuses; nothing was stored.
    """
    from core.commands.listeners import named
    from core.errors import MissingError
    from core.store.store import Store
    from core.taste.history.bring import bring_history

    path = Path(args.file)
    if not path.is_file():
        raise MissingError("A history is a file as it was downloaded", f"{path} is not there", "Check the name")
    store = Store()
    with Bar("importing") as bar:
        brought = bring_history(store, named(store, args.listener, create=True), path, path.name, bar)
    imported = brought.imported
    if args.json:
        print(json.dumps({"import": imported.id, "source": imported.source, "new": imported.rows, "known": imported.known,
                          "left_out": brought.left_out}))
    else:
        print(f"{imported.rows} plays from {imported.source}, {imported.known} known before, {brought.left_out} entries left out")
    return 0
