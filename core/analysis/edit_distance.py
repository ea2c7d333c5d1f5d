"""How far two melodies are apart: the least number of notes to put in, take out or change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.score import Score


def note_distance(a: Score, b: Score, *, in_time: bool = True) -> float:
    """Edit distance (Levenshtein) of two melodies over the notes of the longer, 0 to 1.

    Two notes are equal when start, pitch and length are; where they begin counts for nothing without `in_time`.

    Raises:
        FormatError: one has no melody.
    """
    ours, theirs = ([(note.start * in_time, note.pitch, note.duration) for note in score.melody.notes] for score in (a, b))
    return edit_distance(ours, theirs) / max(len(ours), len(theirs))


def edit_distance(a: Sequence[object], b: Sequence[object]) -> int:
    """Insertions, deletions and substitutions that turn one row into the other."""
    codes = {symbol: code for code, symbol in enumerate(dict.fromkeys([*a, *b]))}
    ours, theirs = (np.array([codes[symbol] for symbol in row], np.int64) for row in (a, b))
    places = np.arange(len(theirs) + 1)
    row = places.copy()
    for symbol in ours:
        kept = np.minimum(row[:-1] + (theirs != symbol), row[1:] + 1)
        row = np.concatenate(([row[0] + 1], kept))
        # An insertion may follow any place to its left.
        row = np.minimum.accumulate(row - places) + places
    return int(row[-1])
