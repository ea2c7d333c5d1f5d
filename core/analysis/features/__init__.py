"""Measures of a melody and its chords, each a pure function, by name.

`FEATURES` holds those that give one number, `HISTOGRAMS` those that give shares of labelled classes;
`feature_vector` puts all of them into one dictionary, `mgeval_features` those of Yang and Lerch.
All are relative to key, beat and bar: none changes when a piece is transposed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from core.analysis.features import harmony, pitch, repetition, rhythm
from core.analysis.features.melody import Melody, metrical_level
from core.analysis.features.mgeval import MGEVAL, mgeval_features
from core.score import Score

PITCH: tuple[Callable[[Melody], float], ...] = (
    pitch.pitch_range, pitch.used_pitches, pitch.mean_interval, pitch.unison_share, pitch.step_share, pitch.third_share,
    pitch.leap_share, pitch.octave_share, pitch.rising_share, pitch.turn_share, pitch.leap_recovery, pitch.arpeggio_share,
    pitch.contour_slope, pitch.contour_arch, pitch.height_over_last, pitch.in_scale_share, pitch.pentatonic_share,
    pitch.used_degrees, pitch.degree_entropy, pitch.interval_entropy, pitch.last_on_tonic,
)  # fmt: skip
RHYTHM: tuple[Callable[[Melody], float], ...] = (
    rhythm.notes_per_bar, rhythm.notes_per_beat, rhythm.mean_length, rhythm.rest_share, rhythm.length_variability,
    rhythm.dotted_share, rhythm.snap_share, rhythm.triplet_share, rhythm.even_share, rhythm.on_beat_share,
    rhythm.downbeat_share, rhythm.syncopation, rhythm.length_entropy, rhythm.beats_per_bar, rhythm.compound,
    rhythm.pickup_length, rhythm.last_length,
)  # fmt: skip
REPETITION: tuple[Callable[[Melody], float], ...] = (
    repetition.repeated_bars, repetition.repeated_shapes, repetition.repeated_rhythms, repetition.repeated_pairs,
    repetition.novelty, repetition.longest_repeat,
)  # fmt: skip
HARMONY: tuple[Callable[[Melody], float], ...] = (
    harmony.clash_share, harmony.strong_chord_tones, harmony.weak_chord_tones, harmony.chord_tone_accent,
    harmony.chords_per_bar, harmony.used_chords, harmony.tonic_time, harmony.subdominant_time, harmony.dominant_time,
    harmony.minor_time, harmony.rich_time, harmony.outside_time, harmony.fifth_motion,
)  # fmt: skip

GROUPS: dict[str, tuple[str, ...]] = {
    "pitch": (*(function.__name__ for function in PITCH), "interval", "degree"),
    "rhythm": (*(function.__name__ for function in RHYTHM), "length", "place"),
    "repetition": (*(function.__name__ for function in REPETITION), *(f"repeated_after_{lag}" for lag in (1, 2, 4, 8))),
    "harmony": tuple(function.__name__ for function in HARMONY),
}
"""What a feature is about, to the names in `FEATURES` and `HISTOGRAMS`."""

FEATURES: dict[str, Callable[[Melody], float]] = {
    **{function.__name__: function for function in (*PITCH, *RHYTHM, *REPETITION, *HARMONY)},
    **{f"repeated_after_{lag}": partial(repetition.repeated_after, lag=lag) for lag in (1, 2, 4, 8)},
}
"""Name to measure."""

HISTOGRAMS: dict[str, tuple[tuple[str, ...], Callable[[Melody], NDArray[np.float64]]]] = {
    "interval": (pitch.INTERVAL_LABELS, pitch.interval_histogram),
    "degree": (pitch.DEGREE_LABELS, pitch.degree_histogram),
    "length": (rhythm.LENGTH_LABELS, rhythm.length_histogram),
    "place": (rhythm.PLACE_LABELS, rhythm.place_histogram),
}
"""Name to labels of the classes and the shares in them."""


def feature_vector(score: Score, groups: tuple[str, ...] = tuple(GROUPS)) -> dict[str, float]:
    """Every measure of `groups` by name, classes of histograms as `name.label`; always the same names.

    Measures of harmony are NaN for a piece without chord symbols.

    Raises:
        FormatError: the score has no melody.
        RequestError: its key is not known.
    """
    melody = Melody.of(score)
    values: dict[str, float] = {}
    for group in groups:
        for name in GROUPS[group]:
            if name in FEATURES:
                values[name] = float(FEATURES[name](melody))
            else:
                labels, function = HISTOGRAMS[name]
                values |= {f"{name}.{label}": float(share) for label, share in zip(labels, function(melody), strict=True)}
    return values


__all__ = [
    "FEATURES",
    "GROUPS",
    "HISTOGRAMS",
    "MGEVAL",
    "Melody",
    "feature_vector",
    "metrical_level",
    "mgeval_features",
]
