"""Which style do some bars sound like? Logistic regression on what can be counted in their notes.

It guides the style sliders, so it has to judge hundreds of windows in a moment; it learns from training
windows alone and shares nothing with the judge that the sliders are measured by but what both learned from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from core.analysis.features.rhythm import LENGTHS
from core.engines.lstm.leadsheet import HOLD, REST
from core.engines.vae.counting import Floats, Sounding, count_windows
from core.engines.vae.grid import METRES, Ints, Shape
from core.engines.vae.task import Labelled

INVERSE_PENALTY = 0.3
FARTHEST = 2.5
"""Standard deviations beyond which a count says no more: what no piece has is not the more of a style."""
LEAP = 12
RATIOS = (-1.2, -0.8, -0.2, 0.2, 0.8, 1.2)
"""Octaves of the ratio of successive times between onsets, where its classes part: from a quarter to four times."""
LEVELS = 7
AT_ONCE, MOST = 256, 20_000


@dataclass(frozen=True)
class StyleReader:
    """Means and standard deviations of the counts (F,), weights (styles, F + metres) and biases (styles,)."""

    mean: Floats
    spread: Floats
    weights: Floats
    bias: Floats

    @classmethod
    def of(cls, config: dict[str, Any]) -> StyleReader:
        """The one in a weight set's configuration."""
        kept = config["reader"]
        return cls(*(np.array(kept[name]) for name in ("mean", "spread", "weights", "bias")))

    def __call__(self, tokens: Ints, shape: Shape) -> Floats:
        """Log probabilities of the styles, (M, styles), for `tied` tokens (M, bars, steps)."""
        logits = self.rows(describe(tokens, shape), [shape.metre] * len(tokens)) @ self.weights.T + self.bias
        logits = logits - logits.max(1, keepdims=True)
        found: Floats = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        return found

    def rows(self, counts: Floats, metres: Sequence[str]) -> Floats:
        """(M, F + metres): counts in standard deviations, and the metre."""
        told = np.eye(len(METRES))[[METRES.index(metre) for metre in metres]]
        return np.concatenate([np.clip((counts - self.mean) / self.spread, -FARTHEST, FARTHEST), told], 1)


def find_reader(items: Sequence[Labelled], styles: int) -> dict[str, Any]:
    """Learn from windows, at most `MOST`, every style the same in weight; for the configuration."""
    items = [items[at] for at in np.random.default_rng(0).permutation(len(items))[:MOST]]
    alike: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        alike[item.window.metre, item.window.grid, len(item.window.tokens)].append(at)
    counts: Floats | None = None
    for members in alike.values():
        for start in range(0, len(members), AT_ONCE):
            some = members[start : start + AT_ONCE]
            rows = describe(np.stack([items[at].window.tokens for at in some]), items[some[0]].window.shape)
            counts = np.zeros((len(items), rows.shape[1])) if counts is None else counts
            counts[some] = rows
    assert counts is not None
    blank = np.zeros((styles, 0))
    reader = StyleReader(counts.mean(0).round(4), np.maximum(counts.std(0), 1e-3).round(4), blank, blank)
    known = np.array([item.style for item in items])
    rows = reader.rows(counts, [item.window.metre for item in items])
    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=300, class_weight="balanced").fit(rows, known)
    # A style without a window is never heard.
    weights, bias = np.zeros((styles, rows.shape[1])), np.full(styles, -1e3)
    # Of two styles scikit-learn keeps how far the second is above the first.
    sides = np.array([[-0.5], [0.5]]) if len(fitted.classes_) == 2 else np.eye(len(fitted.classes_))
    weights[fitted.classes_], bias[fitted.classes_] = (sides @ fitted.coef_).round(4), (sides @ fitted.intercept_).round(4)
    return {"mean": reader.mean.tolist(), "spread": reader.spread.tolist(), "weights": weights.tolist(), "bias": bias.tolist()}


def describe(tokens: Ints, shape: Shape) -> Floats:
    """What is counted in `tied` tokens (M, bars, steps), (M, F): shares of the notes by place, metrical level, length, step of
    the scale, interval and rhythm to the next, and of bars' first notes by step; then means, spreads and repeats."""
    heard = Sounding.of(tokens, shape)
    onset, steps = heard.onset, shape.steps
    place = np.broadcast_to(heard.place * 12 // steps, onset.shape)
    level = np.broadcast_to(np.minimum(heard.level, LEVELS - 1), onset.shape)
    lengths = np.abs(np.log((heard.end - heard.at) / heard.beat)[..., None] - np.log(LENGTHS)).argmin(-1)
    has_next, after = heard.following()
    interval = np.clip(np.take_along_axis(heard.pitch, after, 1) - heard.pitch, -LEAP, LEAP) + LEAP
    gap = np.where(has_next, after - heard.at, 1)
    rhythm = np.log2(np.take_along_axis(gap, after, 1) / gap)
    has_rhythm = has_next & np.take_along_axis(has_next, after, 1)
    kind = np.digitize(rhythm, RATIOS) + (len(RATIOS) + 1) * (level <= 2)
    classes = heard.pitch % 12
    log_gap = np.log(gap / heard.beat)
    beats = np.where(tokens > HOLD, HOLD + 1, tokens)
    return np.concatenate([
        _shares(place, onset, 12), _shares(level, onset, LEVELS), _shares(lengths, onset, len(LENGTHS)),
        _shares(classes, onset, 12), _shares(interval, has_next, 2 * LEAP + 1),
        _shares(kind, has_rhythm, 2 * (len(RATIOS) + 1)), _shares(classes, onset & (heard.place == 0), 12),
        count_windows(tokens, shape), count_windows(beats, shape)[:, -1:],
        np.stack([(tokens == REST).mean((1, 2)), _spread(heard.pitch, onset), _mean(log_gap, has_next),
                  _spread(log_gap, has_next)], 1),
    ], 1)


def _shares(classes: Ints, counted: NDArray[np.bool_], kinds: int) -> Floats:
    """(M, kinds): how what is counted in each row falls into classes."""
    numbers = (np.arange(len(classes))[:, None] * kinds + classes)[counted]
    found = np.bincount(numbers, minlength=len(classes) * kinds).reshape(len(classes), kinds)
    return found / np.maximum(found.sum(1, keepdims=True), 1)


def _mean(values: NDArray[Any], counted: NDArray[np.bool_]) -> Floats:
    found: Floats = np.where(counted, values, 0).sum(1) / np.maximum(counted.sum(1), 1)
    return found


def _spread(values: NDArray[Any], counted: NDArray[np.bool_]) -> Floats:
    return np.sqrt(_mean((values - _mean(values, counted)[:, None]) ** 2, counted))
