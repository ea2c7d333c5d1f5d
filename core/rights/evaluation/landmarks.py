"""Landmarks of a recording: pairs of spectral peaks (Wang, An industrial-strength audio search algorithm, ISMIR 2003).

A landmark is the frequencies of two peaks and the time between them, as one number, with the time of the first.
Neither loudness nor noise moves peaks, and a cut has those of the recording it is from, all moved by the same time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 11_025
"""Samples a second that landmarks are taken at."""
_FFT, _HOP = 1024, 256
_TALL, _LONG = 15, 9
"""A peak is the highest in this many bins and frames to each side."""
_FLOOR = 1e-3
"""Peaks below this part of the highest are left out."""
FAN = 6
"""Pairs that a peak begins."""
_FAR = 63
_WIDE = 127

Landmarks = NDArray[np.uint32]
"""(n, 2): the number of a landmark and the frame of its first peak, in order of number."""

FRAMES_A_SECOND = RATE / _HOP


def landmarks(samples: NDArray[np.floating]) -> Landmarks:
    """Of mono samples at `RATE`."""
    from scipy.ndimage import maximum_filter

    if len(samples) < _FFT:
        return np.zeros((0, 2), np.uint32)
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float32), _FFT)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FFT).astype(np.float32), axis=1))[:, 4 : _FFT // 2]
    highest = maximum_filter(power, (2 * _LONG + 1, 2 * _TALL + 1), mode="constant")
    times, tones = np.nonzero((power == highest) & (power > _FLOOR * power.max()))
    found = []
    for step in range(1, 40):  # pairs of a peak and the one `step` later in time
        if step >= len(times):
            break
        apart, wide = times[step:] - times[:-step], tones[step:] - tones[:-step]
        near = (apart > 0) & (apart <= _FAR) & (np.abs(wide) <= _WIDE)
        number = (tones[:-step].astype(np.int64) << 14) | (np.clip(wide, -_WIDE, _WIDE) + _WIDE) << 6 | apart
        rows = np.stack([number, times[:-step], np.full(len(number), step), np.arange(len(number))], 1)
        found.append(rows[near])
    if not found:
        return np.zeros((0, 2), np.uint32)
    rows = np.concatenate(found)
    rows = rows[np.lexsort((rows[:, 2], rows[:, 3]))]  # the nearest partners of each peak first
    first = np.flatnonzero(np.r_[True, rows[1:, 3] != rows[:-1, 3]])
    rank = np.arange(len(rows)) - np.repeat(first, np.diff(np.r_[first, len(rows)]))
    kept = rows[rank < FAN, :2].astype(np.uint32)
    return kept[np.lexsort((kept[:, 1], kept[:, 0]))]


def votes(
    query: Landmarks, recordings: Landmarks, owner: NDArray[np.int64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many landmarks a cut shares with each recording at one and the same shift.

    Args:
        recordings: of all recordings together, in order of number.
        owner: (n,) whose each landmark is, 0..count - 1.

    Returns:
        Votes and the shift in frames that has them, per recording.
    """
    best, shifts = np.zeros(count, np.int64), np.zeros(count, np.int64)
    low = np.searchsorted(recordings[:, 0], query[:, 0], "left")
    many = np.searchsorted(recordings[:, 0], query[:, 0], "right") - low
    if not many.sum():
        return best, shifts
    here = np.repeat(np.arange(len(query)), many)
    there = np.repeat(low, many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    shift = recordings[there, 1].astype(np.int64) - query[here, 1].astype(np.int64)
    ballots = np.unique(np.stack([owner[there], shift, here], 1), axis=0)
    places, number = np.unique(ballots[:, :2], axis=0, return_counts=True)
    # A shift between two frames shares its votes with its neighbour.
    following = np.r_[(places[1:, 0] == places[:-1, 0]) & (places[1:, 1] == places[:-1, 1] + 1), False]
    number = number + np.where(following, np.r_[number[1:], 0], 0)
    order = np.argsort(number, kind="stable")
    best[places[order, 0]], shifts[places[order, 0]] = number[order], places[order, 1]
    return best, shifts
