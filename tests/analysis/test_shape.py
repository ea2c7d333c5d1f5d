"""Phrases, form, range and metre of pieces whose answers are plain to see."""

from __future__ import annotations

import random

import pytest

from core.analysis.ambitus import ambitus, ranges
from core.analysis.form import MAX_BARS, form
from core.analysis.metre import guess_metre
from core.analysis.phrases import phrases
from core.errors import FormatError, LimitError
from core.score import Metre, Note, Score, Track
from tests.analysis.make import melody

A = [(60, 1), (62, 1), (64, 1), (65, 1), (67, 1), (65, 1), (64, 1), (62, 1), (60, 1), (64, 1), (67, 1), (64, 1), (60, 3), (0, 1)]
B = [(72, 0.5), (71, 0.5)] * 4 + [(69, 2), (67, 2), (72, 0.5), (71, 0.5)] * 1 + [(69, 1), (67, 1), (65, 1), (64, 3), (0, 1)]


def test_phrases_end_where_the_melody_rests() -> None:
    found = phrases(melody(A * 4))
    assert [round(phrase.bars) for phrase in found] == [4, 4, 4, 4]
    assert [phrase.start for phrase in found] == [0, 4 * 1920, 8 * 1920, 12 * 1920]
    assert all(phrase.last == 60 for phrase in found)


def test_one_note_is_one_phrase() -> None:
    (phrase,) = phrases(melody([(60, 1)]))
    assert phrase.last == 60


def test_the_form_of_a_song() -> None:
    other = [(79, 0.5), (76, 0.5), (77, 0.5), (74, 0.5), (76, 2)] * 4
    found = form(melody(A + A + other + A))
    assert found.letters == "A A B A"
    assert found.likeness.shape == (16, 16)
    assert found.likeness[0, 4] == 1


def test_the_form_has_a_limit_and_needs_notes() -> None:
    long = Score((Track(tuple(Note(bar * 1920, 60 + bar % 12, 480) for bar in range(MAX_BARS + 1))),))
    with pytest.raises(LimitError):
        form(long)
    with pytest.raises(FormatError):
        form(Score((Track((Note(0, 36, 480),), is_drum=True),)))


def test_range_and_tessitura() -> None:
    found = ambitus([Note(0, 60, 100), Note(100, 72, 1000), Note(1100, 48, 100)])
    assert (found.low, found.high, found.semitones, found.tessitura) == (48, 72, 24, (72, 72))
    named = ranges(Score((Track((Note(0, 60, 480),), name="Voice"), Track((Note(0, 36, 480),), is_drum=True))))
    assert [(name, span.low) for name, span in named] == [("Voice", 60)]
    with pytest.raises(FormatError):
        ambitus([])


@pytest.mark.parametrize(("metre", "pattern"), [((3, 4), (2, 1)), ((6, 8), (1, 0.5, 1, 0.5)), ((4, 4), (1, 0.5, 0.5, 2))])
def test_plain_metres_are_heard_where_the_file_is_silent(metre: tuple[int, int], pattern: tuple[float, ...]) -> None:
    rng = random.Random(3)
    bar = metre[0] * 4 / metre[1]
    notes: list[tuple[int, float]] = []
    for index in range(16):
        lengths = pattern if index % 4 != 3 else (bar,)
        notes += [(rng.choice((60, 62, 64, 65, 67)), length) for length in lengths]
    told = melody(notes, metre)
    silent = Score(told.tracks, metres=(Metre(0, 4, 4),))
    assert str(guess_metre(silent).metre) == "{}/{}".format(*metre)
