"""`songloom evaluate ENGINE …`: each engine brings its own options, and so do the subjects that are none."""

from __future__ import annotations

import argparse
from importlib import import_module

from core.engines.registry import COMMANDS as ENGINES

COMMANDS = {
    **ENGINES,
    "taste": "core.taste.evaluation.commands",
    "lyrics": "core.engines.lstm.song.evaluation.commands",
    "feel": "core.engines.feel.commands",
    "transcription": "core.audio.evaluation.commands",
    "key": "core.insight.evaluation.key_commands",
    "style": "core.insight.evaluation.style",
    "emotion": "core.insight.evaluation.emotion",
    "quality": "core.insight.evaluation.quality",
    "originality": "core.rights.evaluation.commands",
    "fingerprint": "core.rights.evaluation.fingerprint_commands",
}
ABOUT = {
    "taste": "recommendations",
    "lyrics": "words set to music",
    "feel": "timing and touch of a band",
    "transcription": "melodies heard in recordings",
    "key": "keys by segment and chords, beside music21",
    "style": "styles recognised",
    "emotion": "moods recognised",
    "quality": "the figure that ranks takes",
    "originality": "passages found again",
    "fingerprint": "recordings found again",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    engines = parser.add_subparsers(dest="engine", metavar="ENGINE", required=True)
    for engine, module in COMMANDS.items():
        about = ABOUT.get(engine, f"the engine {engine}")
        sub = engines.add_parser(engine, help=about, allow_abbrev=False)
        commands = import_module(module)
        commands.add_evaluate_arguments(sub)
        sub.set_defaults(run_engine=commands.run_evaluate)


def run(args: argparse.Namespace) -> int:
    code: int = args.run_engine(args)
    return code
