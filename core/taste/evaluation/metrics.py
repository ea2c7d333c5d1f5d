"""Quality of ranked lists: NDCG and recall at ten, and how far a list is from the listener's own mix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.taste.protocol import Floats
from core.taste.ranking import masked, top

K = 10
BLOCK = 256
Scorer = Callable[[sparse.csr_matrix], Floats]
"""Histories (B × items) to scores (B × items)."""


def discounts(k: int) -> NDArray[np.float64]:
    return 1.0 / np.log2(np.arange(2, k + 2))


def hits(lists: NDArray[np.int64], wanted: sparse.csr_matrix) -> NDArray[np.bool_]:
    """(B × k) where a list names something that is wanted (B × items)."""
    rows = np.repeat(np.arange(lists.shape[0]), lists.shape[1])
    return np.asarray(wanted[rows, lists.ravel()]).reshape(lists.shape) > 0


def ndcg(lists: NDArray[np.int64], wanted: sparse.csr_matrix) -> NDArray[np.float64]:
    """NDCG (B) of lists (B × k); NaN where nothing is wanted."""
    gains = discounts(lists.shape[1])
    count = np.diff(wanted.indptr)
    ideal = np.concatenate([[np.nan], np.cumsum(gains)])[np.minimum(count, lists.shape[1])]
    return np.asarray((hits(lists, wanted) * gains).sum(axis=1) / ideal)


def recall(lists: NDArray[np.int64], wanted: sparse.csr_matrix) -> NDArray[np.float64]:
    """Share (B) of what is wanted that a list names; NaN where nothing is wanted."""
    count = np.diff(wanted.indptr).astype(np.float64)
    return np.asarray(hits(lists, wanted).sum(axis=1) / np.where(count > 0, count, np.nan))


def lists_of(scorer: Scorer, histories: sparse.csr_matrix, k: int = K,
             among: NDArray[np.int64] | None = None, seen: sparse.csr_matrix | None = None) -> NDArray[np.int64]:
    """The best k items for every history, without what is in it, or else in `seen` (of the same shape);
    `among` only these columns where given."""
    left_out = None
    if among is not None:
        left_out = np.ones(histories.shape[1], bool)
        left_out[among] = False
    found = []
    for start in range(0, histories.shape[0], BLOCK):
        rows = histories[start:start + BLOCK]
        known = rows if seen is None else seen[start:start + BLOCK]
        found.append(top(masked(scorer(rows), known, left_out), k))
    return np.concatenate(found)


def mean(values: NDArray[np.float64]) -> float:
    """Over the listeners who want something."""
    return float(np.nanmean(values))
