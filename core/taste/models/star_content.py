"""Stars through content: what a listener's stars say of everything that is made of the same.

Kernel ridge regression (Saunders et al., ICML 1998) with the cosine of the content as kernel, of what
the stars leave over when a first guess has said its part: SVD's, or the listener's mean. Where a
catalogue has more items than stars, no factor of an item can be learned from stars; what it is made
of still tells. With ten ratings it is a system of ten by ten, solved at every look, so that a new
star counts at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.taste.protocol import MAX_STARS, MIN_STARS, Floats

RIDGE = 0.3
"""Chosen on simulated communities of other seeds (1 and 2) than the one that is reported (0)."""

USUAL_STARS, USUAL_WEIGHT = 3.5, 2.0
"""What a listener who rated nothing is expected to give, and how many ratings that counts."""


def usual(stars: NDArray[Any]) -> float:
    """The mean of a listener's stars, drawn to `USUAL_STARS`."""
    return float((stars.sum() + USUAL_STARS * USUAL_WEIGHT) / (len(stars) + USUAL_WEIGHT))


def leaning(rated: Floats, left_over: NDArray[Any], ridge: float = RIDGE) -> Floats:
    """(features,) stars that each feature adds to the first guess.

    Args:
        rated: (n × features) content of what was rated, rows of length 1 or 0.
        left_over: (n) stars less the first guess.
    """
    kernel = np.asarray(rated @ rated.T, np.float64) + ridge * np.eye(len(rated))
    return np.asarray(rated.T @ np.linalg.solve(kernel, left_over), np.float32)


def with_content(predicted: Floats, stars: sparse.csr_matrix, content: sparse.csr_matrix) -> Floats:
    """Predicted stars (B × items) moved by what is left over of the given stars.

    Args:
        predicted: the first guess, by a model that may know `stars`.
        stars: (B × items), 0 where there is none.
        content: (items × features), rows of length 1 or 0.
    """
    found = predicted.copy()
    for row in range(stars.shape[0]):
        part = slice(stars.indptr[row], stars.indptr[row + 1])
        columns = stars.indices[part]
        if len(columns):
            found[row] += content @ leaning(content[columns].toarray(), stars.data[part] - predicted[row, columns])
    return np.asarray(np.clip(found, MIN_STARS, MAX_STARS), np.float32)
