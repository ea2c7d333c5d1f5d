"""What is measured of scores that a band plays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.analysis.band_figures import Bar, Figure, bars_of, figures
from core.analysis.band_harmony import bass_on_changes, fitting, phrase_distance, structure
from core.corpora.band_styles import BACKING
from core.score import Score

PHRASE = 4
"""Bars."""
PAIRS = 4000
"""Pairs of phrases whose distance is taken."""


@dataclass(frozen=True)
class Measured:
    """All figures of some scores."""

    bars: int
    figures: dict[str, Figure]
    hamming: float
    fitting: float
    """Share of accompaniment notes that fit their chord."""
    bass: float
    """Share of chord changes on which the bass, where it begins a note within a beat, begins with root or written bass."""
    answered: float
    """Share of chord changes on which it begins one."""
    same: float
    """Likeness of bars at the same place of two sections with the same melody."""
    other: float
    """Likeness of bars at the same place of two sections with different ones."""

    @property
    def structure(self) -> float:
        return self.same - self.other


def measure(scores: Sequence[Score], letters: Sequence[Sequence[str]], counts: Sequence[int] | None = None) -> Measured:
    """Measure scores; `letters` of each has the section letter of every bar, `counts` says how many bars of each count."""
    bars = [bars_of(score) for score in scores]
    if counts is not None:
        bars = [piece[:count] for piece, count in zip(bars, counts, strict=True)]
    fit = np.sum([fitting(score) for score in scores], axis=0)
    right, answered, changes = np.sum([bass_on_changes(score) for score in scores], axis=0)
    same: list[float] = []
    other: list[float] = []
    for piece, names in zip(bars, letters, strict=True):
        one, two = structure(piece, names, BACKING)
        # A piece counts once, however many sections it has.
        same += [float(np.mean(one))] if one and two else []
        other += [float(np.mean(two))] if one and two else []
    return Measured(
        bars=sum(map(len, bars)),
        figures=figures(bars),
        hamming=phrase_distance(phrases(scores, bars), BACKING, PAIRS),
        fitting=float(fit[0] / max(fit[1], 1)),
        bass=float(right / max(answered, 1)),
        answered=float(answered / max(changes, 1)),
        same=float(np.mean(same)) if same else 0.0,
        other=float(np.mean(other)) if other else 0.0,
    )


def phrases(scores: Sequence[Score], bars: Sequence[Sequence[Bar]]) -> list[Sequence[Bar]]:
    """Phrases of four bars of the scores in 4/4, one after the other."""
    return [
        piece[first : first + PHRASE]
        for score, piece in zip(scores, bars, strict=True) if str(score.metres[0]) == "4/4"
        for first in range(0, len(piece) - PHRASE + 1, PHRASE)
    ]  # fmt: skip
