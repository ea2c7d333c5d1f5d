"""`songloom provenance FILE`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom provenance`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="MIDI, MusicXML, ABC, LRC, WAV, FLAC, MP3 or OGG")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Print what a file carries of how it was made, or `none`.

    Raises:
        FormatError, LimitError: the file cannot be read, or what it carries is damaged.
    """
    from core.rights.provenance import read_provenance

    found = read_provenance(args.file.read_bytes(), args.file.name)
    if args.json:
        print(json.dumps(None if found is None else found.facts(), ensure_ascii=False, indent=1))
        return 0
    if found is None:
        print("none")
        return 0
    if not found.is_composed:
        print("written by Songloom, composed by somebody else")
    else:
        rows = {"engine": found.engine, "weights": found.weights, "style": found.style, "random seed": found.random_seed,
                "take": found.take or "", "edits": found.edits}
        for name, value in rows.items():
            if value not in ("", None):
                print(f"{name}: {_safe(str(value))}")
        for one in found.data:
            print(f"learned from: {_safe(one.name)}" + (f" ({_safe(one.licence)})" if one.licence else ""))
        print(f"request: {json.dumps(dict(found.request), sort_keys=True)}")
    return 0


def _safe(text: str) -> str:
    """Text of a stranger's file in one line, without what would move the terminal's cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
