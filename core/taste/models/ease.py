"""EASE: each item's score is a linear combination of the items of the history, in closed form.

Steck: Embarrassingly Shallow Autoencoders for Sparse Data (WWW 2019): B = I − P·diag(1/diag P) with
P = (XᵀX + λI)⁻¹. Where there are fewer listeners than items, P is written through the listeners'
kernel, P = (I − Xᵀ(XXᵀ + λI)⁻¹X)/λ (Woodbury), which is smaller and gives the same scores.

Features of the content are stacked below X as if each were a listener of the items that have it
(Jeunen, Van Balen, Goethals: Closed-Form Models for Collaborative Filtering with Side-Information,
RecSys 2020); with them items that nobody heard are scored as well.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from threadpoolctl import threadpool_limits

from core.errors import LimitError
from core.taste.models.base import Base, binary, csr_arrays, csr_from, memberships, one_blas_thread
from core.taste.protocol import Content, Floats, Interactions, Progress

MAX_SIDE = 12_000
"""Rows of the matrix to invert; 12,000 are 1.2 GB in double precision."""


class EASE(Base):
    """`regularization` is the λ of the paper, against one hearing's 1; `feature_weight` is what having a
    feature counts beside that."""

    id: ClassVar[str] = "ease"
    cold_items: ClassVar[bool] = True
    _settings: ClassVar[tuple[str, ...]] = ("regularization", "feature_weight")

    def __init__(self, regularization: float = 100.0, feature_weight: float = 0.7) -> None:
        super().__init__()
        self.regularization, self.feature_weight = regularization, feature_weight
        self.heard = sparse.csr_matrix((0, 0), dtype=np.float32)
        self.columns: NDArray[np.int64] = np.zeros(0, np.int64)
        self.core: Floats = np.zeros((0, 0), np.float32)
        self.diagonal: Floats = np.zeros(0, np.float32)

    @property
    def by_listeners(self) -> bool:
        """Whether `core` is the inverse of the listeners' kernel rather than P itself."""
        return self.heard.shape[0] > 0

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        """Only items that somebody heard or that have features take part; the others score 0."""
        heard = binary(data.weights)
        if content is not None and self.feature_weight > 0:
            heard = sparse.csr_matrix(sparse.vstack([heard, memberships(content.matrix) * np.float32(self.feature_weight)]))
        heard = heard[np.diff(heard.indptr) > 0]
        self.columns = np.flatnonzero(np.asarray(heard.sum(axis=0)).ravel())
        heard = sparse.csr_matrix(heard[:, self.columns])
        listeners, items = heard.shape
        if min(listeners, items) > MAX_SIDE:
            raise LimitError(f"EASE inverts a matrix of up to {MAX_SIDE} rows", f"got {listeners} listeners and {items} items",
                             "Leave this model out for so much data")
        progress(0, 2)
        with threadpool_limits(1, "blas"):
            if listeners < items:
                self.heard = heard
                self.core = _inverse((heard @ heard.T).toarray(), self.regularization)
                through = sparse.csr_matrix(heard.T) @ self.core
                progress(1, 2)
                taken = np.asarray(heard.T.multiply(through).sum(axis=1)).ravel()
                self.diagonal = np.asarray((1.0 - taken) / self.regularization, np.float32)
            else:
                self.core = _inverse((heard.T @ heard).toarray(), self.regularization)
                self.diagonal = self.core.diagonal().copy()
        progress(2, 2)

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        row = self._known(weights)
        rows = np.repeat(np.arange(row.shape[0]), np.diff(row.indptr))
        with one_blas_thread():
            if self.by_listeners:
                shared = np.asarray((row @ self._listeners_of).todense(), np.float32) @ self.core
                mixed = np.asarray(shared @ self.heard, np.float32)
                mixed[rows, row.indices] -= row.data
            else:
                mixed = np.asarray(row @ self.core)
        mixed *= self._scale
        mixed[rows, row.indices] += row.data
        if len(self.columns) == weights.shape[1]:
            return mixed
        found = np.zeros(weights.shape, np.float32)
        found[:, self.columns] = mixed
        return found

    def _known(self, weights: sparse.csr_matrix) -> sparse.csr_matrix:
        """Histories (B × columns) of 1 where something was heard; slicing columns would look at all of them."""
        places = np.searchsorted(self.columns, weights.indices)
        inside = self.columns[np.minimum(places, len(self.columns) - 1)] == weights.indices
        ends = np.concatenate([[0], np.cumsum(inside)])[weights.indptr]
        return sparse.csr_matrix((np.ones(int(inside.sum()), np.float32), places[inside], ends),
                                 shape=(weights.shape[0], len(self.columns)))

    @cached_property
    def _scale(self) -> Floats:
        """(columns,) what turns a sum over P into one over B."""
        return np.asarray(1.0 / (self.regularization * self.diagonal) if self.by_listeners else -1.0 / self.diagonal, np.float32)

    @cached_property
    def _listeners_of(self) -> sparse.csr_matrix:
        """(columns × listeners) who heard each."""
        return sparse.csr_matrix(self.heard.T)

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        place = int(np.searchsorted(self.columns, item))
        history = weights.indices
        parts = np.zeros(len(history))
        if place == len(self.columns) or self.columns[place] != item:
            return history, parts
        known = np.isin(history, self.columns)
        inside = np.searchsorted(self.columns, history[known])
        if self.by_listeners:
            along = self.core @ np.asarray(self.heard[:, place].todense()).ravel()
            column = -np.asarray(self.heard[:, inside].T @ along).ravel() / self.regularization
        else:
            column = self.core[inside, place]
        parts[known] = np.where(inside == place, 0.0, -column / self.diagonal[place])
        return history, parts

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {"columns": self.columns, "core": self.core, "diagonal": self.diagonal, **csr_arrays("heard", self.heard)}

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        self.columns, self.core, self.diagonal = tensors["columns"], tensors["core"], tensors["diagonal"]
        self.heard = csr_from("heard", tensors)


def _inverse(matrix: NDArray[Any], regularization: float) -> Floats:
    """(matrix + λI)⁻¹ of a symmetric matrix, by Cholesky, as float32."""
    matrix = np.asarray(matrix, np.float64)
    matrix[np.diag_indices_from(matrix)] += regularization
    lower = linalg.cholesky(matrix, lower=True, overwrite_a=True, check_finite=False)
    inverse, info = linalg.lapack.dpotri(lower, lower=1, overwrite_c=1)
    if info:
        raise linalg.LinAlgError(f"dpotri gave {info}")
    inverse = np.asarray(inverse, np.float32)
    return np.asarray(np.tril(inverse) + np.tril(inverse, -1).T, np.float32)
