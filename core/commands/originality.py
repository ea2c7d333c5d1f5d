"""`songloom originality FILE`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from core.commands.tables import print_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom originality`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a music file: MIDI, MusicXML or ABC")
    parser.add_argument("--data", metavar="DIR", help="collections to compare with and show (default: SONGLOOM_DATA)")
    parser.add_argument("--own", type=Path, metavar="DIR", help="a folder with music files of your own to compare with too")
    parser.add_argument("-k", type=int, default=5, metavar="N", help="passages (default: 5)")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(args: argparse.Namespace) -> int:
    """Say how like the nearest passages are, and how unusual that is.

    Raises:
        FormatError, LimitError: the file cannot be read or has no melody.
        DataMissingError: the catalogue is not at hand.
    """
    from core.commands.progress import Bar
    from core.corpora.folder import DataFolder
    from core.errors import RequestError
    from core.rights.library import load, own_index
    from core.rights.originality import originality
    from core.score.files import read_score, readable

    if args.k < 1:
        raise RequestError("One passage or more can be asked for", f"got -k {args.k}", "Correct the number")
    score = read_score(args.file.read_bytes(), args.file.name)
    paths = sorted(path for path in args.own.rglob("*") if path.suffix.lower() in readable()) if args.own else []
    own = own_index([(str(path), path.stem, read_score(path.read_bytes(), path.name)) for path in paths]) if paths else None
    with Bar("reading the catalogue") as bar:
        library = load(DataFolder.find(args.data), bar)
    found = originality(score, library, own, args.k)
    if args.json:
        print(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
        return 0
    print(f"{found.verdict}: {found.unusual:.1%} of real pieces are as like another one")
    rows = [(f"{one.notes}/{one.length}", f"{one.here.first_bar + 1}-{one.here.last_bar + 1}",
             f"{one.there.first_bar + 1}-{one.there.last_bar + 1}" if one.there else "?", f"{one.among_pieces:.1%}",
             one.piece.title, one.piece.id) for one in (*found.passages, *found.own)]
    if rows:
        print_table(("notes", "bars here", "bars there", "as unusual", "title", "piece"), rows)
    for how in ("notes", "hashes"):
        counted = [f"{one.name} ({one.pieces:,})" for one in found.covered if one.how == how]
        if counted:
            print(f"compared by {how}: {', '.join(counted)}")
    return 0
