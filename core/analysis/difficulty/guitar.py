"""The guitar in standard tuning: where the left hand lies, how it moves, which chords it can hold."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np

from core.analysis.difficulty.types import Bars, Difficulty, busy, graded, leap, obstacles, overall, together
from core.score import Score

STRINGS = (40, 45, 50, 55, 59, 64)
FRETS, POSITIONS, FASTEST = 20, 16, 14.0
"""Frets of a string, places of the first finger, onsets a second."""
_STRETCH = 4
"""Frets from the first finger to the last, at most."""
_IMPOSSIBLE = 40.0
_OCTAVE = 12

_SPEED = (1.5, 2.5, 3.5, 4.5, 6.0, 8.0, 10.0)
_POSITION = (1, 2, 4, 5, 7, 9, 12)
_MOVES = (0.0, 0.03, 0.08, 0.15, 0.25, 0.35, 0.45)
_LEAP = (4, 7, 9, 12, 14, 17, 21)
_VOICES = (1.02, 1.2, 1.5, 2.0, 2.5, 3.0, 3.8)


def guitar(score: Score) -> Difficulty:
    """The melody's part, chords and all, on a guitar; one that stays above E3 an octave lower, as guitarists read a staff.

    Raises:
        FormatError: no pitched notes.
    """
    bars, groups = Bars(score), together(score.melody.notes)
    if min(pitches[0] for _, pitches in groups) >= STRINGS[0] + _OCTAVE:
        groups = [(tick, tuple(pitch - _OCTAVE for pitch in pitches)) for tick, pitches in groups]
    wrong: dict[int, tuple[str, int]] = {}
    cost = np.empty((len(groups), POSITIONS))
    for row, (tick, pitches) in enumerate(groups):
        cost[row] = held(pitches)
        if cost[row].min() >= _IMPOSSIBLE:
            low, high = pitches[0] < STRINGS[0], pitches[-1] > STRINGS[-1] + FRETS
            wrong[bars.number(tick)] = ("low", 0) if low else ("high", 0) if high else ("chord", len(pitches))
    path = _moved(cost)
    moves = [abs(a - b) for a, b in itertools.pairwise(path)]
    speed = bars.speed(tick for tick, _ in groups)
    for at in np.flatnonzero(speed > FASTEST):
        wrong.setdefault(int(at) + bars.first, ("speed", round(speed[at])))
    load = speed.copy()
    for (tick, pitches), move in zip(groups[1:], moves, strict=False):
        load[bars.index(tick)] += min(move, 5) * 0.5 + 0.4 * (len(pitches) - 1)
    tops = [pitches[-1] for _, pitches in groups]
    measures = (
        graded("speed", busy(speed), "notes a second", _SPEED),
        graded("highest position", max(path), "fret", _POSITION),
        graded("position shifts", sum(move > 0 for move in moves) / max(len(moves), 1), "of the notes", _MOVES),
        graded("leaps", leap([b - a for a, b in itertools.pairwise(tops)]), "semitones", _LEAP),
        graded("notes at once", float(np.mean([len(pitches) for _, pitches in groups])), "strings", _VOICES),
    )
    return Difficulty("guitar", not wrong, overall(measures), measures, bars.hardest(load), obstacles(wrong))


@lru_cache(maxsize=4096)
def held(pitches: tuple[int, ...]) -> tuple[float, ...]:
    """What it costs to hold these notes with the first finger at each fret 1, 2, …; 40 and more where it cannot be."""
    return tuple(_at(pitches, position) for position in range(1, POSITIONS + 1))


def _at(pitches: tuple[int, ...], position: int) -> float:
    """Notes from the lowest take the lowest free string on which they lie under the hand."""
    if len(pitches) > len(STRINGS):
        return _IMPOSSIBLE + len(pitches)
    string, stretch, missing = 0, 0, 0
    for pitch in pitches:
        for free in range(string, len(STRINGS)):
            fret = pitch - STRINGS[free]
            if fret == 0 or position <= fret <= min(position + _STRETCH, FRETS):
                string = free + 1
                stretch += fret == position + _STRETCH
                break
        else:
            missing += 1
    return 0.05 * position + 0.5 * stretch + (_IMPOSSIBLE * missing)


def _moved(cost: np.ndarray) -> list[int]:
    """The fret of the first finger under every group (Viterbi; a move costs its distance)."""
    places = np.arange(1, POSITIONS + 1)
    apart = np.abs(places[:, None] - places[None, :])
    move = np.where(apart > 0, 0.6 + 0.15 * apart, 0.0)
    best, back = cost[0].copy(), np.zeros(cost.shape, np.int16)
    for at in range(1, len(cost)):
        ways = best[:, None] + move
        back[at] = ways.argmin(0)
        best = ways[back[at], np.arange(POSITIONS)] + cost[at]
    state = int(best.argmin())
    path = [state]
    for at in range(len(cost) - 1, 0, -1):
        state = int(back[at, state])
        path.append(state)
    return [place + 1 for place in reversed(path)]
