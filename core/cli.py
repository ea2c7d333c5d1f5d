"""The command line: `songloom COMMAND …`. Errors are one line on stderr and exit code 2."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from core.errors import Cancelled, SongloomError

COMMANDS: dict[str, tuple[str, str]] = {
    "styles": ("core.commands.styles", "list the styles that can be composed"),
    "compose": ("core.commands.compose", "compose takes in a style, from nothing or from a seed melody"),
    "lyrics": ("core.commands.lyrics", "show words as they would be sung: syllables, stress, tones, rhymes, mood"),
    "arrange": ("core.commands.arrange", "have a band play a piece: drums, bass, chords and a pad around its melody"),
    "vary": ("core.commands.vary", "write variations of a piece"),
    "morph": ("core.commands.morph", "go from one piece to another in steps"),
    "analyse": ("core.commands.analyse", "say what a piece is, whether it is good and whom it resembles"),
    "catalogue": ("core.commands.catalogue", "describe every tune of the catalogue for recommendations"),
    "corpora": ("core.commands.corpora", "list the collections of music with licence and counts"),
    "render": ("core.commands.render", "turn a music file into a sound file"),
    "convert": ("core.commands.convert", "turn a music file into another kind of music file"),
    "transcribe": ("core.commands.transcribe", "turn a recording of one voice into a music file"),
    "originality": ("core.commands.originality", "say whether a piece repeats another one"),
    "provenance": ("core.commands.provenance", "say who and what made a file"),
    "register": ("core.commands.register", "register recordings, to know them again"),
    "identify": ("core.commands.identify", "say which registered recording a sound file is from"),
    "train": ("core.commands.train", "train an engine"),
    "evaluate": ("core.commands.evaluate", "measure an engine"),
    "community": ("core.commands.community", "make, bring or remove a community of listeners that teaches recommendations"),
    "recommend": ("core.commands.recommend", "recommend pieces to a listener, with the reasons"),
    "import-history": ("core.commands.import_history", "bring your listening history from Last.fm, ListenBrainz or Spotify"),
    "rate": ("core.commands.rate", "give a piece stars"),
    "import": ("core.commands.import_listener", "bring in what songloom export wrote of a listener"),
    "export": ("core.commands.export", "write everything that is kept of a listener, as JSON"),
    "forget": ("core.commands.forget", "remove everything that is kept of a listener, for good"),
    "doctor": ("core.commands.doctor", "say what is there and what to do about what is missing"),
    "serve": ("core.commands.serve", "start the app in the browser"),
}
"""Command to its module and its line of help."""

EXIT_ERROR = 2
EXIT_STOPPED = 130


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(EXIT_ERROR, f"{self.prog}: {_one_line(message)} (see {self.prog} --help)\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code, 2 after an error that was said on stderr.

    Wrong options leave with SystemExit, code 2, as argparse does.
    """
    args = build_parser(sys.argv[1:] if argv is None else argv).parse_args(argv)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except (KeyboardInterrupt, Cancelled):
        return _fail("stopped", EXIT_STOPPED)
    except SongloomError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader of our output has seen enough; the interpreter must not flush into the pipe again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        what = error.strerror or str(error)
        return _fail(f"cannot use {error.filename}: {what}" if error.filename else what)


def build_parser(argv: Sequence[str]) -> Parser:
    """The parser; only the module of the command in `argv` is imported."""
    parser = Parser(prog="songloom", description="Compose, hear, edit and keep music.", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    chosen = next((word for word in argv if not word.startswith("-")), None)
    for name, (module, help_line) in COMMANDS.items():
        sub = commands.add_parser(name, help=help_line, description=help_line.capitalize() + ".", allow_abbrev=False)
        if name == chosen:
            command = import_module(module)
            command.add_arguments(sub)
            sub.set_defaults(run=command.run)
    return parser


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _fail(text: str, code: int = EXIT_ERROR) -> int:
    print(f"songloom: {_one_line(text)}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
