"""A melody as arrays: what every measure is computed from."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.score import ChordSymbol, Key, Metre, Score

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Melody:
    """One voice of N notes in order. All arrays are (N,) integers; times are ticks.

    `degree` is semitones above the tonic 0..11 and `height` semitones above the tonic nearest middle
    C, both by the key in force; `place` is counted from the bar line (in a pick-up from where it
    would be), `beat` and `bar_ticks` are the lengths of a beat and a bar there; `level` is the metrical level of the onset:
    0 the bar line, 1 its half where the metre has one, 2 another beat, 3 and more within the beat.
    `bar` numbers the bars from 0 with the pick-up as -1; `bar_count` counts full bars.
    """

    pitch: Ints
    start: Ints
    duration: Ints
    degree: Ints
    height: Ints
    in_scale: NDArray[np.bool_]
    bar: Ints
    place: Ints
    beat: Ints
    bar_ticks: Ints
    level: Ints
    bar_count: int
    end: int
    metre: Metre
    keys: tuple[Key, ...]
    chords: tuple[ChordSymbol, ...]

    @classmethod
    def of(cls, score: Score) -> Melody:
        """The first pitched track with notes; of notes that sound together the highest.

        Raises:
            FormatError: there is no such track.
            RequestError: the key is not known.
        """
        if score.key is None:
            raise RequestError("These measures are relative to the key", "the key of the piece is not known", "Set a key first")
        notes = _skyline(score)
        bars, first_full = score.bars, int(bool(score.pickup) and len(score.bars) > 1)
        starts, key_ticks = [bar[0] for bar in bars], [key.tick for key in score.keys]
        rows = []
        for start, pitch, duration in notes:
            index = bisect_right(starts, start) - 1
            begin, end, metre = bars[index]
            place = start - begin
            if index == 0 and score.pickup:
                place += metre.bar_ticks - (end - begin)
            key = score.keys[max(bisect_right(key_ticks, start) - 1, 0)]
            rise = pitch - 60 - (key.tonic if key.tonic <= 6 else key.tonic - 12)
            inside = pitch % 12 in key.scale
            level = metrical_level(place, metre)
            where = (index - first_full, place, metre.beat_ticks, metre.bar_ticks, level)
            rows.append((pitch, start, duration, rise % 12, rise, inside, *where))
        pitches, starts_at, lengths, degree, height, inside_scale, bar, places, beats, bar_ticks, levels = (
            np.array(column) for column in zip(*rows, strict=True)
        )
        return cls(
            pitches, starts_at, lengths, degree, height, inside_scale, bar, places, beats, bar_ticks, levels,
            len(bars) - first_full, score.length, bars[first_full][2], score.keys, score.chords,
        )  # fmt: skip

    @property
    def intervals(self) -> Ints:
        """(N - 1,) semitones from each note to the next."""
        return np.diff(self.pitch)

    @property
    def beats(self) -> NDArray[np.float64]:
        """(N,) lengths in beats."""
        return self.duration / self.beat

    @property
    def gaps(self) -> NDArray[np.float64]:
        """(N - 1,) beats from each onset to the next."""
        return np.diff(self.start) / self.beat[:-1]


def metrical_level(place: int, metre: Metre) -> int:
    """0 for the bar line, 1 for the half of a bar of four or twelve, 2 for a beat, then one more for
    every division of the beat (by three in compound metres, else by two); 8 for what fits none."""
    if place == 0:
        return 0
    beats = metre.bar_ticks // metre.beat_ticks
    if beats % 2 == 0 and place % (metre.bar_ticks // 2) == 0:
        return 1
    unit = Fraction(metre.beat_ticks)
    compound = metre.denominator >= 8 and metre.numerator % 3 == 0
    for level in range(2, 8):
        if place % unit == 0:
            return level
        unit /= 3 if compound and level == 2 else 2
    return 8


def _skyline(score: Score) -> list[tuple[int, int, int]]:
    """(start, pitch, duration) with one note at a time."""
    top: list[tuple[int, int, int]] = []
    for note in score.melody.notes:  # in order of start, then pitch
        if top and top[-1][0] == note.start:
            top.pop()
        elif top and top[-1][0] + top[-1][2] > note.start:
            start, pitch, _ = top.pop()
            top.append((start, pitch, note.start - start))
        top.append((note.start, note.pitch, note.duration))
    return top
