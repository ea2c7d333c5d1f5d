"""`songloom train ENGINE …`: each engine brings its own options, and so do `taste` and `insight`."""

from __future__ import annotations

import argparse
from importlib import import_module

from core.engines.registry import COMMANDS as ENGINES

COMMANDS = {**ENGINES, "taste": "core.taste.evaluation.commands", "feel": "core.engines.feel.commands",
            "insight": "core.insight.train",
            "originality": "core.rights.evaluation.commands"}
ABOUT = {"taste": "recommendations", "feel": "timing and touch of a band", "insight": "style, mood and quality of a piece",
         "originality": "likeness of real pieces, and hashes of collections"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    engines = parser.add_subparsers(dest="engine", metavar="ENGINE", required=True)
    for engine, module in COMMANDS.items():
        about = ABOUT.get(engine, f"the engine {engine}")
        sub = engines.add_parser(engine, help=about, allow_abbrev=False)
        commands = import_module(module)
        commands.add_train_arguments(sub)
        sub.set_defaults(run_engine=commands.run_train)


def run(args: argparse.Namespace) -> int:
    code: int = args.run_engine(args)
    return code
