"""`songloom lyrics --suggest`: next lines, written by a machine."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.lyrics import Lyrics
    from core.lyrics.suggest import NextLine, Wish

KEY = "SONGLOOM_WRITER_KEY"
"""Setting with the key for `--address`: an option would stand in the list of processes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of suggestions."""
    group = parser.add_argument_group("next lines, written by a machine")
    group.add_argument("--suggest", type=int, nargs="?", const=5, metavar="N", help="suggest N next lines (default: 5)")
    group.add_argument("--syllables", type=int, help="of the next line (default: as its twin has)")
    group.add_argument("--rhyme", metavar="LINE", help="number of the line to rhyme with, or none (default: as the rhymes go)")
    group.add_argument("--random-seed", type=int, default=0, help="equal seeds give equal lines")
    group.add_argument("--address", metavar="URL", help="ask a program that speaks OpenAI's protocol there, such as "
                       f"http://localhost:11434/v1; the words are sent there. Its key is in {KEY}")
    group.add_argument("--model", help="name of the model at --address")


def run(args: argparse.Namespace, lyrics: Lyrics) -> int:
    """Print next lines.

    Raises:
        SongloomError: see `core.lyrics.suggest`, `core.lyrics.address` and `core.engines.lstm.lines.writer`.
    """
    from core.errors import LimitError
    from core.lyrics.suggest import MOST_SUGGESTIONS, wish

    if not 1 <= args.suggest <= MOST_SUGGESTIONS:
        raise LimitError(f"Between 1 and {MOST_SUGGESTIONS} lines are suggested", f"got {args.suggest}", "Ask for fewer")
    asked = wish(lyrics, args.syllables, _rhyme(args.rhyme))
    found = _ask(args, asked) if args.address or args.model else _write(args, asked)
    if args.json:
        print(json.dumps({"written_by": args.address or "songloom", "syllables": asked.syllables,
                          "rhymes_with": asked.rhyme.number + 1 if asked.rhyme else None,
                          "lines": [asdict(line) for line in found]}, ensure_ascii=False, indent=1))
    else:
        print(f"written by a machine ({args.address or 'songloom'}), {asked.syllables} syllables"
              + (f", to rhyme with line {asked.rhyme.number + 1}" if asked.rhyme else ""))
        for line in found:
            print(f"  {line.syllables:2d}  {line.text}{'  (rhymes)' if line.rhymes else ''}")
    return 0


def _write(args: argparse.Namespace, asked: Wish) -> tuple[NextLine, ...]:
    from core.engines.lstm.lines.writer import suggest

    return suggest(asked, args.suggest, args.random_seed)


def _ask(args: argparse.Namespace, asked: Wish) -> tuple[NextLine, ...]:
    from core.lyrics.address import Address, ask

    return ask(Address(args.address or "", args.model or "", os.environ.get(KEY, "")), asked, args.suggest)


def _rhyme(given: str | None) -> int | str | None:
    from core.errors import RequestError

    if given is None:
        return "auto"
    if given == "none":
        return None
    if not given.isascii() or not given.isdigit() or len(given) > 4:
        raise RequestError("The number of a line is needed, or none", f"got {given[:20]!r}", "Choose another one")
    return int(given) - 1
