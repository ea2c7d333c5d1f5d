"""`songloom convert IN OUT`."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", type=Path, metavar="IN", help="a music file")
    parser.add_argument("target", type=Path, metavar="OUT", help="the file to write; the suffix decides what")


def run(args: argparse.Namespace) -> int:
    """Read a file of music and write it in another format, or as sound.

    Raises:
        FormatError, LimitError: the file cannot be read, or files with that suffix are not written.
        SoundMissingError: it is to be sound, and there is no synthesizer or soundfont.
    """
    from core.audio.export import FORMATS, render_file
    from core.engines.as_written import export_written
    from core.score.files import read_score

    if args.target.suffix.lower().lstrip(".") in FORMATS:
        render_file(args.source, args.target)
    else:
        score = read_score(args.source.read_bytes(), args.source.name)
        args.target.write_bytes(export_written(score, args.target.name))
    print(args.target)
    return 0
