"""What stars leave over when SVD has said its part: the listener's own leaning to what items are made of.

Kernel ridge regression (Saunders et al., ICML 1998) of each listener's residuals, with the cosine of
the content as kernel. Where a catalogue has more items than stars, no factor of an item can be
learned from stars; what it is made of still tells.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from core.taste.protocol import MAX_STARS, MIN_STARS, Floats

RIDGE = 0.5
"""Chosen on a simulated community of another seed than the one that is reported."""


def with_content(predicted: Floats, stars: sparse.csr_matrix, content: sparse.csr_matrix) -> Floats:
    """Predicted stars (B × items) moved by what the residuals of the given stars say of the content.

    Args:
        predicted: stars by a model that knows `stars`.
        stars: (B × items), 0 where there is none.
        content: (items × features), rows of length 1 or 0.
    """
    found = predicted.copy()
    for row in range(stars.shape[0]):
        part = slice(stars.indptr[row], stars.indptr[row + 1])
        columns = stars.indices[part]
        if len(columns):
            rated = content[columns]
            kernel = np.asarray((rated @ rated.T).todense(), np.float64) + RIDGE * np.eye(len(columns))
            leaning = rated.T @ np.linalg.solve(kernel, stars.data[part] - predicted[row, columns])
            found[row] += content @ leaning
    return np.asarray(np.clip(found, MIN_STARS, MAX_STARS), np.float32)
