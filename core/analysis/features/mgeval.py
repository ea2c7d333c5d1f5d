"""The features of Yang and Lerch, "On the evaluation of generative models in music" (2020), for melodies.

As in the paper each feature is a number, a histogram or a matrix over an excerpt of fixed length, so
that counts compare. Adapted to one voice with a known key: pitch classes are counted from the tonic
(twelve keys of the same tune are the same tune), histograms and matrices sum to one, and times are in
quarter notes instead of seconds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.analysis.features.melody import Melody
from core.score import Score

BARS = 8
"""Bars in an excerpt unless another number is asked for."""

_QUARTERS = np.array([4, 2, 1, 1 / 2, 1 / 4, 3, 3 / 2, 3 / 4, 3 / 8, 4 / 3, 2 / 3, 1 / 3])
"""The paper's twelve note lengths: whole to sixteenth, dotted half to sixteenth, triplet half to eighth."""

Array = NDArray[np.float64]


class Excerpt:
    """The first `bars` full bars of a melody, (N,) arrays; a pick-up is left out.

    Where the melody is silent there, N is 0 and every feature is zero.
    """

    def __init__(self, melody: Melody, bars: int = BARS) -> None:
        inside = (melody.bar >= 0) & (melody.bar < bars)
        self.pitch, self.degree, self.bar = melody.pitch[inside], melody.degree[inside], melody.bar[inside]
        self.quarters = melody.duration[inside] / 480
        self.onset = melody.start[inside] / 480
        self.bars = bars
        self.length_class = np.abs(np.log(self.quarters[:, None] / _QUARTERS)).argmin(1)


def total_used_pitch(excerpt: Excerpt) -> Array:
    """Number of different pitches, (1,)."""
    return np.array([len(np.unique(excerpt.pitch))], float)


def bar_used_pitch(excerpt: Excerpt) -> Array:
    """Number of different pitches in each bar, (bars,); 0 after the end of a shorter piece."""
    pairs = set(zip(excerpt.bar.tolist(), excerpt.pitch.tolist(), strict=True))
    return np.bincount(np.array([bar for bar, _ in pairs], int), minlength=excerpt.bars).astype(float)


def pitch_class_histogram(excerpt: Excerpt) -> Array:
    """Shares of notes by semitones above the tonic, (12,)."""
    return _shares(np.bincount(excerpt.degree, minlength=12))


def pitch_class_transitions(excerpt: Excerpt) -> Array:
    """Shares of pairs of successive notes by pitch class above the tonic, (144,)."""
    return _shares(np.bincount(excerpt.degree[:-1] * 12 + excerpt.degree[1:], minlength=144))


def pitch_range(excerpt: Excerpt) -> Array:
    """Semitones from the lowest to the highest note, (1,)."""
    return np.array([np.ptp(excerpt.pitch) if len(excerpt.pitch) else 0], float)


def average_pitch_interval(excerpt: Excerpt) -> Array:
    """Mean absolute interval in semitones, (1,)."""
    return np.array([np.abs(np.diff(excerpt.pitch)).mean() if len(excerpt.pitch) > 1 else 0.0])


def note_count(excerpt: Excerpt) -> Array:
    """Number of notes, (1,)."""
    return np.array([len(excerpt.pitch)], float)


def bar_note_count(excerpt: Excerpt) -> Array:
    """Number of notes that begin in each bar, (bars,); 0 after the end of a shorter piece."""
    return np.bincount(excerpt.bar, minlength=excerpt.bars).astype(float)


def average_onset_interval(excerpt: Excerpt) -> Array:
    """Mean time from one onset to the next in quarter notes, (1,)."""
    return np.array([np.diff(excerpt.onset).mean() if len(excerpt.onset) > 1 else 0.0])


def note_length_histogram(excerpt: Excerpt) -> Array:
    """Shares of notes by the nearest of twelve lengths, (12,)."""
    return _shares(np.bincount(excerpt.length_class, minlength=12))


def note_length_transitions(excerpt: Excerpt) -> Array:
    """Shares of pairs of successive note lengths, (144,)."""
    return _shares(np.bincount(excerpt.length_class[:-1] * 12 + excerpt.length_class[1:], minlength=144))


MGEVAL: dict[str, Callable[[Excerpt], Array]] = {
    function.__name__: function
    for function in (
        total_used_pitch,
        bar_used_pitch,
        pitch_class_histogram,
        pitch_class_transitions,
        pitch_range,
        average_pitch_interval,
        note_count,
        bar_note_count,
        average_onset_interval,
        note_length_histogram,
        note_length_transitions,
    )
}


def mgeval_features(score: Score, bars: int = BARS) -> dict[str, Array]:
    """Every feature of `MGEVAL` on the first `bars` bars.

    Raises:
        FormatError: the score has no melody.
        RequestError: its key is not known.
    """
    excerpt = Excerpt(Melody.of(score), bars)
    return {name: function(excerpt) for name, function in MGEVAL.items()}


def _shares(counts: NDArray) -> Array:
    return counts / max(counts.sum(), 1)
