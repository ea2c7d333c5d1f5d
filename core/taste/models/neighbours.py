"""Neighbours: listeners who heard the same, and items heard by the same.

User-based: Resnick et al., GroupLens (CSCW 1994); item-based: Sarwar et al. (WWW 2001), Linden et
al., Amazon.com Recommendations (2003). Both on what was heard, with cosine similarity.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.taste.models.base import Base, binary, csr_arrays, csr_from, unit_rows
from core.taste.protocol import Content, Floats, Interactions, Progress

BLOCK = 256


class UserKNN(Base):
    """`neighbours` most alike listeners vote with their likeness to the power `power` for what they heard.

    It keeps what the listeners heard (without their ids) until the next fit.
    """

    id: ClassVar[str] = "user-knn"
    _settings: ClassVar[tuple[str, ...]] = ("neighbours", "power")

    def __init__(self, neighbours: int = 80, power: float = 2.0) -> None:
        super().__init__()
        self.neighbours, self.power = neighbours, power
        self.heard = sparse.csr_matrix((0, 0), dtype=np.float32)
        self._prepare()

    def _prepare(self) -> None:
        self._unit = unit_rows(self._weighted(self.heard))

    def _rarity(self) -> Floats:
        count = np.asarray(self.heard.sum(axis=0)).ravel()
        return np.log((1 + self.heard.shape[0]) / (1 + count)).astype(np.float32)

    def _weighted(self, heard: sparse.csr_matrix) -> sparse.csr_matrix:
        if not self.heard.shape[1]:
            return heard
        return sparse.csr_matrix(heard @ sparse.diags(self._rarity()))

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        progress(0, 1)
        heard = binary(data.weights)
        self.heard = sparse.csr_matrix(heard[np.diff(heard.indptr) > 0])
        self._prepare()
        progress(1, 1)

    def _likeness(self, rows: sparse.csr_matrix) -> Floats:
        """(B × listeners), zero for all but the neighbours."""
        alike = np.asarray((rows @ self._unit.T).todense(), np.float32)
        if self.neighbours < alike.shape[1]:
            edge = np.partition(alike, alike.shape[1] - self.neighbours, axis=1)[:, alike.shape[1] - self.neighbours, None]
            alike[alike < edge] = 0.0
        return alike

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        alike = self._likeness(unit_rows(self._weighted(binary(weights)))) ** self.power
        return np.asarray(sparse.csr_matrix(alike) @ self.heard.toarray() if alike.shape[0] > BLOCK
                          else (sparse.csr_matrix(alike) @ self.heard).toarray(), np.float32)

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        row = unit_rows(self._weighted(binary(weights)))
        alike = self._likeness(row)[0]
        voters = np.flatnonzero((alike > 0) & (np.asarray(self.heard[:, item].todense()).ravel() > 0))
        shared = self._unit[voters][:, row.indices].multiply(row.data[None])
        return row.indices, np.asarray(sparse.diags(alike[voters] ** (self.power - 1)).dot(shared).sum(axis=0)).ravel()

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return csr_arrays("heard", self.heard)

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        self.heard = csr_from("heard", tensors)
        self._prepare()


class ItemKNN(Base):
    """An item's score is the sum of its likeness to the items of the history.

    Likeness is the cosine of who heard two items, where every listener counts 1 over all that they
    heard and the item that is scored counts less than the heard one: the sides have the exponents
    1 − `asymmetry` and `asymmetry` (Aiolli, RecSys 2013). Of each heard item the `neighbours` most
    alike count.
    """

    id: ClassVar[str] = "item-knn"
    _settings: ClassVar[tuple[str, ...]] = ("neighbours", "asymmetry")

    def __init__(self, neighbours: int = 1000, asymmetry: float = 0.6) -> None:
        super().__init__()
        self.neighbours, self.asymmetry = neighbours, asymmetry
        self.alike = sparse.csr_matrix((0, 0), dtype=np.float32)

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        heard = sparse.csc_matrix(unit_rows(binary(data.weights)))
        length = np.asarray(heard.multiply(heard).sum(axis=0)).ravel()
        blocks = []
        for start in range(0, heard.shape[1], BLOCK):
            progress(start, heard.shape[1])
            blocks.append(self._block(heard, length, start))
        self.alike = sparse.csr_matrix(sparse.vstack(blocks), dtype=np.float32)
        progress(heard.shape[1], heard.shape[1])

    def _block(self, heard: sparse.csc_matrix, length: NDArray[Any], start: int) -> sparse.csr_matrix:
        """Rows `start` to `start + BLOCK` of the likeness of items, the best `neighbours` of each."""
        common = sparse.csr_matrix(heard[:, start:start + BLOCK].T @ heard)
        rows = np.repeat(np.arange(common.shape[0]), np.diff(common.indptr)) + start
        sides = length[rows] ** self.asymmetry * length[common.indices] ** (1 - self.asymmetry)
        common.data = np.where(rows == common.indices, 0.0, common.data / sides).astype(np.float32)
        for row in range(common.shape[0]):
            values = common.data[common.indptr[row]:common.indptr[row + 1]]
            if len(values) > self.neighbours:
                values[values < np.partition(values, len(values) - self.neighbours)[len(values) - self.neighbours]] = 0.0
        common.eliminate_zeros()
        return common

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        return np.asarray((binary(weights) @ self.alike).todense(), np.float32)

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        return weights.indices, np.asarray(self.alike[weights.indices, item].todense()).ravel()

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return csr_arrays("alike", self.alike)

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        self.alike = csr_from("alike", tensors)
