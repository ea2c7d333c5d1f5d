"""`songloom train ENGINE …`: each engine brings its own options, and so do the recommenders as `taste` and the network of
next lines as `lyrics`."""

from __future__ import annotations

import argparse
from importlib import import_module

from core.engines.registry import COMMANDS as ENGINES

ABOUT = {"taste": "recommendations", "feel": "timing and touch of a band", "lyrics": "next lines of song texts"}
COMMANDS = {**ENGINES, "taste": "core.taste.evaluation.commands", "feel": "core.engines.feel.commands",
            "lyrics": "core.engines.lstm.lines.commands"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    engines = parser.add_subparsers(dest="engine", metavar="ENGINE", required=True)
    for engine, module in COMMANDS.items():
        sub = engines.add_parser(engine, help=ABOUT.get(engine, f"the engine {engine}"), allow_abbrev=False)
        commands = import_module(module)
        commands.add_train_arguments(sub)
        sub.set_defaults(run_engine=commands.run_train)


def run(args: argparse.Namespace) -> int:
    code: int = args.run_engine(args)
    return code
