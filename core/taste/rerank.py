"""Ordering the best hundred anew: for variety (MMR), or for the listener's own mix (calibration)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.taste.protocol import Floats

SMOOTHING = 0.01
"""Share of the wish that is mixed into a list's mix, so that the divergence is finite."""


def scaled(scores: Floats) -> Floats:
    """Scores (n) from 0, the least, to 1, the best; zeros where all are equal, and −1 for masked ones (−inf)."""
    open_ = np.isfinite(scores)
    found = np.where(open_, 0.0, -1.0).astype(np.float32)
    least, spread = scores[open_].min(initial=np.inf), scores[open_].max(initial=-np.inf) - scores[open_].min(initial=np.inf)
    if spread > 0:
        found[open_] = (scores[open_] - least) / spread
    return found


def diversified(scores: Floats, likeness: Floats, k: int, trade: float) -> NDArray[np.int64]:
    """The order of k of n candidates by maximal marginal relevance (Carbonell, Goldstein, SIGIR 1998).

    Args:
        scores: (n), any scale.
        likeness: (n × n), 0 to 1, of the candidates to each other.
        trade: 1 is the order of the scores, 0 only variety.

    Raises:
        RequestError: shapes or `trade` do not fit.
    """
    _check(scores, likeness.shape == (len(scores), len(scores)), trade)
    worth, nearest = scaled(scores), np.zeros(len(scores), np.float32)
    open_, chosen = np.ones(len(scores), bool), []
    for _ in range(min(k, len(scores))):
        value = np.where(open_, trade * worth - (1 - trade) * nearest, -np.inf)
        best = int(value.argmax())
        chosen.append(best)
        open_[best] = False
        nearest = np.maximum(nearest, likeness[best])
    return np.array(chosen, np.int64)


def divergence(wish: Floats, mix: Floats) -> float:
    """Kullback-Leibler divergence of a list's mix (kinds) from the wished one, as Steck smooths it."""
    smooth = (1 - SMOOTHING) * mix + SMOOTHING * wish
    used = wish > 0
    return float(np.sum(wish[used] * np.log(wish[used] / smooth[used])))


def calibrated(scores: Floats, mixes: Floats, wish: Floats, k: int, trade: float) -> NDArray[np.int64]:
    """The order of k of n candidates whose mix of kinds comes near the listener's (Steck, RecSys 2018), greedily.

    Args:
        scores: (n), any scale.
        mixes: (n × kinds), each row sums to 1, or is 0 where the kind is not known.
        wish: (kinds), sums to 1: the mix of the listener's history. Zeros: the order of the scores.
        trade: 0 is the order of the scores, 1 only the mix.

    Raises:
        RequestError: shapes or `trade` do not fit.
    """
    _check(scores, mixes.shape == (len(scores), len(wish)), trade)
    if not wish.any():
        return np.argsort(-scores, kind="stable")[:k].astype(np.int64)
    worth, total = scaled(scores), np.zeros(len(wish))
    open_, chosen = np.ones(len(scores), bool), []
    used = wish > 0
    for place in range(1, min(k, len(scores)) + 1):
        smooth = (1 - SMOOTHING) * (total + mixes)[:, used] / place + SMOOTHING * wish[used]
        far = (wish[used] * np.log(wish[used] / smooth)).sum(axis=1)
        value = np.where(open_, (1 - trade) * worth / place - trade * far, -np.inf)
        best = int(value.argmax())
        chosen.append(best)
        open_[best] = False
        total += mixes[best]
    return np.array(chosen, np.int64)


def _check(scores: Floats, fits: bool, trade: float) -> None:
    if scores.ndim != 1 or not fits:
        raise RequestError("Candidates have a score each, and rows that fit", f"got scores of shape {scores.shape}")
    if not 0 <= trade <= 1:
        raise RequestError("The trade between score and mix is from 0 to 1", f"got {trade}")
