"""Edit distance of melodies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.analysis.edit_distance import edit_distance, note_distance
from core.score import Note, Score, Track


@pytest.mark.parametrize(("a", "b", "edits"), [
    ("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("abcd", "bcda", 2), ("flaw", "lawn", 2), ("a", "a", 0),
])
def test_known_distances(a: str, b: str, edits: int) -> None:
    assert edit_distance(a, b) == edits


def test_it_is_what_the_textbook_recursion_gives() -> None:
    rng = np.random.default_rng(0)
    for _ in range(30):
        a, b = (rng.integers(0, 3, rng.integers(0, 8)).tolist() for _ in range(2))
        assert edit_distance(a, b) == edit_distance(b, a) == _slowly(tuple(a), tuple(b))


def _slowly(a: tuple[int, ...], b: tuple[int, ...]) -> int:
    if not a or not b:
        return len(a) + len(b)
    return min(_slowly(a[1:], b) + 1, _slowly(a, b[1:]) + 1, _slowly(a[1:], b[1:]) + (a[0] != b[0]))


def test_melodies_differ_by_their_changed_notes() -> None:
    notes = tuple(Note(480 * i, 60 + i, 480) for i in range(8))
    a = Score(tracks=(Track(notes),))
    b = Score(tracks=(Track((*notes[:3], replace(notes[3], pitch=70), *notes[4:])),))
    assert note_distance(a, a) == 0
    assert note_distance(a, b) == 1 / 8
    assert note_distance(a, Score(tracks=(Track(notes[:4]),))) == 0.5
    late = Score(tracks=(Track(tuple(replace(note, start=note.start + 480) for note in notes)),))
    assert note_distance(a, late) == 1
    assert note_distance(a, late, in_time=False) == 0
