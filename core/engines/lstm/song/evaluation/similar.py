"""How like two melodies to the same words are: histograms of pitch and duration, and the distance of their curves.

The definitions of TeleMelody (Ju et al., 2021), as its successors state them: PD and DD are the shared area of two songs'
histograms, MD is dynamic time warping between curves of pitch with their means taken off, by the length of what was written.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from core.score import TICKS_PER_QUARTER, Note

STEP = TICKS_PER_QUARTER // 4
"""Ticks between two points of a curve: a sixteenth."""


def pitch_overlap(made: tuple[Note, ...], real: tuple[Note, ...]) -> float:
    """PD: 0 to 1, over MIDI pitches."""
    return _overlap(Counter(note.pitch for note in made), Counter(note.pitch for note in real))


def duration_overlap(made: tuple[Note, ...], real: tuple[Note, ...]) -> float:
    """DD: 0 to 1, over durations in sixteenths, at least one."""
    return _overlap(*(Counter(max(1, round(note.duration / STEP)) for note in notes) for notes in (made, real)))


def _overlap(one: Counter[int], other: Counter[int]) -> float:
    return sum(min(one[key] / one.total(), other[key] / other.total()) for key in one)


def melody_distance(made: tuple[Note, ...], real: tuple[Note, ...]) -> float:
    """MD: semitones a point of the warped curves, 0 for equal ones."""
    one, other = _curve(made), _curve(real)
    cost = np.abs(one[:, None] - other[None])
    total = np.full((len(one) + 1, len(other) + 1), np.inf)
    total[0, 0] = 0
    for row in range(len(one)):
        above = np.minimum(total[row, 1:], total[row, :-1]) + cost[row]
        left = np.inf
        for column in range(len(other)):
            left = min(above[column], left + cost[row, column])
            total[row + 1, column + 1] = left
    return float(total[-1, -1] / len(one))


def _curve(notes: tuple[Note, ...]) -> NDArray[np.float64]:
    """Pitch at every sixteenth; a rest holds the note before it. Its mean is taken off."""
    ends = [*(note.start for note in notes[1:]), notes[-1].end]
    spans = [max(1, round((end - note.start) / STEP)) for note, end in zip(notes, ends, strict=True)]
    curve = np.repeat([float(note.pitch) for note in notes], spans)
    return curve - curve.mean()
