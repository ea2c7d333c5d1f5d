from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import FormatError
from core.score import Note, Score, Tempo, Track
from core.taste.describe import KINDS, NUMBERS, describe, tempo_word, usual_tempo
from tests.analysis.make import melody, transposed

MAJOR = melody([(72, 1), (76, 1), (79, 1), (76, 1), (74, 1), (77, 1), (71, 1), (72, 1)])
MINOR = melody([(72, 1), (75, 1), (79, 1), (75, 1), (74, 1), (77, 1), (70, 1), (72, 1)], key=(0, "minor"))


def at(score: Score, bpm: float) -> Score:
    return replace(score, tempos=(Tempo(0, bpm),))


def test_words_and_numbers_have_their_places() -> None:
    described = describe(at(MAJOR, 160), "irish-reel", "oneill")
    assert described.words == ("irish-reel", "oneill", "4/4", "major", "fast")
    assert [described.word(kind) for kind in KINDS] == list(described.words)
    assert described.numbers.shape == (len(NUMBERS),)
    assert described.number("log_tempo") == pytest.approx(np.log2(160))
    assert described.number("log_notes_per_second") == pytest.approx(np.log2(160 / 60))
    assert described.number("register") == pytest.approx(np.mean([72, 76, 79, 76, 74, 77, 71, 72]))
    assert described.number("log_bars") == 1
    assert described.number("degree.0") == pytest.approx(0.25)


def test_faster_and_denser_is_more_energetic() -> None:
    eighths = melody([(note, length / 2) for note, length in [(72, 1), (76, 1), (79, 1), (76, 1)] * 4])
    calm, quick, dense = describe(at(MAJOR, 60)), describe(at(MAJOR, 180)), describe(at(eighths, 60))
    assert calm.number("energy") < dense.number("energy") < quick.number("energy")
    assert calm.number("energy") < 0.2


def test_minor_is_sadder_than_major() -> None:
    assert describe(MAJOR).number("valence") > 0.7 > 0.3 > describe(MINOR).number("valence")
    assert describe(MINOR).word("mode") == "minor"


def test_key_is_settled_by_what_sounds() -> None:
    assert describe(replace(MINOR, keys=())).word("mode") == "minor"
    assert describe(replace(MINOR, keys=(replace(MAJOR.keys[0], tonic=3),))).word("mode") == "minor"


def test_key_of_unlabelled_polyphony_is_that_of_all_notes() -> None:
    low = Track(tuple(Note(tick, pitch, 480) for tick in range(0, 3840, 480) for pitch in (48, 51, 55, 60, 63)))
    open_fifths = melody([(72, 2), (79, 2), (72, 2), (72, 2)], key=None)
    assert describe(replace(open_fifths, tracks=(*open_fifths.tracks, low))).word("mode") == "minor"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(40, 90), st.sampled_from([0.25, 0.5, 1, 1.5, 4])), min_size=1, max_size=40),
    st.integers(-12, 12),
    st.floats(20, 400),
)
def test_any_melody_gives_finite_numbers_and_axes_within_bounds(notes: list[tuple[int, float]], step: int, bpm: float) -> None:
    score = at(melody(notes), bpm)
    described, higher = describe(score), describe(replace(transposed(score, step), tempos=score.tempos))
    assert np.isfinite(described.numbers).all()
    assert all(0 <= described.number(axis) <= 1 for axis in ("energy", "valence"))
    unmoved = [index for index, name in enumerate(NUMBERS) if name not in ("register", "valence")]
    assert described.numbers[unmoved] == pytest.approx(higher.numbers[unmoved], abs=1e-4)


def test_nothing_to_hear_is_refused() -> None:
    with pytest.raises(FormatError, match="pitched note"):
        describe(Score())


def test_tempo_classes_and_usual_tempos() -> None:
    assert [tempo_word(bpm) for bpm in (89, 90, 149, 150)] == ["slow", "moderate", "moderate", "fast"]
    assert usual_tempo("irish-reel") == 200
    assert usual_tempo("folk") is None
