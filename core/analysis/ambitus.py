"""Range and tessitura of a piece and of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import FormatError
from core.score import Note, Score


@dataclass(frozen=True, slots=True)
class Ambitus:
    """Lowest and highest pitch 0..127, and the tessitura: between which pitches the middle half of the time lies."""

    low: int
    high: int
    tessitura: tuple[int, int]
    middle: float
    """Mean pitch, weighted by length."""

    @property
    def semitones(self) -> int:
        return self.high - self.low


def ambitus(notes: Sequence[Note]) -> Ambitus:
    """The range of notes.

    Raises:
        FormatError: there are none.
    """
    if not notes:
        raise FormatError("A range needs pitched notes", "this piece has none")
    pitches = np.array([note.pitch for note in notes])
    lengths = np.array([note.duration for note in notes], np.float64)
    order = np.argsort(pitches, kind="stable")
    share = np.cumsum(lengths[order]) / lengths.sum()
    low, high = (int(pitches[order][min(int(np.searchsorted(share, at)), len(order) - 1)]) for at in (0.25, 0.75))
    return Ambitus(int(pitches.min()), int(pitches.max()), (low, high), float((pitches * lengths).sum() / lengths.sum()))


def ranges(score: Score) -> tuple[tuple[str, Ambitus], ...]:
    """(name, range) of every pitched part with notes."""
    return tuple(
        (track.name or f"{index + 1}", ambitus(track.notes))
        for index, track in enumerate(score.tracks)
        if track.notes and not track.is_drum
    )
