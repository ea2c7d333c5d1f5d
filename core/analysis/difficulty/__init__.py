"""How hard a piece is, by instrument: rules that can be read, with a grade from 1 to 8 and the hardest bars.

A new instrument is one new file and one line in `INSTRUMENTS`.
"""

from __future__ import annotations

from collections.abc import Callable

from core.analysis.difficulty.guitar import guitar
from core.analysis.difficulty.piano import piano
from core.analysis.difficulty.types import OBSTACLES, Difficulty, Measure, Obstacle
from core.analysis.difficulty.violin import violin
from core.analysis.difficulty.voice import voice
from core.score import Score

__all__ = ["INSTRUMENTS", "OBSTACLES", "Difficulty", "Measure", "Obstacle", "difficulty"]

INSTRUMENTS: dict[str, Callable[[Score], Difficulty]] = {"piano": piano, "violin": violin, "guitar": guitar, "voice": voice}
"""Instrument to its rules."""


def difficulty(score: Score) -> tuple[Difficulty, ...]:
    """What each instrument's rules say.

    Raises:
        FormatError: no pitched notes.
    """
    return tuple(rules(score) for rules in INSTRUMENTS.values())
