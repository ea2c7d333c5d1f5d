"""Melodies as arrays: pitches and onsets of many pieces, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.corpora.fingerprint import melody_line
from core.score import Score

Ints = NDArray[np.int64]


class Line(NamedTuple):
    """One melody of n notes: MIDI pitches and onsets in ticks, both (n,) int64, in order of time.

    `bars` are the ticks at which the bars of its score begin, and the end of the last; empty where nobody asks.
    """

    pitches: Ints
    onsets: Ints
    bars: Ints = np.zeros(0, np.int64)

    @property
    def size(self) -> int:
        return len(self.pitches)


def line_of(score: Score) -> Line:
    """The highest notes of the first pitched track; empty where no track has notes."""
    notes = melody_line(score)
    pitches, onsets = ([getattr(note, name) for note in notes] for name in ("pitch", "start"))
    bars = [*(bar[0] for bar in score.bars), score.length]
    return Line(np.array(pitches, np.int64), np.array(onsets, np.int64), np.array(bars, np.int64))


class Place(NamedTuple):
    """What is known of a piece apart from its notes."""

    id: str
    title: str
    source: str


@dataclass(frozen=True, eq=False)
class Lines:
    """The melodies of pieces, laid end to end: piece k has the notes `starts[k]` to `starts[k + 1]`,
    and likewise bars."""

    places: tuple[Place, ...]
    starts: Ints
    pitches: Ints
    onsets: Ints
    bar_starts: Ints
    bars: Ints

    @classmethod
    def of(cls, pieces: Iterable[tuple[Place, Line]]) -> Lines:
        """Lay melodies end to end; those of fewer than two notes are left out."""
        kept = [(place, line) for place, line in pieces if line.size > 1]
        none = np.zeros(0, np.int64)
        return cls(
            tuple(place for place, _ in kept),
            np.array([0, *accumulate(line.size for _, line in kept)], np.int64),
            np.concatenate([none, *(line.pitches for _, line in kept)]),
            np.concatenate([none, *(line.onsets for _, line in kept)]),
            np.array([0, *accumulate(len(line.bars) for _, line in kept)], np.int64),
            np.concatenate([none, *(line.bars for _, line in kept)]),
        )

    def __len__(self) -> int:
        return len(self.places)

    def line(self, piece: int) -> Line:
        """The melody of one piece."""
        part = slice(int(self.starts[piece]), int(self.starts[piece + 1]))
        bars = slice(int(self.bar_starts[piece]), int(self.bar_starts[piece + 1]))
        return Line(self.pitches[part], self.onsets[part], self.bars[bars])

    def some(self, pieces: Iterable[int]) -> Lines:
        """These pieces alone, in this order."""
        return Lines.of((self.places[piece], self.line(piece)) for piece in pieces)
