"""How much each step of a melody says: bits of surprise under what melodies do as a rule.

A scale or a repeated note is in thousands of pieces and says little; a sixth between two rests says
much. Intervals, and ratios of neighbouring inter-onset times, are each expected from the two before them
(interpolated trigrams, Witten and Bell 1991). The tables are learned from the training split and lie
beside the distributions of likeness (`core.rights.likeness`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.rights.lines import Line

Floats = NDArray[np.float64]
REACH = 12
"""Larger intervals count as an octave's."""
SKIPS = 3
"""Most notes from one to the next that is the same in both melodies."""
MOST_BITS = 8.0

_KINDS = 2 * REACH + 1
_RATIOS = 13
_HALF_OCTAVES = 6


@dataclass(frozen=True, eq=False)
class Surprise:
    """Bits, float64.

    `steps` (25, 25, 25): of an interval after the two before it, by clipped interval + 12. `leaps` (4, 49):
    of the whole interval over 1, 2 or 3 notes, row by number of notes. `ratios` (13, 13, 13): of a ratio of two
    inter-onset times, in half octaves from 1/8 to 8, after the two before it.
    """

    steps: Floats
    leaps: Floats
    ratios: Floats

    def gains(self, line: Line) -> Floats:
        """(4, n): bits of note i when it is reached from note i - d, row d; row 0 and what has no note before are 0."""
        found = np.zeros((SKIPS + 1, line.size))
        steps = np.clip(np.diff(line.pitches), -REACH, REACH) + REACH
        if line.size > 1:
            found[1, 1:] = _read(self.steps, steps, REACH)
        for skip in range(2, SKIPS + 1):
            if line.size > skip:
                leap = np.clip(line.pitches[skip:] - line.pitches[:-skip], -2 * REACH, 2 * REACH) + 2 * REACH
                found[skip, skip:] = self.leaps[skip][leap]
        return np.minimum(found, MOST_BITS)

    def rhythm(self, line: Line) -> Floats:
        """(n,): bits of the ratio of the inter-onset time before note i to the one before that; 0 for the first two."""
        found = np.zeros(line.size)
        if line.size > 2:
            found[2:] = _read(self.ratios, ratio_kinds(line), _HALF_OCTAVES)
        return np.minimum(found, MOST_BITS)


def ratio_kinds(line: Line) -> NDArray[np.int64]:
    """(n - 2,): the ratio of every inter-onset time to the one before, in half octaves, 0..12."""
    times = np.log2(np.maximum(1, np.diff(line.onsets)))
    return np.clip(np.rint(2 * np.diff(times)), -_HALF_OCTAVES, _HALF_OCTAVES).astype(np.int64) + _HALF_OCTAVES


def learn(lines: Iterable[Line]) -> Surprise:
    """Count how melodies go on."""
    three = np.zeros((_KINDS, _KINDS, _KINDS))
    leaps, ratios = np.ones((SKIPS + 1, 2 * 2 * REACH + 1)), np.zeros((_RATIOS, _RATIOS, _RATIOS))
    for line in lines:
        steps = np.clip(np.diff(line.pitches), -REACH, REACH) + REACH
        _count(three, steps)
        for skip in range(1, SKIPS + 1):
            leap = np.clip(line.pitches[skip:] - line.pitches[:-skip], -2 * REACH, 2 * REACH) + 2 * REACH
            np.add.at(leaps[skip], leap, 1)
        if line.size > 2:
            _count(ratios, ratio_kinds(line))
    return Surprise(_bits(three), -np.log2(leaps / leaps.sum(1, keepdims=True)), _bits(ratios))


def _read(bits: Floats, kinds: NDArray[np.int64], before: int) -> Floats:
    """(n,): the bits of each of (n,) kinds after the two before it; before the first there is twice `before`."""
    padded = np.concatenate([[before, before], kinds])
    return bits[padded[:-2], padded[1:-1], padded[2:]]


def _count(three: Floats, kinds: NDArray[np.int64]) -> None:
    """Add the trigrams of (n,) kinds to (k, k, k) counts."""
    np.add.at(three, (kinds[:-2], kinds[1:-1], kinds[2:]), 1)


def _bits(three: Floats) -> Floats:
    """(k, k, k) counts to bits: each order is smoothed by the one below."""
    one = three.sum((0, 1)) + 1
    expected = one / one.sum()
    for counts in (three.sum(0), three):
        total, kinds = counts.sum(-1, keepdims=True), (counts > 0).sum(-1, keepdims=True)
        expected = (counts + np.maximum(1, kinds) * expected) / (total + np.maximum(1, kinds))
    return -np.log2(expected)
