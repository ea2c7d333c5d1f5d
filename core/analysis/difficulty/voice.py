"""The voice: which kind of singer the melody suits, and what it asks of breath and ear."""

from __future__ import annotations

import itertools

import numpy as np

from core.analysis.difficulty.types import Bars, Difficulty, busy, graded, leap, line, obstacles, overall
from core.score import Note, Score
from core.score.clock import Clock

VOICES: dict[str, tuple[int, int]] = {
    "soprano": (60, 81), "mezzo-soprano": (57, 77), "alto": (53, 74), "tenor": (48, 69), "baritone": (45, 65), "bass": (40, 62),
}  # fmt: skip
"""Usual choral ranges as MIDI pitches."""
LOW, HIGH, FASTEST = 36, 86, 10.0
_BREATH = 0.12
"""Seconds of rest that are enough to breathe in."""

_RANGE = (7, 9, 12, 14, 16, 19, 24)
_LEAP = (3, 4, 5, 7, 9, 10, 12)
_LONG = (4, 6, 8, 10, 13, 16, 20)
_SPEED = (1.5, 2.2, 3.0, 4.0, 5.0, 6.5, 8.0)
_CHROMATIC = (0.0, 0.01, 0.03, 0.06, 0.1, 0.15, 0.22)


def voice(score: Score) -> Difficulty:
    """The highest line of the melody's part, sung at its pitch.

    Raises:
        FormatError: no pitched notes.
    """
    notes, bars, clock = line(score.melody.notes), Bars(score), Clock.of(score)
    wrong: dict[int, tuple[str, int]] = {
        bars.number(note.start): ("low" if note.pitch < LOW else "high", 0) for note in notes if not LOW <= note.pitch <= HIGH
    }
    low, high = min(note.pitch for note in notes), max(note.pitch for note in notes)
    breaths = _between_breaths(notes, clock)
    speed = bars.speed(note.start for note in notes)
    for at in np.flatnonzero(speed > FASTEST):
        wrong.setdefault(int(at) + bars.first, ("speed", round(speed[at])))
    steps = [b.pitch - a.pitch for a, b in itertools.pairwise(notes)]
    load = speed.copy()
    for note, step in zip(notes[1:], steps, strict=True):
        load[bars.index(note.start)] += max(0, abs(step) - 4) / 3
    outside = sum(note.pitch % 12 not in score.key.scale for note in notes) / len(notes) if score.key else 0.0
    kind, inside = suits(notes)
    if high - low > 30:
        wrong.setdefault(bars.number(max(notes, key=lambda note: note.pitch).start), ("range", high - low))
    measures = (
        graded("range", high - low, "semitones", _RANGE),
        graded("leaps", leap(steps), "semitones", _LEAP),
        graded("longest breath", max(breaths), "seconds", _LONG),
        graded("speed", busy(speed), "notes a second", _SPEED),
        graded("notes outside the key", outside, "of the notes", _CHROMATIC),
    )
    return Difficulty("voice", not wrong, overall(measures), measures, bars.hardest(load), obstacles(wrong), False, kind, inside)


def suits(notes: list[Note]) -> tuple[str, float]:
    """The kind of voice whose usual range holds most of the time, nearest to its middle, and that share."""
    total = sum(note.duration for note in notes)
    middle = sum(note.pitch * note.duration for note in notes) / total

    def held(span: tuple[int, int]) -> float:
        return sum(note.duration for note in notes if span[0] <= note.pitch <= span[1]) / total

    best = max(VOICES, key=lambda name: (round(held(VOICES[name]), 2), -abs(sum(VOICES[name]) / 2 - middle)))
    return best, held(VOICES[best])


def _between_breaths(notes: list[Note], clock: Clock) -> list[float]:
    """Seconds of singing between rests that are long enough to breathe in."""
    found = []
    begin = clock.seconds(notes[0].start)
    for note, after in zip(notes, [*notes[1:], None], strict=True):
        end = clock.seconds(note.end)
        if after is None or clock.seconds(after.start) - end >= _BREATH:
            found.append(end - begin)
            if after is not None:
                begin = clock.seconds(after.start)
    return found
