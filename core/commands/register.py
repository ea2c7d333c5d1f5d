"""`songloom register FILE`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

LISTENER = "command line"
"""Whose recordings these are where no listener is named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom register`."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="recordings: WAV, FLAC, Ogg, MP3 or AIFF")
    parser.add_argument("--title", help="what to call it (default: the name of the file)")
    parser.add_argument("--listener", default=LISTENER, metavar="NAME", help=f"whose it is (default: {LISTENER})")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Keep what recordings are known again by; the sound itself is not kept.

    Raises:
        FormatError, LimitError: a file is no recording, too short, too long or silent.
        SoundMissingError: Chromaprint is not at hand.
        StoreError: the data base refuses.
    """
    from core.commands.listeners import named
    from core.errors import RequestError
    from core.rights.recordings import print_of
    from core.store.store import Store

    if args.title and len(args.files) > 1:
        raise RequestError("--title belongs to one recording", f"got {len(args.files)} files", "Leave it out or give one file")
    prints = [(args.title or path.stem, print_of(path.read_bytes(), path.name)) for path in args.files]
    store = Store()
    listener = named(store, args.listener, create=True)
    kept = [store.recordings.register(listener, title, one.seconds, one.chromaprint) for title, one in prints]
    if args.json:
        rows = [{"id": one.id, "title": one.title, "seconds": round(one.seconds, 2)} for one in kept]
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for one in kept:
            print(f"{one.title} ({one.seconds:.1f} s)")
    return 0
