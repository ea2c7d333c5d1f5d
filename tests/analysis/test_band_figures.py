"""MuseGAN's figures, harmony and structure of bars made by hand, whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from core.analysis.band_figures import Figure, bars_of, chroma, deviations, figures, tonal_distance
from core.analysis.band_harmony import bass_on_changes, fitting, likeness, phrase_distance, structure
from core.score import ChordSymbol, Note, Score, Track

BAR = 1920


def band(**parts: list[Note]) -> Score:
    return Score(tuple(Track(tuple(notes), name, is_drum=name == "drums") for name, notes in parts.items()),
                 chords=(ChordSymbol(0, 0), ChordSymbol(BAR, 7)))


def test_bars_without_notes_are_empty_and_the_others_have_pitch_classes() -> None:
    score = band(chords=[Note(0, 60, 480), Note(0, 64, 480), Note(480, 72, 480), Note(2 * BAR, 60, 480)], bass=[])
    found = figures([bars_of(score)])
    assert found["empty bars chords"].mean == pytest.approx(1 / 3)
    assert found["empty bars bass"].mean == 1
    assert found["pitch classes chords"] == Figure(1.5, 0.5, 2)
    assert "pitch classes bass" not in found


def test_qualified_notes_are_longer_than_a_sixteenth() -> None:
    score = band(bass=[Note(0, 40, 120), Note(480, 40, 160), Note(960, 40, 480), Note(BAR, 40, 120)])
    found = figures([bars_of(score)])
    assert found["qualified notes bass"].mean == 0.5
    assert found["qualified notes bass"].deviation == pytest.approx(1 / 3)


def test_drums_between_sixteenths_are_not_in_a_pattern() -> None:
    straight = band(drums=[Note(240 * eighth, 42, 120) for eighth in range(8)])
    swung = band(drums=[Note(480 * beat + third, 42, 120) for beat in range(4) for third in (0, 320)])
    beside = band(drums=[Note(500, 42, 120)])
    assert figures([bars_of(straight)])["drum pattern"].mean == 1
    assert figures([bars_of(swung)])["drum pattern"].mean == 0.5
    assert figures([bars_of(beside)])["drum pattern"].mean == pytest.approx(0.1)


def test_tonal_distance_of_harte_et_al() -> None:
    tone = np.eye(12)
    assert tonal_distance(tone[0], tone[0]) == 0
    assert tonal_distance(tone[0], tone[7]) == pytest.approx(1.7372, abs=1e-4)
    assert tonal_distance(tone[0], tone[6]) == pytest.approx(8**0.5)
    assert tonal_distance(tone[2], tone[9]) == pytest.approx(tonal_distance(tone[0], tone[7]))
    assert chroma([Note(0, 60, 300), Note(0, 67, 100)])[[0, 7]].tolist() == [0.75, 0.25]
    score = band(chords=[Note(0, 60, 480)], bass=[Note(0, 42, 480), Note(BAR, 42, 480)])
    found = figures([bars_of(score)])["tonal distance chords bass"]
    assert (found.mean, found.count) == (pytest.approx(8**0.5), 1)


def test_deviations_are_relative_and_absolute_where_the_data_has_zero() -> None:
    data = {"a": Figure(0.5, 0, 1), "b": Figure(0, 0, 1), "c": Figure(2, 0, 1)}
    ours = {"a": Figure(0.6, 0, 1), "b": Figure(0.05, 0, 1), "d": Figure(1, 0, 1)}
    assert deviations(ours, data) == {"a": pytest.approx(0.2), "b": pytest.approx(0.05), "c": 1.0}


def test_chord_tones_and_passing_notes_fit() -> None:
    line = [Note(0, 48, 240), Note(240, 50, 240), Note(480, 52, 240), Note(720, 56, 240), Note(960, 55, 240)]
    assert fitting(band(bass=line)) == (4, 5)
    assert fitting(band(drums=line)) == (0, 0)
    assert fitting(Score((Track(tuple(line), "bass"),))) == (0, 0)


def test_the_bass_on_chord_changes() -> None:
    assert bass_on_changes(band(bass=[Note(0, 36, 480), Note(BAR + 240, 43, 480)])) == (2, 2, 2)
    assert bass_on_changes(band(bass=[Note(0, 40, 480), Note(BAR + 480, 43, 480)])) == (0, 1, 2)


def test_bars_that_come_back_are_alike() -> None:
    def bar(number: int, pitch: int) -> list[Note]:
        return [Note(BAR * number, pitch, 480), Note(BAR * number + 960, 60, 480)]

    score = band(chords=[*bar(0, 50), *bar(1, 51), *bar(2, 50), *bar(3, 51), *bar(4, 53), *bar(5, 54)], bass=[])
    bars = bars_of(score)
    assert likeness(bars[0], bars[2], ("chords", "bass")) == 1
    assert likeness(bars[0], bars[1], ("chords",)) == pytest.approx(1 / 3)
    assert likeness(bars[0], bars[1], ("bass",)) is None
    same, other = structure(bars, ("A1", "A1", "A1", "A1", "B", "B"), ("chords",))
    assert (same, other) == ([], [pytest.approx(1 / 3)] * 2)
    same, _ = structure(bars, ("A", "A", "", "A", "B", "B"), ("chords",))
    assert same == [pytest.approx(1 / 3)]


def test_the_distance_of_phrases_counts_notes_that_only_one_has() -> None:
    one, two = (bars_of(band(chords=[Note(0, 60, 480), Note(480, pitch, 480)])) for pitch in (64, 65))
    assert phrase_distance([one, two], ("chords", "bass"), 10) == 1
    assert phrase_distance([one, one], ("chords",), 10) == 0
    assert phrase_distance([one], ("chords",), 10) == 0
