"""Phrases of a melody: where it breathes.

The strength of a boundary behind each note is that of the local boundary detection model (Cambouropoulos, ICMC 2001):
changes of interval, of distance in time and of rest. Phrases are the cut with the most strength on its boundaries less a
price that is low for 2, 4 and 8 bars (dynamic programming), as listeners group regular metre.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.score import Note, Score

_WEIGHTS = (0.25, 0.5, 0.25)
"""Of pitch, distance between onsets, rest: Cambouropoulos's own."""
_LENGTHS = {1: 1.4, 2: 0.35, 3: 0.9, 4: 0.3, 5: 1.2, 6: 1.0, 7: 1.5, 8: 0.9}
"""Bars of a phrase, rounded, to the price of it."""
_LONGEST = 8.5


@dataclass(frozen=True, slots=True)
class Phrase:
    """Ticks `start` to `end` of a phrase, `bars` long; `last` is the pitch 0..127 it ends on."""

    start: int
    end: int
    bars: float
    last: int


def phrases(score: Score) -> tuple[Phrase, ...]:
    """The phrases of the melody, in order.

    Raises:
        FormatError: no pitched track has notes.
    """
    notes = _line(score.melody.notes)
    if len(notes) < 2:
        return (Phrase(notes[0].start, notes[0].end, 1.0, notes[0].pitch),)
    strength = boundary_strength(notes)
    bars = [start for start, _, _ in score.bars]

    def place(tick: int) -> float:
        at = bisect_right(bars, tick) - 1
        start, end, metre = score.bars[at]
        length = metre.bar_ticks if at == 0 and score.pickup else end - start
        return at + (tick - start) / length + (1 - (end - start) / length if at == 0 and score.pickup else 0)

    where = np.array([*(place(note.start) for note in notes), place(max(notes[-1].end - 1, notes[-1].start)) + 1e-6])
    where[-1] = np.ceil(where[-1])
    best = np.full(len(notes) + 1, -np.inf)
    best[0] = 0.0
    came = np.zeros(len(notes) + 1, int)
    first = 0
    for stop in range(1, len(notes) + 1):
        gain = strength[stop - 1] if stop < len(notes) else 0.0
        while where[stop] - where[first] > _LONGEST and first < stop - 1:
            first += 1
        for begin in range(first, stop):
            length = where[stop] - where[begin]
            whole = max(1, round(length))
            value = best[begin] + gain - _LENGTHS.get(whole, 2.0) - 0.8 * abs(length - whole)
            if value > best[stop]:
                best[stop], came[stop] = value, begin
    cuts, at = [len(notes)], len(notes)
    while at:
        at = int(came[at])
        cuts.append(at)
    cuts.reverse()
    return tuple(
        Phrase(notes[a].start, notes[b].start if b < len(notes) else notes[-1].end, round(float(where[b] - where[a]), 2),
               notes[b - 1].pitch)
        for a, b in itertools.pairwise(cuts)
    )


def boundary_strength(notes: list[Note]) -> NDArray[np.float64]:
    """How strongly each note but the last ends a phrase, (N - 1,), 0 to 1 at the strongest place of the melody."""
    pitch = np.abs(np.diff([note.pitch for note in notes])).astype(np.float64)
    onset = np.diff([note.start for note in notes]).astype(np.float64)
    rest = np.maximum(0, [b.start - a.end for a, b in itertools.pairwise(notes)]).astype(np.float64)
    total = sum(weight * _profile(values) for weight, values in zip(_WEIGHTS, (pitch, onset, rest), strict=True))
    strength = np.asarray(total, np.float64)
    top = strength.max()
    return strength / top if top else strength


def _profile(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each value times its changes to both neighbours, at most 1."""
    padded = np.concatenate([values[:1], values, values[-1:]])
    both = padded[1:] + padded[:-1]
    change = np.abs(np.diff(padded)) / np.where(both > 0, both, 1.0)
    found = values * (change[:-1] + change[1:])
    return np.asarray(found / found.max() if found.max() > 0 else found)


def _line(notes: tuple[Note, ...]) -> list[Note]:
    top: dict[int, Note] = {}
    for note in notes:
        if note.start not in top or note.pitch > top[note.start].pitch:
            top[note.start] = note
    return [top[start] for start in sorted(top)]
