"""Measures with known answers, and what must not change them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.analysis.features import FEATURES, GROUPS, HISTOGRAMS, Melody, feature_vector, metrical_level, mgeval_features
from core.analysis.features.mgeval import MGEVAL
from core.errors import FormatError, RequestError
from core.score import Metre, Note, Score, Track
from tests.analysis.make import melody, transposed

SCALE = [(60, 1), (62, 1), (64, 1), (65, 1), (67, 1), (69, 1), (71, 1), (72, 1)]


def of(name: str, score: Score) -> float:
    return FEATURES[name](Melody.of(score))


def histogram(name: str, score: Score) -> dict[str, float]:
    labels, function = HISTOGRAMS[name]
    return {label: float(share) for label, share in zip(labels, function(Melody.of(score)), strict=True) if share}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pitch_range", 12), ("used_pitches", 8), ("mean_interval", 12 / 7), ("step_share", 1), ("leap_share", 0),
        ("rising_share", 1), ("turn_share", 0), ("in_scale_share", 1), ("used_degrees", 7),
        ("last_on_tonic", 1), ("pentatonic_share", 6 / 8), ("notes_per_bar", 4), ("notes_per_beat", 1), ("rest_share", 0),
        ("length_variability", 0), ("even_share", 1), ("on_beat_share", 1), ("downbeat_share", 1), ("syncopation", 0),
        ("length_entropy", 0), ("beats_per_bar", 4), ("compound", 0), ("pickup_length", 0), ("last_length", 1),
        ("repeated_bars", 0), ("repeated_shapes", 0.5), ("repeated_rhythms", 0.5), ("height_over_last", -5.75),
    ],
)  # fmt: skip
def test_a_rising_scale(name: str, value: float) -> None:
    assert of(name, melody(SCALE)) == pytest.approx(value, abs=1e-6)


def test_histograms_of_a_rising_scale() -> None:
    assert histogram("interval", melody(SCALE)) == pytest.approx({"+1": 2 / 7, "+2": 5 / 7})
    assert histogram("degree", melody(SCALE)) == pytest.approx(
        {"0": 0.25} | dict.fromkeys(("2", "4", "5", "7", "9", "11"), 0.125)
    )
    assert histogram("length", melody(SCALE)) == {"1": 1.0}
    assert histogram("place", melody(SCALE)) == {"0/12": 0.25, "3/12": 0.25, "6/12": 0.25, "9/12": 0.25}


def test_wide_intervals_go_to_the_ends_of_the_histogram() -> None:
    assert histogram("interval", melody([(40, 1), (80, 1), (40, 1)])) == {"-12": 0.5, "+12": 0.5}
    assert of("octave_share", melody([(40, 1), (80, 1), (40, 1), (41, 1)])) == pytest.approx(2 / 3)


def test_scale_and_pentatonic_are_weighted_by_duration() -> None:
    score = melody([(60, 2), (61, 1), (62, 1)])
    assert of("in_scale_share", score) == 0.75
    assert of("in_scale_share", melody([(68, 1), (69, 1), (71, 1), (70, 1)], key=(9, "minor"))) == 0.75
    assert of("pentatonic_share", melody([(62, 1), (64, 1), (67, 1), (69, 1), (72, 1)])) == 1


def test_contour() -> None:
    arch = melody([(60, 1), (64, 1), (67, 1), (64, 1), (60, 1)])
    assert of("contour_arch", arch) > 4
    assert of("contour_slope", arch) == pytest.approx(0)
    assert of("contour_slope", melody([(60 + 2 * i, 1) for i in range(7)])) == pytest.approx(12)
    valley = melody([(67, 1), (64, 1), (60, 1), (64, 1), (67, 1)])
    assert of("contour_arch", valley) < -4
    assert of("turn_share", arch) == pytest.approx(1 / 3)
    assert of("leap_recovery", melody([(60, 1), (67, 1), (65, 1), (72, 1), (74, 1)])) == 0.5
    assert of("arpeggio_share", arch) == pytest.approx(2 / 3)


def test_dotted_rhythm_and_scotch_snap() -> None:
    dotted = melody([(60, 0.75), (62, 0.25)] * 8)
    assert of("dotted_share", dotted) == 0.5
    assert of("snap_share", dotted) == 0
    snap = melody([(60, 0.25), (62, 0.75)] * 8)
    assert of("snap_share", snap) == 0.5
    assert histogram("length", dotted) == {"1/4": 0.5, "3/4": 0.5}
    assert of("length_variability", dotted) == pytest.approx(100)


def test_jig_time_is_counted_in_dotted_beats() -> None:
    jig = melody([(67, 0.5)] * 12, (6, 8))
    assert histogram("length", jig) == {"1/3": 1.0}
    assert of("notes_per_beat", jig) == 3
    assert (of("beats_per_bar", jig), of("compound", jig), of("triplet_share", jig)) == (2, 1, 0)
    assert of("on_beat_share", jig) == pytest.approx(1 / 3)
    assert of("triplet_share", melody([(67, 1 / 3)] * 12)) == 1


def test_syncopation() -> None:
    assert of("syncopation", melody([(60, 0.5), (62, 1), (64, 0.5), (65, 2)])) > 0
    assert of("syncopation", melody([(60, 2), (62, 2)])) == 0
    over_bar = of("syncopation", melody([(60, 3), (62, 2), (0, 1), (64, 2)]))
    over_half = of("syncopation", melody([(60, 1), (62, 2), (64, 1), (60, 4)]))
    assert over_bar == pytest.approx(2 / 3)
    assert over_half == pytest.approx(1 / 4)


def test_rests() -> None:
    assert of("rest_share", melody([(60, 1), (0, 1), (62, 1), (0, 1), (64, 1)])) == pytest.approx(0.5)
    assert of("downbeat_share", melody([(60, 4), (0, 1), (62, 3)])) == 0.5


@pytest.mark.parametrize(
    ("metre", "levels"),
    [
        ((4, 4), {0: 0, 960: 1, 480: 2, 1440: 2, 240: 3, 120: 4, 160: 8}),
        ((3, 4), {0: 0, 480: 2, 960: 2, 240: 3}),
        ((6, 8), {0: 0, 720: 1, 240: 3, 480: 3, 120: 4}),
    ],
)
def test_metrical_levels(metre: tuple[int, int], levels: dict[int, int]) -> None:
    assert {place: metrical_level(place, Metre(0, *metre)) for place in levels} == levels


def test_a_pick_up_is_no_bar() -> None:
    score = melody([(67, 1), (60, 4), (60, 4)], pickup=1)
    assert of("pickup_length", score) == 1
    assert of("repeated_bars", score) == 0.5
    assert Melody.of(score).bar.tolist() == [-1, 0, 1]
    assert Melody.of(score).place.tolist() == [1440, 0, 0]


def test_repetition() -> None:
    a, b = [(60, 1), (62, 1), (64, 2)], [(67, 2), (65, 2)]
    up = [(pitch + 5, length) for pitch, length in a]
    score = melody(a + b + a + b + up)
    assert of("repeated_bars", score) == pytest.approx(2 / 5)
    assert of("repeated_shapes", score) == pytest.approx(3 / 5)
    assert of("repeated_rhythms", score) == pytest.approx(3 / 5)
    assert of("repeated_pairs", score) == pytest.approx(1 / 4)
    assert of("repeated_after_2", score) == pytest.approx(2 / 3)
    assert of("repeated_after_1", score) == 0
    assert of("longest_repeat", melody((a + b) * 2)) == pytest.approx(4 / 9)


def test_novelty_falls_with_repeats() -> None:
    rng = np.random.default_rng(0)
    new = [(int(p), float(d)) for p, d in zip(rng.integers(50, 80, 64), rng.choice([0.5, 1, 2], 64), strict=True)]
    assert of("novelty", melody(new)) > of("novelty", melody(new[:8] * 8)) > of("novelty", melody([(60, 1)] * 64))


def test_harmony() -> None:
    chords = [(0, 0, "maj"), (4, 7, "7"), (6, None, "maj"), (8, 0, "maj")]
    score = melody([(60, 2), (62, 1), (64, 1), (67, 2), (61, 2), (60, 4)], chords=chords)
    assert of("clash_share", score) == pytest.approx(1 / 10)
    assert of("strong_chord_tones", score) == pytest.approx(4 / 5)
    assert of("tonic_time", score) == pytest.approx(8 / 10)
    assert of("dominant_time", score) == pytest.approx(2 / 10)
    assert of("rich_time", score) == pytest.approx(2 / 10)
    assert (of("minor_time", score), of("outside_time", score), of("used_chords", score)) == (0, 0, 2)
    assert of("chords_per_bar", score) == 1
    assert of("fifth_motion", score) == 0.5


def test_weak_notes_may_pass() -> None:
    score = melody([(60, 0.5), (62, 0.5), (64, 0.5), (65, 0.5), (67, 2)], chords=[(0, 0, "maj")])
    assert of("chord_tone_accent", score) == 1


def test_without_chords_only_harmony_is_unknown() -> None:
    values = feature_vector(melody(SCALE))
    unknown = {name for name, value in values.items() if math.isnan(value)}
    assert unknown == set(GROUPS["harmony"])
    assert set(feature_vector(melody(SCALE), ("rhythm",))) < set(values)


def test_the_highest_of_simultaneous_notes_is_the_melody() -> None:
    score = Score((Track((Note(0, 60, 960), Note(0, 72, 960), Note(480, 74, 480))),), keys=melody(SCALE).keys)
    assert Melody.of(score).pitch.tolist() == [72, 74]
    assert Melody.of(score).duration.tolist() == [480, 480]


def test_a_single_note_has_every_measure() -> None:
    values = feature_vector(melody([(60, 4)], chords=[(0, 0, "maj")]))
    assert all(
        math.isfinite(value)
        for name, value in values.items()
        if name not in ("weak_chord_tones", "chord_tone_accent", "fifth_motion")
    )


def test_refuses_silence_and_unknown_keys() -> None:
    with pytest.raises(RequestError, match="key"):
        feature_vector(melody(SCALE, key=None))
    with pytest.raises(FormatError, match="pitched note"):
        feature_vector(Score(keys=melody(SCALE).keys))


notes = st.lists(st.tuples(st.integers(40, 80), st.sampled_from([0.25, 1 / 3, 0.5, 1.0, 1.5, 3.0])), min_size=1, max_size=40)


@settings(max_examples=40, deadline=None)
@given(notes, st.integers(-11, 11), st.sampled_from(["major", "minor", "dorian"]), st.sampled_from([(4, 4), (6, 8), (3, 4)]))
def test_transposition_changes_no_measure(line: list, shift: int, mode: str, metre: tuple[int, int]) -> None:
    score = melody(line, metre, (2, mode), [(0, 2, "maj"), (2, 7, "min")])
    other = transposed(score, shift)
    assert feature_vector(other) == pytest.approx(feature_vector(score), nan_ok=True, abs=1e-6)
    for (name, ours), theirs in zip(mgeval_features(score).items(), mgeval_features(other).values(), strict=True):
        assert np.allclose(ours, theirs), name


@settings(max_examples=30, deadline=None)
@given(notes)
def test_shares_lie_between_zero_and_one(line: list) -> None:
    values = feature_vector(melody(line, chords=[(0, 0, "maj")]))
    for name, value in values.items():
        if name.endswith(("share", "_time", "repeated_bars")) or "." in name:
            assert math.isnan(value) or -1e-9 <= value <= 1 + 1e-9, name


def test_mgeval_of_a_rising_scale() -> None:
    values = mgeval_features(melody(SCALE))
    assert set(values) == set(MGEVAL)
    assert len(values) == 11
    assert values["total_used_pitch"] == values["note_count"] == 8
    assert values["bar_used_pitch"].tolist() == values["bar_note_count"].tolist() == [4, 4, 0, 0, 0, 0, 0, 0]
    assert values["pitch_range"] == 12
    assert values["average_pitch_interval"] == pytest.approx(12 / 7)
    assert values["average_onset_interval"] == 1
    assert values["pitch_class_histogram"][0] == 0.25
    assert values["pitch_class_transitions"].reshape(12, 12)[11, 0] == pytest.approx(1 / 7)
    assert values["note_length_histogram"].tolist() == [0, 0, 1, *[0] * 9]
    assert values["note_length_transitions"].reshape(12, 12)[2, 2] == 1


def test_mgeval_takes_an_excerpt_without_the_pick_up() -> None:
    score = melody([(55, 1), *[(60 + i, 4) for i in range(12)]], pickup=1)
    assert mgeval_features(score)["note_count"] == 8
    assert mgeval_features(score, bars=4)["pitch_range"] == 3
