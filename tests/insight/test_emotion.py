"""Moods recognised by the shipped weights."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import FormatError
from core.insight.emotion import LINE, PLAYED, QUADRANTS, WRITTEN, recognise_mood
from core.insight.played import Played, measures
from core.score import ChordSymbol, Note, Score, Track
from core.score.keyshift import transpose
from tests.insight.tunes import drums, jig, piano

MAJOR = [(48, 64, 67, 72), (53, 65, 69, 72), (55, 62, 67, 71), (48, 64, 67, 72)] * 8
MINOR = [(45, 60, 64, 69), (50, 62, 65, 69), (52, 59, 64, 68), (45, 60, 64, 69)] * 8


def test_fast_and_loud_is_high_slow_and_soft_is_low_arousal() -> None:
    assert recognise_mood(piano(MAJOR * 3, 0.2, 100)).arousal > 0.3
    assert recognise_mood(piano(MAJOR, 1.2, 35)).arousal < -0.3


def test_major_has_higher_valence_than_minor() -> None:
    assert recognise_mood(piano(MAJOR, 0.5, 70)).valence > recognise_mood(piano(MINOR, 0.5, 70)).valence + 0.2


def test_probabilities_make_the_axes() -> None:
    found = recognise_mood(piano(MINOR, 0.8, 50))
    assert tuple(found.probabilities) == QUADRANTS
    assert sum(found.probabilities.values()) == pytest.approx(1)
    assert found.valence == pytest.approx(found.probabilities["Q1"] + found.probabilities["Q4"]
                                          - found.probabilities["Q2"] - found.probabilities["Q3"])
    assert found.confidence == max(found.probabilities.values()) == found.probabilities[found.quadrant]
    assert set(found.because) == {"valence", "arousal"}
    assert found == recognise_mood(piano(MINOR, 0.8, 50))


def test_what_the_notes_tell_decides_which_model_is_asked() -> None:
    played = piano(MAJOR, 0.5, 70)
    even = replace(played, tracks=(Track(tuple(replace(note, velocity=64) for note in played.tracks[0].notes)),))
    kinds = [recognise_mood(score) for score in (played, even, jig())]
    assert [found.kind for found in kinds] == [PLAYED, WRITTEN, LINE]
    assert kinds[0].reliability > kinds[1].reliability > kinds[2].reliability > 0.25
    assert recognise_mood(replace(jig(), chords=(ChordSymbol(0, 7),))).kind == WRITTEN


def test_velocity_does_not_count_where_it_says_nothing() -> None:
    soft, loud = (replace(jig(), tracks=(Track(tuple(replace(note, velocity=velocity) for note in jig().melody.notes)),))
                  for velocity in (30, 110))
    assert recognise_mood(soft).probabilities == recognise_mood(loud).probabilities


def test_drums_alone_have_no_mood() -> None:
    with pytest.raises(FormatError):
        recognise_mood(drums())


def test_one_note_and_many_at_once_get_an_answer() -> None:
    for score in (Score((Track((Note(0, 60, 480),)),)), Score((Track(tuple(Note(0, pitch, 480) for pitch in range(40, 90))),))):
        assert sum(recognise_mood(score).probabilities.values()) == pytest.approx(1)


def test_measures_but_those_of_register_are_the_same_in_another_key() -> None:
    """Pitches are moved by an octave, so that no note changes sides at middle C in one key and not in the other."""
    one, other = (measures(Played.of(transpose(piano(MINOR, 0.5, 70), shift))) for shift in (0, 12))
    same = [name for name in one if name.startswith(("step", "degree", "chord", "gap", "root moves", "velocity mean"))]
    assert len(same) > 40
    assert {name: other[name] for name in same} == pytest.approx({name: one[name] for name in same})
