"""Implicit ALS: weighted matrix factorisation of what was heard.

Hu, Koren, Volinsky: Collaborative Filtering for Implicit Feedback Datasets (ICDM 2008), fitted by
the package `implicit`. Listeners are folded in by solving their own least squares against frozen
item factors; the same solution taken apart says what each item of the history adds (section 5 of
the paper). Features of the content take part as if each were a listener of the items that have it;
items that nobody heard get a factor from their content by ridge regression.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from core.errors import RequestError
from core.taste.models.base import Base, binary, memberships, one_blas_thread
from core.taste.models.bridge import Bridge
from core.taste.protocol import Content, Floats, Interactions, Progress


class ALS(Base):
    """`factors` dimensions; what was heard has `confidence`, all else 1; `regularization` on both sides."""

    id: ClassVar[str] = "als"
    cold_items: ClassVar[bool] = True
    _settings: ClassVar[tuple[str, ...]] = ("factors", "confidence", "regularization", "iterations", "feature_confidence",
                                         "bridge_ridge")

    def __init__(self, factors: int = 32, confidence: float = 10.0, regularization: float = 10.0, iterations: int = 15,
                 feature_confidence: float = 5.0, bridge_ridge: float = 5.0) -> None:
        super().__init__()
        self.factors, self.confidence, self.regularization = factors, confidence, regularization
        self.iterations, self.feature_confidence, self.bridge_ridge = iterations, feature_confidence, bridge_ridge
        self.item_factors: Floats = np.zeros((0, factors), np.float32)
        self.gram: Floats = np.zeros((factors, factors), np.float32)
        self._listener_factors: Floats | None = None

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        heard = sparse.csr_matrix(binary(data.weights) * np.float32(self.confidence))
        if content is not None and self.feature_confidence > 0:
            heard = sparse.csr_matrix(sparse.vstack([heard, memberships(content.matrix) * np.float32(self.feature_confidence)]))

        def after(iteration: int, *_: object) -> None:
            progress(iteration + 1, self.iterations)

        progress(0, self.iterations)
        with threadpool_limits(1, "blas"):
            from implicit.cpu.als import AlternatingLeastSquares

            model = AlternatingLeastSquares(factors=self.factors, regularization=self.regularization, alpha=1.0,
                                            iterations=self.iterations, random_state=seed, num_threads=1)
            model.fit(heard, show_progress=False, callback=after)
        self.item_factors = np.asarray(model.item_factors, np.float32)
        self._listener_factors = np.asarray(model.user_factors[:len(data.listeners)], np.float32)
        listeners = np.asarray((data.weights > 0).sum(axis=0)).ravel()
        if content is not None:
            self.item_factors = Bridge(self.bridge_ridge).filled(self.item_factors, listeners, content.matrix)
        else:
            self.item_factors[listeners == 0] = 0.0
        self.gram = self.item_factors.T @ self.item_factors

    def listener_factors(self, weights: sparse.csr_matrix) -> Floats:
        """Factors (B × factors) of histories, each by one small least squares."""
        found = np.zeros((weights.shape[0], self.factors), np.float32)
        with one_blas_thread():
            for row in range(weights.shape[0]):
                columns = weights.indices[weights.indptr[row]:weights.indptr[row + 1]]
                if len(columns):
                    mine = self.item_factors[columns]
                    found[row] = np.linalg.solve(self._system(mine), self.confidence * mine.sum(axis=0))
        return found

    def fitted_scores(self) -> Floats:
        """See `Fitted`."""
        if self._listener_factors is None:
            raise RequestError("What fitting alone says is known after a fit", "this model was loaded")
        return self._listener_factors @ self.item_factors.T

    def _system(self, mine: Floats) -> Floats:
        return np.asarray(self.gram + (self.confidence - 1) * (mine.T @ mine)
                          + self.regularization * np.eye(self.factors, dtype=np.float32), np.float32)

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        return self.listener_factors(weights) @ self.item_factors.T

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        columns = weights.indices
        mine = self.item_factors[columns]
        direction = np.linalg.solve(self._system(mine), self.item_factors[item])
        return columns, self.confidence * (mine @ direction)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"item_factors": self.item_factors}

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        self.item_factors = tensors["item_factors"]
        self.gram = self.item_factors.T @ self.item_factors
