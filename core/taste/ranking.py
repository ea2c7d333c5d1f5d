"""From scores to a list: what was heard or left out is masked, the best come first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.taste.protocol import Floats


def masked(scores: Floats, seen: sparse.csr_matrix | None = None, left_out: NDArray[np.bool_] | None = None) -> Floats:
    """A copy of scores (B × items) with −inf where `seen` has an entry or `left_out` (items) is true."""
    found = scores.copy()
    if seen is not None:
        rows = np.repeat(np.arange(seen.shape[0]), np.diff(seen.indptr))
        found[rows, seen.indices] = -np.inf
    if left_out is not None:
        found[:, left_out] = -np.inf
    return found


def top(scores: Floats, k: int) -> NDArray[np.int64]:
    """Columns (B × min(k, items)) of the best scores, best first; of equal ones the lower column first.

    Masked items (−inf) come last; whoever shows the list leaves them out.
    """
    k = min(k, scores.shape[1])
    if k < scores.shape[1]:
        edge = np.partition(scores, scores.shape[1] - k, axis=1)[:, scores.shape[1] - k]
    else:
        edge = np.full(scores.shape[0], -np.inf, np.float32)
    found = np.empty((scores.shape[0], k), np.int64)
    for row, limit in enumerate(edge):
        columns = np.flatnonzero(scores[row] >= limit)
        found[row] = columns[np.argsort(-scores[row, columns], kind="stable")[:k]]
    return found
