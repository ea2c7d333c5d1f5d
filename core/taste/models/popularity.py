"""Popularity: the items that most listeners heard, the same for everybody. What the others are compared with."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.taste.models.base import Base
from core.taste.protocol import Content, Floats, Interactions, Progress


class Popularity(Base):
    """Scores are log(1 + listeners), scaled to 0 to 1."""

    id: ClassVar[str] = "popularity"

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        progress(1, 1)

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        return np.repeat(self.popularity[None], weights.shape[0], axis=0)

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        return np.zeros(0, np.int64), np.zeros(0)
