"""`songloom identify FILE`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from core.commands.register import LISTENER


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom identify`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a recording, whole or cut: WAV, FLAC, Ogg, MP3 or AIFF")
    parser.add_argument("--listener", default=LISTENER, metavar="NAME", help=f"whose recordings to look in (default: {LISTENER})")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Say which registered recordings a file is from; `none` where it is from none.

    Raises:
        FormatError, LimitError: the file is no recording, too short, too long or silent.
        MissingError: nobody of this name registered anything.
        SoundMissingError: Chromaprint is not at hand.
        StoreError: the data base refuses.
    """
    from core.commands.listeners import named
    from core.rights.recordings import identify, print_of
    from core.store.store import Store

    cut = print_of(args.file.read_bytes(), args.file.name)
    store = Store()
    found = identify(cut, store.recordings.of(named(store, args.listener)))
    if args.json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
    else:
        for one in found:
            print(f"{one.title}, from {one.begins:.1f} s on ({one.errors:.0%} of the bits differ)")
        if not found:
            print("none")
    return 0
