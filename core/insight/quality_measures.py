"""What the report of quality measures, and which of it is shown."""

from __future__ import annotations

from dataclasses import replace

from core.analysis.features import Melody, feature_vector
from core.analysis.key import estimate_key
from core.insight.expectation import Expectation
from core.insight.structure import structure
from core.score import Score

SHOWN: dict[str, tuple[str, ...]] = {
    "tonality": ("in_scale_share", "least in scale", "degree_entropy", "surprise of pitch"),
    "rhythm": ("notes_per_beat", "length_entropy", "syncopation", "surprise of rhythm"),
    "repetition": ("repeated_bars", "repeated_rhythms", "novelty"),
    "leaps": ("mean_interval", "leap_share", "wide leaps"),
    "harmony": ("clash_share", "strong_chord_tones"),
    "structure": ("tune goes on", "rhythm alike after 4", "ends of 4 bars longer", "last note longer"),
}
"""Aspect of quality to the measures that stand for it in the report; the overall figure rests on all."""


def measured_without_expectation(score: Score) -> dict[str, float]:
    """Everything but what `Expectation` adds; NaN where a piece cannot tell.

    Raises:
        FormatError: no pitched track has notes.
    """
    keyed = in_key(score)
    return {**feature_vector(keyed), **structure(Melody.of(keyed))}


def measured(score: Score, expectation: Expectation) -> dict[str, float]:
    """Every measure by name; NaN where a piece cannot tell (no chords, too short).

    Raises:
        FormatError: no pitched track has notes.
    """
    return {**measured_without_expectation(score), **expectation.measures(Melody.of(in_key(score)))}


def in_key(score: Score) -> Score:
    """A piece that names no key in the likeliest one."""
    return score if score.key else replace(score, keys=(estimate_key(score),))
