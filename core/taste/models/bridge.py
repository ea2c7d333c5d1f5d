"""From content to factors: what an unheard item's factor would be, by ridge regression.

Gantner et al.: Learning Attribute-to-Feature Mappings for Cold-Start Recommendations (ICDM 2010),
with items weighted by how well their factor is known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, cg

from core.taste.models.base import row_lengths, unit_rows
from core.taste.protocol import Floats


class Bridge:
    """Ridge from unit content rows, and how much is said of an item, to factors; `ridge` against the weight of one
    well-known item. Much is said of what many like, which their directions alone do not tell."""

    def __init__(self, ridge: float = 5.0) -> None:
        self.ridge = ridge

    def filled(self, factors: Floats, listeners: NDArray[np.int64], content: sparse.csr_matrix) -> Floats:
        """Factors (items × d) with rows from content where an item has no listeners.

        Args:
            factors: as fitted.
            listeners: how many heard each item.
            content: (items × features); rows of zeros give zeros.
        """
        found = factors.copy()
        cold = listeners == 0
        found[cold] = 0.0
        lengths = row_lengths(content)
        usual = max(float(lengths[lengths > 0].mean()) if lengths.any() else 1.0, 1e-9)
        said = sparse.csr_matrix(lengths[:, None] / usual)
        rows = sparse.csr_matrix(sparse.hstack([unit_rows(content), said]), dtype=np.float32)
        known = ~cold & (np.diff(rows.indptr) > 0)
        if cold.any() and known.any():
            found[cold] = rows[cold] @ self._solve(rows[known], factors[known], np.sqrt(listeners[known]))
        return found

    def _solve(self, rows: sparse.csr_matrix, targets: Floats, weights: NDArray[np.float64]) -> Floats:
        """(features × d): least squares with weights, by conjugate gradients where features are many."""
        weighted = sparse.csr_matrix(sparse.diags(weights) @ rows)
        right = np.asarray(weighted.T @ targets, np.float64)
        features = rows.shape[1]
        if features <= 2000:
            normal = np.asarray((rows.T @ weighted).toarray(), np.float64) + self.ridge * np.eye(features)
            return np.asarray(np.linalg.solve(normal, right), np.float32)
        operator = LinearOperator((features, features), dtype=np.float64,
                                  matvec=lambda vector: rows.T @ (weighted @ vector) + self.ridge * vector)
        columns = [cg(operator, right[:, index], rtol=1e-4, maxiter=200)[0] for index in range(right.shape[1])]
        return np.asarray(np.stack(columns, axis=1), np.float32)
