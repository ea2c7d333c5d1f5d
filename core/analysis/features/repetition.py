"""Measures of repetition: how much of a melody was heard before."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise

import numpy as np

from core.analysis.features.melody import Melody


def bar_contents(melody: Melody) -> list[tuple[tuple[int, int, int], ...]]:
    """For each full bar its notes as (place, length, height above the tonic); empty for a silent bar."""
    bars: list[list[tuple[int, int, int]]] = [[] for _ in range(melody.bar_count)]
    for bar, *note in zip(melody.bar, melody.place, melody.duration, melody.height, strict=True):
        if bar >= 0:
            bars[bar].append((int(note[0]), int(note[1]), int(note[2])))
    return [tuple(bar) for bar in bars]


def repeated_bars(melody: Melody) -> float:
    """Share of bars with notes that repeat an earlier bar: same rhythm and pitches."""
    return _share_seen(bar_contents(melody))


def repeated_shapes(melody: Melody) -> float:
    """Share of bars with notes that repeat an earlier bar's rhythm and intervals, at any pitch."""
    bars = [tuple((place, length, height - bar[0][2]) for place, length, height in bar) for bar in bar_contents(melody)]
    return _share_seen(bars)


def repeated_rhythms(melody: Melody) -> float:
    """Share of bars with notes that repeat an earlier bar's rhythm."""
    return _share_seen([tuple(note[:2] for note in bar) for bar in bar_contents(melody)])


def repeated_pairs(melody: Melody) -> float:
    """Share of pairs of successive bars that repeat an earlier pair."""
    bars = bar_contents(melody)
    return _share_seen([(a, b) if a and b else () for a, b in pairwise(bars)])


def repeated_after(melody: Melody, lag: int) -> float:
    """Share of bars with notes that repeat the bar `lag` bars before."""
    bars = bar_contents(melody)
    pairs = [(bar, bars[i]) for i, bar in enumerate(bars[lag:]) if bar]
    return sum(new == old for new, old in pairs) / len(pairs) if pairs else 0.0


def novelty(melody: Melody) -> float:
    """Phrases of a Lempel-Ziv (1978) parse of (interval, length) over the number of notes: 1 when
    nothing comes back, lower the more repeats."""
    if len(melody.pitch) < 2:
        return 1.0
    events = list(zip(melody.intervals.tolist(), melody.duration[1:].tolist(), strict=True))
    seen: set[tuple[tuple[int, int], ...]] = set()
    phrase: tuple[tuple[int, int], ...] = ()
    for event in events:
        phrase += (event,)
        if phrase not in seen:
            seen.add(phrase)
            phrase = ()
    return (len(seen) + bool(phrase)) / len(events)


def longest_repeat(melody: Melody) -> float:
    """Notes in the longest run of (interval, length) that comes twice without overlap, over all notes."""
    events = list(zip(melody.intervals.tolist(), melody.duration[1:].tolist(), strict=True))
    count = len(events)
    codes = {event: code for code, event in enumerate(dict.fromkeys(events))}
    coded = np.array([codes[event] for event in events])
    best = 0
    for lag in range(1, count):
        run = min(_longest_run(coded[lag:] == coded[:-lag]), lag)
        best = max(best, run)
    return best / max(count, 1)


def _longest_run(equal: np.ndarray) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], equal.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def _share_seen(bars: Sequence[Hashable]) -> float:
    filled = [bar for bar in bars if bar]
    return 1 - len(set(filled)) / len(filled) if filled else 0.0
