"""Measures of rhythm: lengths relative to the beat, accents, syncopation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.analysis.features.melody import Melody
from core.analysis.features.pitch import entropy

LENGTHS = (1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 3.0, 4.0)
"""Classes of note length in beats; a length belongs to the nearest by ratio."""

LENGTH_LABELS = ("1/6", "1/4", "1/3", "1/2", "2/3", "3/4", "1", "4/3", "3/2", "2", "3", "4")
PLACE_LABELS = tuple(f"{part}/12" for part in range(12))
_CLOSE = 0.02  # beats: tolerance for lengths rounded to ticks


def notes_per_bar(melody: Melody) -> float:
    """Mean number of onsets in a full bar."""
    return float((melody.bar >= 0).sum() / max(melody.bar_count, 1))


def notes_per_beat(melody: Melody) -> float:
    """Onsets per beat, from the first onset to the end of the last note."""
    span = melody.start[-1] + melody.duration[-1] - melody.start[0]
    return float(len(melody.start) * melody.beat.mean() / span)


def mean_length(melody: Melody) -> float:
    """Mean length of a note in beats."""
    return float(melody.beats.mean())


def rest_share(melody: Melody) -> float:
    """Share of the time between the first and the last onset in which nothing sounds."""
    span = melody.start[-1] - melody.start[0]
    return float(1 - melody.duration[:-1].sum() / span) if span else 0.0


def length_variability(melody: Melody) -> float:
    """nPVI: mean contrast between successive inter-onset intervals, 0..200 (Grabe and Low 2002;
    Patel and Daniele 2003 for music)."""
    gaps = melody.gaps
    if len(gaps) < 2:
        return 0.0
    return float(100 * np.mean(2 * np.abs(gaps[1:] - gaps[:-1]) / (gaps[1:] + gaps[:-1])))


def dotted_share(melody: Melody) -> float:
    """Share of successive onsets in the ratio three to one: a dotted note and its short companion."""
    gaps = melody.gaps
    return _mean(np.abs(gaps[:-1] - 3 * gaps[1:]) < _CLOSE)


def snap_share(melody: Melody) -> float:
    """Share of successive onsets in the ratio one to three with the short one on a beat: the Scotch snap."""
    gaps, on_beat = melody.gaps, melody.level[:-2] <= 2
    return _mean((np.abs(3 * gaps[:-1] - gaps[1:]) < _CLOSE) & on_beat)


def triplet_share(melody: Melody) -> float:
    """Share of notes whose length is thirds or sixths of a beat, but no half or quarter of one; 0 in
    compound metres, where thirds are the rule."""
    if compound(melody):
        return 0.0
    twelfths = melody.beats * 12
    return _mean((np.abs(twelfths % 2) < _CLOSE) & (np.abs(twelfths % 3 - 1.5) < 1.5 - _CLOSE))


def even_share(melody: Melody) -> float:
    """Share of successive inter-onset intervals that are equal."""
    gaps = melody.gaps
    return _mean(np.abs(gaps[1:] - gaps[:-1]) < _CLOSE)


def on_beat_share(melody: Melody) -> float:
    """Share of onsets on a beat."""
    return _mean(melody.level <= 2)


def downbeat_share(melody: Melody) -> float:
    """Share of full bars in which a note begins on the bar line."""
    return float(len(np.unique(melody.bar[(melody.level == 0) & (melody.bar >= 0)])) / max(melody.bar_count, 1))


def syncopation(melody: Melody) -> float:
    """Mean strength of syncopation per note: by how many metrical levels the strongest position that a
    note sounds through without a new onset is above that of its onset (after Longuet-Higgins and Lee 1984)."""
    stop = melody.place + melody.duration  # counted from the bar line before the onset
    half = melody.bar_ticks // 2
    even = melody.bar_ticks // melody.beat % 2 == 0
    passed = np.full(len(stop), 9)
    passed[(melody.place // melody.beat + 1) * melody.beat < stop] = 2
    passed[even & (melody.place < half) & (half < stop)] = 1
    passed[melody.bar_ticks < stop] = 0
    return float(np.maximum(melody.level - passed, 0).mean())


def length_entropy(melody: Melody) -> float:
    """Entropy of the classes of note length in bits."""
    return entropy(length_histogram(melody))


def beats_per_bar(melody: Melody) -> float:
    """Felt beats in a bar: 2 in 6/8."""
    return melody.metre.bar_ticks / melody.metre.beat_ticks


def compound(melody: Melody) -> float:
    """1 in metres whose beat falls into three, else 0."""
    return float(melody.metre.beat_ticks * melody.metre.denominator != 1920)


def pickup_length(melody: Melody) -> float:
    """Beats before the first bar line."""
    before = melody.bar < 0
    return float(((melody.bar_ticks[0] - melody.place[0]) / melody.beat[0]) if before.any() else 0.0)


def last_length(melody: Melody) -> float:
    """Length of the last note in beats."""
    return float(melody.beats[-1])


def length_histogram(melody: Melody) -> NDArray[np.float64]:
    """(12,) shares of notes in the classes of `LENGTHS`."""
    classes = np.abs(np.log(melody.beats[:, None] / np.array(LENGTHS))).argmin(1)
    return np.bincount(classes, minlength=len(LENGTHS)) / len(classes)


def place_histogram(melody: Melody) -> NDArray[np.float64]:
    """(12,) shares of onsets by twelfths of the bar."""
    twelfths = np.minimum(melody.place * 12 // melody.bar_ticks, 11)
    return np.bincount(twelfths, minlength=12) / len(twelfths)


def _mean(values: NDArray) -> float:
    return float(np.mean(values)) if len(values) else 0.0
