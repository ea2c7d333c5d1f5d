"""The violin: strings, positions and shifts, found as the way over the fingerboard that costs least."""

from __future__ import annotations

import itertools

import numpy as np

from core.analysis.difficulty.types import Bars, Difficulty, busy, graded, leap, line, obstacles, overall, together
from core.score import Score

STRINGS = (55, 62, 69, 76)
BASES = (2, 4, 5, 7, 9, 11, 12, 14, 16, 17, 19)
"""Semitones above the open string under the first finger, from the first position on."""
LOW, HIGH, FASTEST = 55, 103, 14.0
_REACH = 6
_SHIFT, _FURTHER, _CROSS, _HIGH_UP = 1.0, 0.25, 0.25, 0.06

_SPEED = (1.5, 2.5, 3.5, 4.5, 6.0, 8.0, 10.0)
_POSITION = (1, 1.5, 2, 3, 4, 5, 7)
_SHIFTS = (0.0, 0.02, 0.06, 0.12, 0.2, 0.3, 0.4)
_LEAP = (4, 5, 7, 9, 12, 14, 17)
_DOUBLE = (0.0, 0.01, 0.03, 0.08, 0.15, 0.25, 0.4)
_SHARPS = (1, 2, 3, 4, 5, 5.5, 5.8)

_STATES = [(string, place) for string in range(len(STRINGS)) for place in range(len(BASES))]


def violin(score: Score) -> Difficulty:
    """The melody's part on a violin: two notes at once on neighbouring strings, three or four as broken chords.

    Raises:
        FormatError: no pitched notes.
    """
    notes = score.melody.notes
    bars, top, groups = Bars(score), line(notes), together(notes)
    wrong: dict[int, tuple[str, int]] = {}
    doubles = 0
    for tick, pitches in groups:
        if pitches[0] < LOW:
            wrong[bars.number(tick)] = ("low", 0)
        elif pitches[-1] > HIGH:
            wrong[bars.number(tick)] = ("high", 0)
        elif len(pitches) > 4 or any(b - a > 16 for a, b in itertools.pairwise(pitches)):
            wrong[bars.number(tick)] = ("chord", len(pitches))
        doubles += len(pitches) > 1
    path = _fingered([note.pitch for note in top])
    shifts = [a != b for a, b in itertools.pairwise(path)]
    speed = bars.speed(note.start for note in top)
    for at in np.flatnonzero(speed > FASTEST):
        wrong.setdefault(int(at) + bars.first, ("speed", round(speed[at])))
    load = speed.copy()
    for note, before, now in zip(top[1:], path, path[1:], strict=False):
        load[bars.index(note.start)] += (before != now) * 1.0 + 0.3 * now
    steps = [b.pitch - a.pitch for a, b in itertools.pairwise(top)]
    measures = (
        graded("speed", busy(speed), "notes a second", _SPEED),
        graded("highest position", max(path) + 1, "position", _POSITION),
        graded("position shifts", sum(shifts) / max(len(shifts), 1), "of the notes", _SHIFTS),
        graded("leaps", leap(steps), "semitones", _LEAP),
        graded("double stops", doubles / len(groups), "of the notes", _DOUBLE),
        graded("sharps or flats", abs(score.key.fifths) if score.key else 0, "in the signature", _SHARPS),
    )
    return Difficulty("violin", not wrong, overall(measures), measures, bars.hardest(load), obstacles(wrong))


def _fingered(pitches: list[int]) -> list[int]:
    """The position (0 the first) of every note on the cheapest way (Viterbi over string and position)."""
    count = len(_STATES)
    strings = np.array([string for string, _ in _STATES])
    places = np.array([place for _, place in _STATES])
    apart = np.abs(places[:, None] - places[None, :])
    move = np.where(apart > 0, _SHIFT + _FURTHER * apart, 0.0) + _CROSS * np.abs(strings[:, None] - strings[None, :])
    base = np.array([BASES[place] for place in places])
    opened = np.array([STRINGS[string] for string in strings])
    offsets = np.array(pitches)[:, None] - opened[None, :]
    held = (offsets >= base - 1) & (offsets <= base + _REACH) | (offsets == 0)
    cost = np.where(held, _HIGH_UP * places, 50.0 + np.abs(offsets - base))
    best, back = cost[0].copy(), np.zeros((len(pitches), count), np.int16)
    for at in range(1, len(pitches)):
        ways = best[:, None] + move
        back[at] = ways.argmin(0)
        best = ways[back[at], np.arange(count)] + cost[at]
    state = int(best.argmin())
    path = [state]
    for at in range(len(pitches) - 1, 0, -1):
        state = int(back[at, state])
        path.append(state)
    return [int(places[state]) for state in reversed(path)]
