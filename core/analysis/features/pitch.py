"""Measures of pitch: range, intervals, scale, contour. None changes when the piece is transposed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.analysis.features.melody import Melody

PENTATONIC = (0, 2, 4, 7, 9)
INTERVAL_LABELS = tuple(f"{step:+d}" for step in range(-12, 13))
DEGREE_LABELS = tuple(str(step) for step in range(12))


def pitch_range(melody: Melody) -> float:
    """Semitones from the lowest to the highest note."""
    return float(np.ptp(melody.pitch))


def used_pitches(melody: Melody) -> float:
    """Number of different pitches."""
    return float(len(np.unique(melody.pitch)))


def mean_interval(melody: Melody) -> float:
    """Mean absolute interval in semitones, 0 for a single note."""
    return _mean(np.abs(melody.intervals))


def unison_share(melody: Melody) -> float:
    """Share of intervals that repeat the note."""
    return _mean(melody.intervals == 0)


def step_share(melody: Melody) -> float:
    """Share of intervals of one or two semitones."""
    size = np.abs(melody.intervals)
    return _mean((size >= 1) & (size <= 2))


def third_share(melody: Melody) -> float:
    """Share of intervals of three or four semitones."""
    size = np.abs(melody.intervals)
    return _mean((size >= 3) & (size <= 4))


def leap_share(melody: Melody) -> float:
    """Share of intervals of five semitones or more."""
    return _mean(np.abs(melody.intervals) >= 5)


def octave_share(melody: Melody) -> float:
    """Share of intervals of twelve semitones or more."""
    return _mean(np.abs(melody.intervals) >= 12)


def rising_share(melody: Melody) -> float:
    """Share of intervals that go up, of those that move."""
    moves = melody.intervals[melody.intervals != 0]
    return _mean(moves > 0)


def turn_share(melody: Melody) -> float:
    """Share of places where the direction turns, among consecutive moves."""
    signs = np.sign(melody.intervals[melody.intervals != 0])
    return _mean(signs[1:] != signs[:-1])


def leap_recovery(melody: Melody) -> float:
    """Share of leaps (five semitones or more) followed by a move in the other direction."""
    size = melody.intervals
    leaps = np.abs(size[:-1]) >= 5
    return _mean(np.sign(size[1:][leaps]) == -np.sign(size[:-1][leaps]))


def arpeggio_share(melody: Melody) -> float:
    """Share of pairs of intervals that both are thirds or fourths in the same direction."""
    size = melody.intervals
    wide = (np.abs(size) >= 3) & (np.abs(size) <= 5)
    return _mean(wide[1:] & wide[:-1] & (np.sign(size[1:]) == np.sign(size[:-1])))


def contour_slope(melody: Melody) -> float:
    """Semitones that the straight line through the melody rises from beginning to end."""
    return float(_curve(melody, 1)[0])


def contour_arch(melody: Melody) -> float:
    """How far the fitted parabola rises above its ends in the middle, in semitones; negative for a valley."""
    return float(-_curve(melody, 2)[0] / 4)


def height_over_last(melody: Melody) -> float:
    """Mean pitch, by duration, above the last note in semitones: low where the tonic lies in the middle."""
    return float(np.average(melody.pitch, weights=melody.duration) - melody.pitch[-1])


def in_scale_share(melody: Melody) -> float:
    """Share of the sounding time on the scale of the key (in minor natural, harmonic and melodic)."""
    return float(melody.duration[melody.in_scale].sum() / melody.duration.sum())


def pentatonic_share(melody: Melody) -> float:
    """Share of the sounding time on the anhemitonic pentatonic scale that fits best."""
    profile = degree_histogram(melody)
    return float(max(np.roll(profile, -shift)[list(PENTATONIC)].sum() for shift in range(12)))


def used_degrees(melody: Melody) -> float:
    """Number of different pitch classes that sound at least a hundredth of the time."""
    return float((degree_histogram(melody) >= 0.01).sum())


def degree_entropy(melody: Melody) -> float:
    """Entropy of the pitch classes by duration, in bits, 0 to log2(12)."""
    return entropy(degree_histogram(melody))


def interval_entropy(melody: Melody) -> float:
    """Entropy of the intervals in bits."""
    return entropy(interval_histogram(melody))


def last_on_tonic(melody: Melody) -> float:
    """1 when the last note is the tonic, else 0."""
    return float(melody.degree[-1] == 0)


def degree_histogram(melody: Melody) -> NDArray[np.float64]:
    """(12,) shares of the sounding time by semitones above the tonic."""
    return np.bincount(melody.degree, melody.duration, 12) / melody.duration.sum()


def interval_histogram(melody: Melody) -> NDArray[np.float64]:
    """(25,) shares of intervals from an octave down to an octave up, wider ones at the ends."""
    counts = np.bincount(np.clip(melody.intervals, -12, 12) + 12, minlength=25).astype(float)
    return counts / max(counts.sum(), 1)


def entropy(shares: NDArray[np.float64]) -> float:
    """Entropy in bits of shares that sum to one (or to zero, then 0)."""
    seen = shares[shares > 0]
    return float(-(seen * np.log2(seen)).sum()) + 0.0


def _curve(melody: Melody, degree: int) -> NDArray[np.float64]:
    """Polynomial through pitch over time 0..1, weighted by duration, highest power first."""
    if len(np.unique(melody.start)) <= degree:
        return np.zeros(degree + 1)
    time = (melody.start - melody.start[0]) / max(melody.start[-1] - melody.start[0], 1)
    return np.polyfit(time, melody.pitch, degree, w=np.sqrt(melody.duration))


def _mean(values: NDArray) -> float:
    return float(np.mean(values)) if len(values) else 0.0
