"""From performed time to written time: onsets in seconds, and where the beats fall, to ticks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.score import TICKS_PER_QUARTER

Array = npt.NDArray[np.float64]

_TRIPLET_GAIN = 0.5
"""A beat is read as triplets when that halves the distance to the grid, or better."""
_AUDIBLE = 0.04
"""Onsets this near to a sixteenth, in beats on average, are sixteenths."""


def beat_positions(seconds: Array, beats: Array) -> Array:
    """Positions in beats of times in seconds, both of any length; before the first and after the
    last of the rising `beats` the nearest beat's length goes on.
    """
    index = np.clip(np.searchsorted(beats, seconds, side="right") - 1, 0, len(beats) - 2)
    return index + (seconds - beats[index]) / (beats[index + 1] - beats[index])


def off_grid(positions: Array) -> float:
    """Mean distance of positions in beats to the nearest sixteenth or triplet eighth, 0 to 1/12.

    Positions without any rhythm give 0.052.
    """
    if not len(positions):
        return 0.0
    return float(np.minimum(_distance(positions, 4), _distance(positions, 3)).mean())


def _distance(positions: Array, parts: int) -> Array:
    return np.abs(positions - np.rint(positions * parts) / parts)


def snap(starts: Array, ends: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Starts and ends of notes, in beats, to ticks on a grid of sixteenths or, where a whole beat
    is played so, triplet eighths. Every note lasts at least a triplet eighth or sixteenth.

    Returns:
        Starts and ends in ticks, int64, of the same length as the input.
    """
    triplets = _triplet_beats(starts)
    first, last = _to_ticks(starts, triplets), _to_ticks(ends, triplets)
    shortest = np.where(np.isin(np.floor(starts + 1 / 24).astype(np.int64), triplets), 3, 4)
    return first, np.maximum(last, first + TICKS_PER_QUARTER // shortest)


def _triplet_beats(starts: Array) -> npt.NDArray[np.int64]:
    """The beats whose onsets fit three parts clearly better than four."""
    beats, place = np.unique(np.floor(starts + 1 / 24).astype(np.int64), return_inverse=True)
    counts = np.bincount(place)
    four = np.bincount(place, _distance(starts, 4)) / counts
    three = np.bincount(place, _distance(starts, 3)) / counts
    return beats[(four > _AUDIBLE) & (three < _TRIPLET_GAIN * four)]


def _to_ticks(positions: Array, triplets: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    in_triplet = np.isin(np.floor(positions + 1 / 24).astype(np.int64), triplets)
    parts = np.where(in_triplet, 3, 4)
    ticks = np.rint(positions * parts).astype(np.int64) * (TICKS_PER_QUARTER // parts)
    return np.maximum(ticks, 0)
