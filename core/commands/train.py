"""`songloom train ENGINE …`: each engine brings its own options, and so does all else that learns."""

from __future__ import annotations

import argparse
from importlib import import_module

from core.engines.registry import COMMANDS as ENGINES

SUBJECTS: dict[str, tuple[str, str]] = {
    **{engine: (module, f"the engine {engine}") for engine, module in ENGINES.items()},
    "taste": ("core.taste.evaluation.commands", "recommendations"),
    "feel": ("core.engines.feel.commands", "timing and touch of a band"),
    "lyrics": ("core.engines.lstm.lines.commands", "next lines of song texts"),
    "originality": ("core.rights.evaluation.commands", "likeness of real pieces, and hashes of collections"),
    "hearing": ("core.audio.evaluation.commands", "where notes begin in recordings"),
    "insight": ("core.insight.train", "style, mood and quality of a piece"),
}
"""What to train, to the module that does it and what is said of it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    subjects = parser.add_subparsers(dest="engine", metavar="ENGINE", required=True)
    for name, (module, about) in SUBJECTS.items():
        sub = subjects.add_parser(name, help=about, allow_abbrev=False)
        commands = import_module(module)
        commands.add_train_arguments(sub)
        sub.set_defaults(run_engine=commands.run_train)


def run(args: argparse.Namespace) -> int:
    code: int = args.run_engine(args)
    return code
