"""Popularity: the items that most listeners heard, the same for everybody. What the others are compared with."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.taste.models.base import Base, row_lengths
from core.taste.protocol import Content, Floats, Interactions, Progress


class Popularity(Base):
    """Scores are log(1 + listeners), scaled to 0 to 1; of an item that nobody heard, what a straight line through all
    items foretells from how much its content says of it."""

    id: ClassVar[str] = "popularity"

    def __init__(self) -> None:
        super().__init__()
        self.expected: Floats = np.zeros(0, np.float32)

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        progress(0, 1)
        self.expected = self.popularity.copy()
        lengths = np.zeros(len(data.items), np.float32) if content is None else row_lengths(content.matrix)
        described = lengths > 0
        if described.any():
            away = lengths[described] - lengths[described].mean()
            middle = float(self.popularity[described].mean())
            slope = float(away @ (self.popularity[described] - middle)) / max(float(away @ away), 1e-9)
            cold = (self.popularity == 0) & described
            self.expected[cold] = np.clip(middle + slope * (lengths[cold] - lengths[described].mean()), 0, 1)
        progress(1, 1)

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        return np.repeat(self.expected[None], weights.shape[0], axis=0)

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        return np.zeros(0, np.int64), np.zeros(0)

    def _prior(self) -> Floats:
        return self.expected

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"expected": self.expected}

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        self.expected = tensors["expected"]
