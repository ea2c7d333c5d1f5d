"""How good is a piece, beside real pieces of its style?

Two answers. Each measure is laid beside its distribution in the style's real pieces. One figure for all is what a classifier
says that was taught to tell real pieces from copies of them that were damaged on purpose (`core.insight.damage`): it ranks takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import weights
from core.errors import RequestError
from core.insight.expectation import Expectation
from core.insight.files import FOLDER
from core.insight.linear import Floats, Reason
from core.insight.quality_measures import SHOWN, measured
from core.score import Score
from core.weights import Weights

NAME = "quality"
ANY = "any"
"""Stands for all styles together, where a style is not known."""

LEVELS = np.array([0.0, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 1.0])
"""Shares of the real pieces at which the values of a measure are kept."""
_USUAL = (0.1, 0.9)
_RARE = (0.01, 0.99)
FARTHEST = 3.0


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of a piece beside the real pieces of its style.

    `percentile` is the share of them, 0 to 100, with a lower value; `low` and `high` are where the usual four fifths of them
    lie; `verdict` is one of `VERDICTS`. `aspect` is a key of `SHOWN`.
    """

    name: str
    aspect: str
    value: float
    percentile: float
    low: float
    high: float
    verdict: str


CHOSEN = ("asked", "file", "recognised")
"""Who says which style a piece is laid beside: whoever asked, the stamp in its file, or its own notes."""

VERDICTS = ("far below", "below", "usual", "above", "far above")
"""Against the real pieces: under nearly all of them (99 of 100), under the usual four fifths, within, over, over nearly all."""


@dataclass(frozen=True)
class Quality:
    """`overall` 0..100: how much a piece looks like a real one and not like a damaged copy; `logit` is the same before it is
    squeezed, for ordering. `measures` in the order of `SHOWN`, those left out that the piece cannot tell. `because` are the
    measures that moved the overall figure most, signed. `style` is what it was laid beside, `ANY` where that is not known;
    `chosen`, one of `CHOSEN`, is who says so.
    """

    overall: float
    logit: float
    measures: tuple[Measured, ...]
    because: tuple[Reason, ...]
    style: str
    chosen: str = "asked"

    @property
    def is_beside_all(self) -> bool:
        """Whether it was laid beside all styles together."""
        return self.style == ANY


def quality(score: Score, style: str | None = None) -> Quality:
    """Judge the melody and chords of a piece; a style that is not among those learned counts as unknown.

    Raises:
        FormatError: no pitched track has notes.
        RequestError: a single note cannot be judged.
        WeightsMissingError: the weights are not in `assets/insight`.
    """
    judge = _judge()
    if len(score.melody.notes) < 2:
        raise RequestError("A quality needs at least two notes", "this piece has one", "Choose a longer piece")
    beside = style if style in judge.styles else ANY
    values = measured(score, judge.expectation)
    logit, because = judge.figure(values, beside)
    shown = [judge.beside(name, aspect, values[name], beside) for aspect, names in SHOWN.items() for name in names
             if np.isfinite(values[name])]
    return Quality(judge.out_of_100(logit), logit, tuple(shown), because, beside)


def judged_styles() -> frozenset[str]:
    """The styles whose real pieces are known.

    Raises:
        WeightsMissingError: the weights are not in `assets/insight`.
    """
    return frozenset(_judge().styles) - {ANY}


@dataclass(frozen=True)
class Judge:
    """Distributions and the classifier.

    `levels` (styles, F, L) are values of F measures at `LEVELS` of each style's real pieces; `centre` and `spread` (styles, F)
    standardise; `weights` (2 F,) take standard deviations, then how far from usual; `level` and `softness` turn the logits that
    come out into probabilities.
    """

    styles: tuple[str, ...]
    features: tuple[str, ...]
    levels: Floats
    centre: Floats
    spread: Floats
    weights: Floats
    level: float
    softness: float
    expectation: Expectation

    @classmethod
    def load(cls, kept: Weights) -> Judge:
        config: Mapping[str, Any] = kept.config
        levels, centre, spread, parts = (
            kept.tensors[f"judge.{part}"].double().numpy() for part in ("levels", "centre", "spread", "weights")
        )
        return cls(tuple(config["styles"]), tuple(config["features"]), levels, centre, spread, parts,
                   config["level"], config["softness"], Expectation.load(kept))  # fmt: skip

    def figure(self, values: Mapping[str, float], style: str, most: int = 8) -> tuple[float, tuple[Reason, ...]]:
        """The logit of a piece and the measures that moved it most."""
        row = np.array([[values[name] for name in self.features]])
        at = self.styles.index(style)
        parts = described(row, self.centre[at], self.spread[at])[0] * self.weights
        moved = parts[: len(self.features)] + parts[len(self.features) :]
        order = np.argsort(-np.abs(moved), kind="stable")[:most]
        usual = self.levels[at, :, len(LEVELS) // 2]
        because = tuple(Reason(self.features[i], float(row[0, i]), float(usual[i]), float(moved[i])) for i in order if moved[i])
        return float(parts.sum()), because

    def out_of_100(self, logit: float) -> float:
        """How surely a piece with this logit is a real one, if real and damaged ones were equally many."""
        return 100 / (1 + float(np.exp(-(logit - self.level) / self.softness)))

    def beside(self, name: str, aspect: str, value: float, style: str) -> Measured:
        """One measure beside the real pieces of a style."""
        found = self.levels[self.styles.index(style), self.features.index(name)]
        # Distributions are kept in half precision; many pieces have the very same value, and must stay equal.
        near = float(np.float16(value))
        share = percentile(found, near)
        low, high = (float(np.interp(level, LEVELS, found)) for level in _USUAL)
        return Measured(name, aspect, value, 100 * share, low, high, _verdict(near, share, low, high))


def described(rows: Floats, centre: Floats, spread: Floats) -> Floats:
    """(N, 2 F): measures (N, F) in standard deviations from the style's centre, and how far beyond one deviation they are;
    what is not known is as usual."""
    z = np.clip(np.nan_to_num((rows - centre) / spread), -FARTHEST, FARTHEST)
    found: Floats = np.concatenate([z, np.maximum(np.abs(z) - 1, 0)], 1)
    return found


def percentile(found: NDArray[np.float64], value: float) -> float:
    """The share, 0 to 1, below a value, by values at `LEVELS`; the middle of the shares where many are the same."""
    steps = np.concatenate([found[:1] - 1e-9, found, found[-1:] + 1e-9])
    shares = np.concatenate([[0.0], LEVELS, [1.0]])
    below, above = np.searchsorted(steps, value, "left"), np.searchsorted(steps, value, "right")
    if above > below:
        return float((shares[below] + shares[above - 1]) / 2)
    return float(np.interp(value, steps, shares))


def _verdict(value: float, share: float, low: float, high: float) -> str:
    if low <= value <= high:
        return "usual"
    if value < low:
        return "far below" if share <= _RARE[0] else "below"
    return "far above" if share >= _RARE[1] else "above"


@cache
def _judge() -> Judge:
    return Judge.load(weights.load(NAME, FOLDER))
