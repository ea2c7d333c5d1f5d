"""Which style does a piece sound like, or none of them?

The answer rests on the melody alone (pitch, rhythm and repetition of `core.analysis.features`, and what a network reads in its
notes, `core.insight.tune`), so that it is the same for a tune and for its arrangement. Weights of free collections alone go
without the network, which learned from all of them. All styles are taken to be equally likely beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from core import weights
from core.analysis.features import feature_vector
from core.analysis.key import estimate_key
from core.insight import tune
from core.insight.files import FOLDER
from core.insight.linear import UNNAMED, Floats, Linear, Reason, against_rest
from core.score import Score

GROUPS = ("pitch", "rhythm", "repetition")
"""What is judged by: not harmony, since the chords of many tunes were written by the harmoniser."""

NONE = "none"
"""The answer for music that is none of the styles that were learned."""

ALL, FREE = "style-all", "style-free"
"""Weight sets: learned from every collection, and from free ones only."""


@dataclass(frozen=True)
class Recognition:
    """`probabilities` by style id in alphabetical order, `none` among them, summing to one. `because` holds the measures that
    spoke for the likeliest one, signed. `judged` is False where nothing was judged: a piece without pitched notes is none."""

    probabilities: dict[str, float]
    because: tuple[Reason, ...] = ()
    judged: bool = True

    @property
    def style(self) -> str:
        """The likeliest id."""
        return max(self.probabilities, key=lambda style: self.probabilities[style])

    @property
    def confidence(self) -> float:
        """Its probability, 0 to 1."""
        return self.probabilities[self.style]

    @property
    def ranked(self) -> tuple[tuple[str, float], ...]:
        """Ids with probabilities, the likeliest first."""
        return tuple(sorted(self.probabilities.items(), key=lambda item: (-item[1], item[0])))


def recognise_style(score: Score, free_only: bool = False) -> Recognition:
    """The style of a piece; drums alone are none of the styles, with certainty and without reasons.

    Raises:
        WeightsMissingError: the weights are not in `assets/insight`.
    """
    model = _model(FREE if free_only else ALL)
    if not any(track.notes and not track.is_drum for track in score.tracks):
        return Recognition({style: float(style == NONE) for style in sorted(model.classes)}, judged=False)
    row = model.row(style_measures(score))
    because: tuple[Reason, ...] = ()
    found = model.probabilities(row)[0]
    if not free_only:
        both, told = tune.shipped().blended(found[None], [tune.tune_notes(score)])
        found = both[0]
        at, logs = int(found.argmax()), np.log(told[0] + 1e-9)
        moved = tune.shipped().share * float(logs[at] - (logs.sum() - logs[at]) / (len(logs) - 1))
        because = (Reason(UNNAMED, moved, 0.0, moved),)
    by_style = dict(sorted(zip(model.classes, (float(value) for value in found), strict=True)))
    answer = max(by_style, key=lambda style: by_style[style])
    named = model.reasons(row, against_rest(model.classes, answer))
    return Recognition(by_style, tuple(sorted((*named, *because), key=lambda reason: -abs(reason.weight))))


def recognise_rows(rows: Floats, names: Sequence[str], tunes: list[tune.Ints]) -> tuple[tuple[str, ...], Floats]:
    """Classes, and their probabilities (N, C) for rows (N, F) of measures by name and the notes of N tunes: many at once."""
    model = _model(ALL)
    measured = model.probabilities(rows[:, [list(names).index(name) for name in model.features]])
    return model.classes, tune.shipped().blended(measured, tunes)[0]


def style_measures(score: Score) -> dict[str, float]:
    """The measures that are judged by; a piece that names no key is taken in the likeliest one.

    Raises:
        FormatError: no pitched track has notes.
    """
    return feature_vector(score if score.key else replace(score, keys=(estimate_key(score),)), GROUPS)


@cache
def _model(name: str) -> Linear:
    return Linear.load(weights.load(name, FOLDER), "linear")
