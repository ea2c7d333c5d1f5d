"""`songloom evaluate ENGINE …`: each engine brings its own options, and so does all else that is measured."""

from __future__ import annotations

import argparse
from importlib import import_module

from core.engines.registry import COMMANDS as ENGINES

SUBJECTS: dict[str, tuple[str, str]] = {
    **{engine: (module, f"the engine {engine}") for engine, module in ENGINES.items()},
    "taste": ("core.taste.evaluation.commands", "recommendations"),
    "lyrics": ("core.engines.lstm.song.evaluation.commands", "words set to music"),
    "feel": ("core.engines.feel.commands", "timing and touch of a band"),
    "transcription": ("core.audio.evaluation.commands", "melodies heard in recordings"),
    "key": ("core.insight.evaluation.key_commands", "keys by segment and chords, beside music21"),
    "style": ("core.insight.evaluation.style", "styles recognised"),
    "emotion": ("core.insight.evaluation.emotion", "moods recognised"),
    "quality": ("core.insight.evaluation.quality", "the figure that ranks takes"),
    "originality": ("core.rights.evaluation.commands", "passages found again"),
    "fingerprint": ("core.rights.evaluation.fingerprint_commands", "recordings found again"),
}
"""What to evaluate, to the module that does it and what is said of it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    subjects = parser.add_subparsers(dest="engine", metavar="ENGINE", required=True)
    for name, (module, about) in SUBJECTS.items():
        sub = subjects.add_parser(name, help=about, allow_abbrev=False)
        commands = import_module(module)
        commands.add_evaluate_arguments(sub)
        sub.set_defaults(run_engine=commands.run_evaluate)


def run(args: argparse.Namespace) -> int:
    code: int = args.run_engine(args)
    return code
