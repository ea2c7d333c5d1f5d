"""`songloom analyse FILE`: what a piece is, whether it is good, whom it resembles."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.insight.report import Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `songloom analyse`."""
    parser.add_argument("source", type=Path, metavar="FILE", help="MIDI, MusicXML, ABC, WAV, MP3, FLAC or OGG")
    parser.add_argument("--style", metavar="S", help="the style to hold it against (default: the one that the file says "
                        "it was composed in, else the one it is recognised as)")
    parser.add_argument("--json", action="store_true", help="print JSON, with everything that was found")


def run(args: argparse.Namespace) -> int:
    """Print the report, as a table or as JSON.

    Raises:
        InputError: the file cannot be read, or has no notes; the style is unknown.
    """
    from core.insight.report import analyse_file

    report = analyse_file(args.source.read_bytes(), args.source.name, style=args.style)
    if args.json:
        print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
    else:
        _print(report)
    return 0


def _print(report: Report) -> None:
    from core.commands.tables import print_table
    from core.insight.words import rows

    print_table(("what", "answer"), rows(report))
