"""How hard a piece is on an instrument: what every instrument's rules give back, and what they share."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.score import Note, Score
from core.score.clock import Clock

HARDEST = 3
"""Bars that are named as the hardest."""
GRADES = 8


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure with the grade 1 to 8 that it alone would give."""

    name: str
    value: float
    unit: str
    grade: int


OBSTACLES = {
    "span": "{} semitones in one hand",
    "notes": "{} notes at once",
    "speed": "{} notes a second",
    "low": "below the instrument's lowest note",
    "high": "above the instrument's highest note",
    "chord": "{} notes that cannot be held together",
    "range": "a range of {} semitones",
}
"""Kind of an obstacle to what it says in English."""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a bar cannot be played as written. `bar` counts as musicians do: 1 is the first full bar, 0 the pick-up.

    `kind` is one of `OBSTACLES`, `value` the number that goes with it.
    """

    bar: int
    kind: str
    value: int = 0


@dataclass(frozen=True, slots=True)
class Difficulty:
    """What the rules say of a piece on one instrument; the grade is a rule of thumb, not an examiner's.

    `grade` runs from 1 to 8 as in graded examinations: the mean of the two highest grades among `measures`, rounded
    down. `hardest` are bars, the hardest first. `melody_alone`: the melody was graded, not all parts of the piece.
    `voice` is the kind of singer that it suits, `inside` the share of the time within that singer's usual range.
    """

    instrument: str
    playable: bool
    grade: int
    measures: tuple[Measure, ...]
    hardest: tuple[int, ...]
    obstacles: tuple[Obstacle, ...] = ()
    melody_alone: bool = False
    voice: str = ""
    inside: float | None = None


def graded(name: str, value: float, unit: str, limits: Sequence[float]) -> Measure:
    """A measure whose grade is 1 plus the number of `limits` (rising, seven of them) that it is above."""
    return Measure(name, round(float(value), 2), unit, 1 + sum(value > limit for limit in limits))


def overall(measures: Sequence[Measure]) -> int:
    """The grade of a piece: the mean of its two highest grades, rounded down."""
    top = sorted((measure.grade for measure in measures), reverse=True)[:2]
    return max(1, min(GRADES, int(sum(top) / len(top))))


class Bars:
    """Bar numbers and lengths of a piece, for tables by bar."""

    def __init__(self, score: Score) -> None:
        self._starts = [start for start, _, _ in score.bars]
        self.first = 0 if score.pickup and len(score.bars) > 1 else 1
        clock = Clock.of(score)
        edges = np.array([*self._starts, score.length])
        self.seconds = np.maximum(np.diff(clock.seconds(edges)), 1e-3)

    def index(self, tick: int) -> int:
        return bisect_right(self._starts, tick) - 1

    def number(self, tick: int) -> int:
        """The bar's number as musicians count."""
        return self.index(tick) + self.first

    def speed(self, onsets: Iterable[int]) -> np.ndarray:
        """Onsets a second in each bar, (bars,)."""
        found = np.zeros(len(self._starts))
        for tick in onsets:
            found[self.index(tick)] += 1
        return found / self.seconds

    def hardest(self, load: np.ndarray) -> tuple[int, ...]:
        """The numbers of the bars with the highest load, those with none left out."""
        order = np.argsort(-load, kind="stable")[:HARDEST]
        return tuple(int(at) + self.first for at in order if load[at] > 0)


def busy(speed: np.ndarray) -> float:
    """The speed that the busiest tenth of the bars reaches; what is played once in a while makes a piece as hard."""
    return float(np.percentile(speed, 90)) if len(speed) else 0.0


def line(notes: Sequence[Note]) -> list[Note]:
    """One note at a time: of notes that begin together the highest."""
    top: dict[int, Note] = {}
    for note in notes:
        if note.start not in top or note.pitch > top[note.start].pitch:
            top[note.start] = note
    return [top[start] for start in sorted(top)]


def together(notes: Iterable[Note]) -> list[tuple[int, tuple[int, ...]]]:
    """(tick, pitches from low to high) of what begins together, in order."""
    found: dict[int, set[int]] = {}
    for note in notes:
        found.setdefault(note.start, set()).add(note.pitch)
    return [(tick, tuple(sorted(found[tick]))) for tick in sorted(found)]


def leap(steps: Sequence[int]) -> float:
    """Semitones that nine in ten steps do not exceed."""
    return float(np.percentile(np.abs(steps), 90)) if len(steps) else 0.0


def obstacles(found: Mapping[int, tuple[str, int]]) -> tuple[Obstacle, ...]:
    """Bar to (kind, value) as obstacles in order."""
    return tuple(Obstacle(bar, *found[bar]) for bar in sorted(found))
