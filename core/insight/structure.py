"""Measures of how the bars of a melody hang together: what comes back and goes on, phrases that close, one key throughout."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.analysis.features import Melody

Floats = NDArray[np.float64]

_SLOTS = 24
"""Moments of a bar at which bars are compared."""
_LAGS = (1, 2, 4, 8)
_PHRASE = 4
"""Bars of a phrase."""
_MOST_BARS = 96
"""Bars that are compared with one another; more of a piece tell little more."""


def structure(melody: Melody) -> dict[str, float]:
    """Every measure by name; NaN where a piece is too short to tell."""
    rhythm, tune = _likeness(melody)
    return {**_returns(rhythm, "rhythm"), **_returns(tune, "tune"), **_phrases(melody), **_joins(melody), **_keys(melody)}


def _likeness(melody: Melody) -> tuple[Floats, Floats]:
    """(B, B) twice: shares of onsets that two bars have in common, and of moments at which the same height sounds."""
    bars = min(melody.bar_count, _MOST_BARS)
    heights = np.full((bars, _SLOTS), np.nan)
    onsets = np.zeros((bars, _SLOTS))
    for bar, place, length, height, whole in zip(
        melody.bar, melody.place, melody.duration, melody.height, melody.bar_ticks, strict=True
    ):
        if 0 <= bar < bars:
            first = min(place * _SLOTS // whole, _SLOTS - 1)
            heights[bar, first : max((place + length) * _SLOTS // whole, first + 1)] = height
            onsets[bar, first] = 1
    common = onsets @ onsets.T
    counts = onsets.sum(1)
    union = counts[:, None] + counts[None] - common
    # A height plus 100 is above 0, so that silence, 0, is only like silence.
    sounding = np.nan_to_num(heights + 100)
    return common / np.maximum(union, 1), (sounding[:, None] == sounding[None]).mean(2)


def _returns(like: Floats, name: str) -> dict[str, float]:
    """How alike bars are at some distances, and whether what is alike stays so in the bar after."""
    bars = len(like)
    values = {f"{name} alike after {lag}": float(np.diagonal(like, lag).mean()) if bars > lag else np.nan for lag in _LAGS}
    here, after = (like[rows, rows_] for rows, rows_ in _pairs(bars))
    goes_on = np.nan
    if len(here) > 5 and here.std() > 0 and after.std() > 0:
        goes_on = float(np.corrcoef(here, after)[0, 1])
    again = here > 0.8
    upper = np.triu_indices(bars, 1)
    return {**values, f"{name} goes on": goes_on,
            f"{name} repeat goes on": float(after[again].mean()) if again.any() else np.nan,
            f"{name} alike": float(like[upper].mean()) if bars > 1 else np.nan,
            f"{name} best return": float(max(np.diagonal(like, lag).mean() for lag in range(1, max(bars // 2, 2)))
                                         if bars > 1 else np.nan)}


def _pairs(bars: int) -> tuple[tuple[NDArray[np.intp], NDArray[np.intp]], tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Indices of pairs of bars, and of the pairs after them."""
    rows, columns = np.triu_indices(max(bars - 1, 0), 1)
    return (rows, columns), (rows + 1, columns + 1)


def _phrases(melody: Melody) -> dict[str, float]:
    """Do the last bars of phrases close: longer last notes, fewer notes, on notes of the tonic triad?"""
    bars = melody.bar_count
    last = [np.flatnonzero(melody.bar == bar)[-1:] for bar in range(bars)]
    ends = np.array([melody.duration[at[0]] / melody.beat[at[0]] if len(at) else np.nan for at in last])
    home = np.array([float(melody.degree[at[0]] in (0, 4, 7, 3)) if len(at) else np.nan for at in last])
    counts = np.array([float((melody.bar == bar).sum()) for bar in range(bars)])
    usual = max(float(melody.beats.mean()), 1e-6)
    values = {}
    for period in (_PHRASE, 2 * _PHRASE):
        closing = np.arange(bars) % period == period - 1
        for what, each in (("longer", ends / usual), ("calmer", -counts / max(counts.mean(), 1e-6)), ("on the triad", home)):
            inside, outside = each[closing], each[~closing]
            known = np.isfinite(inside).any() and np.isfinite(outside).any()
            values[f"ends of {period} bars {what}"] = float(np.nanmean(inside) - np.nanmean(outside)) if known else np.nan
    return {**values, "last note longer": float(melody.beats[-1]) / usual,
            "last bar calmer": float(-counts[-1] / max(counts.mean(), 1e-6)),
            "last note by step": float(abs(melody.intervals[-1]) <= 2) if len(melody.intervals) else np.nan,
            "first note on the triad": float(melody.degree[0] in (0, 3, 4, 7))}


def _joins(melody: Melody) -> dict[str, float]:
    """Moves across bar lines beside those within bars."""
    if len(melody.intervals) < 4:
        return {"leaps into bars": np.nan, "leaps within bars": np.nan, "wide leaps": np.nan, "turns after leaps": np.nan}
    moves = np.abs(melody.intervals)
    across = np.diff(melody.bar) > 0
    wide = moves[:-1] > 7
    back = np.sign(melody.intervals[:-1]) != np.sign(melody.intervals[1:])
    return {"leaps into bars": float(moves[across].mean()) if across.any() else np.nan,
            "leaps within bars": float(moves[~across].mean()) if (~across).any() else np.nan,
            "wide leaps": float((moves > 9).mean()), "turns after leaps": float(back[wide].mean()) if wide.any() else np.nan}


def _keys(melody: Melody) -> dict[str, float]:
    """Whether every stretch of four bars uses the notes that the others use."""
    whole = np.bincount(melody.degree, melody.duration, 12)
    stretches = []
    for begin in range(0, max(melody.bar_count - 1, 1), _PHRASE // 2):
        at = (melody.bar >= begin) & (melody.bar < begin + _PHRASE)
        if at.sum() >= 4:
            here = np.bincount(melody.degree[at], melody.duration[at], 12)
            rest = whole - here
            inside = np.average(melody.in_scale[at], weights=melody.duration[at])
            shared = np.minimum(here / here.sum(), rest / rest.sum()).sum() if rest.sum() > 0 else 1.0
            foreign = here[rest <= 0].sum() / here.sum()
            stretches.append((inside, shared, foreign))
    if not stretches:
        return {"least in scale": np.nan, "least shared notes": np.nan, "foreign notes": np.nan}
    inside_, shared_, foreign_ = np.array(stretches).T
    return {"least in scale": float(inside_.min()), "least shared notes": float(shared_.min()),
            "foreign notes": float(foreign_.max())}
