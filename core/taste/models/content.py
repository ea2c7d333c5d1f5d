"""Content: the listener's profile is the sum of what their items are made of; alike items come first.

Pazzani, Billsus: Content-Based Recommendation Systems (The Adaptive Web, 2007), by cosine.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.taste.models.base import Base, binary, csr_arrays, csr_from, unit_rows
from core.taste.protocol import Content, Floats, Interactions, Progress, Reason


class ContentProfile(Base):
    """Score = cosine of profile and item, without regard to what others heard."""

    id: ClassVar[str] = "content"
    cold_items: ClassVar[bool] = True
    needs_content: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.matrix = sparse.csr_matrix((0, 0), dtype=np.float32)

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        assert content is not None
        progress(0, 1)
        self.matrix = unit_rows(content.matrix)
        progress(1, 1)

    def profile(self, weights: sparse.csr_matrix) -> sparse.csr_matrix:
        """Profiles (B × features) of length 1, of zeros where nothing is known of the items."""
        return unit_rows(sparse.csr_matrix(binary(weights) @ self.matrix))

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        profile = self.profile(weights)
        return np.asarray((self.matrix @ profile.toarray().T).T, np.float32)

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        total = binary(weights) @ self.matrix
        length = float(np.sqrt(total.multiply(total).sum())) or 1.0
        return weights.indices, np.asarray((self.matrix[weights.indices] @ self.matrix[item].T).todense()).ravel() / length

    def feature_reasons(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix | None, item: int) -> tuple[Reason, ...]:
        """What profile and item have in common; the contributions add up to the score."""
        weights, stars = self._one(weights, stars, item)
        shared = sparse.csr_matrix(self.profile(weights).multiply(self.matrix[item]))
        found = [Reason("feature", self.features[column], float(value))
                 for column, value in zip(shared.indices, shared.data, strict=True)]
        return tuple(sorted(found, key=lambda reason: -reason.contribution))

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return csr_arrays("matrix", self.matrix)

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        self.matrix = csr_from("matrix", tensors)
