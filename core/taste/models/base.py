"""What the recommenders share: checks, the prior for empty histories, and reasons that add up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import ThreadpoolController

from core.errors import RequestError
from core.taste.models.asked import recall, remember, remembering
from core.taste.protocol import (
    Content,
    Floats,
    Interactions,
    Progress,
    Reason,
    checked_stars,
    checked_weights,
    no_progress,
)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


def one_blas_thread() -> AbstractContextManager[Any]:
    """For small problems, where threads wait for each other longer than they work. Looking for the libraries takes
    over a millisecond, and is done once."""
    return _blas().limit(limits=1, user_api="blas")


def damped(weights: sparse.csr_matrix) -> sparse.csr_matrix:
    """log(1 + plays): the hundredth play says less than the first."""
    return sparse.csr_matrix((np.log1p(weights.data), weights.indices, weights.indptr), shape=weights.shape)


def strength(weights: sparse.csr_matrix) -> sparse.csr_matrix:
    """log(1 + plays) over its mean in the row: how much of somebody's taste, whatever they count in."""
    logs = damped(weights)
    count = np.diff(logs.indptr)
    mean = np.asarray(logs.sum(axis=1)).ravel() / np.maximum(count, 1)
    scale = np.divide(1.0, mean, out=np.zeros_like(mean, dtype=np.float64), where=mean > 0).astype(np.float32)
    return sparse.csr_matrix((logs.data * np.repeat(scale, count), logs.indices, logs.indptr), shape=logs.shape)


def binary(weights: sparse.csr_matrix) -> sparse.csr_matrix:
    """1 where something was heard."""
    return sparse.csr_matrix((np.ones_like(weights.data), weights.indices, weights.indptr), shape=weights.shape)


def row_lengths(matrix: sparse.csr_matrix) -> Floats:
    """(rows,) the Euclidean length of each row: of content, how much is said of an item."""
    return np.asarray(np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()), np.float32)


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows of length 1; rows of zeros stay."""
    lengths = row_lengths(matrix)
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.csr_matrix(sparse.diags(scale.astype(np.float32)) @ matrix, dtype=np.float32)


def memberships(content: sparse.csr_matrix, least_items: int = 5) -> sparse.csr_matrix:
    """Features as if each were a listener: (features × items), 0 to 1, 1 from the feature's usual positive
    value on. Features of fewer than `least_items` items tie nothing together and are left out."""
    positive = sparse.csc_matrix(content.maximum(0), dtype=np.float32)
    positive.eliminate_zeros()
    count = np.diff(positive.indptr)
    usual = np.asarray(positive.sum(axis=0)).ravel() / np.maximum(count, 1)
    positive.data = np.minimum(positive.data / np.repeat(usual, count), 1.0).astype(np.float32)
    return sparse.csr_matrix(positive[:, count >= least_items].T)


def csr_arrays(name: str, matrix: sparse.csr_matrix) -> dict[str, NDArray[Any]]:
    """The three arrays of a CSR matrix and its shape, for `tensors()`."""
    return {f"{name}.data": matrix.data.astype(np.float32), f"{name}.indices": matrix.indices.astype(np.int32),
            f"{name}.indptr": matrix.indptr.astype(np.int64), f"{name}.shape": np.array(matrix.shape, np.int64)}


def csr_from(name: str, tensors: dict[str, NDArray[Any]]) -> sparse.csr_matrix:
    """The matrix that `csr_arrays` took apart."""
    rows, columns = (int(size) for size in tensors[f"{name}.shape"])
    parts = (tensors[f"{name}.data"], tensors[f"{name}.indices"], tensors[f"{name}.indptr"])
    return sparse.csr_matrix(parts, shape=(rows, columns))


def popularity_of(weights: sparse.csr_matrix) -> Floats:
    """How many listeners heard each item, as log(1 + n), scaled so that the most popular has 1."""
    count = np.log1p(np.asarray((weights > 0).sum(axis=0)).ravel().astype(np.float32))
    return np.asarray(count / max(float(count.max(initial=0.0)), 1e-9), dtype=np.float32)


class Base(ABC):
    """A recommender whose empty histories get the popular items.

    A subclass learns in `_fit`, scores in `_scores` and takes a score apart in `_parts`; what it
    learned is in the attributes that `_arrays` names, numpy arrays all.
    """

    id: ClassVar[str]
    cold_items: ClassVar[bool] = False
    needs_content: ClassVar[bool] = False
    _settings: ClassVar[tuple[str, ...]] = ()
    """Names of the attributes that `__init__` takes as keywords."""

    def __init__(self) -> None:
        self.items: tuple[str, ...] = ()
        self.features: tuple[str, ...] = ()
        self.popularity: Floats = np.zeros(0, np.float32)

    def fit(self, data: Interactions, content: Content | None = None, progress: Progress = no_progress, seed: int = 0) -> Self:
        """See `Recommender.fit`."""
        if not data.items or not data.listeners or (data.weights.nnz == 0 and data.stars.nnz == 0):
            raise RequestError("A recommender learns from what somebody heard", "there is nothing yet",
                               "Listen to or rate something, or add the demonstration community")
        if self.needs_content and content is None:
            raise RequestError(f"The model {self.id} needs content", "there is none", "Give it the features of the items")
        content = None if content is None else content.aligned(data.items)
        fresh = self._new()
        fresh.items = data.items
        fresh.features = content.features if content is not None else ()
        heard = data.weights if data.weights.nnz else data.stars
        fresh.popularity = popularity_of(heard)
        fresh._fit(data, content, progress, seed)
        self.__dict__ = fresh.__dict__  # at once, and nothing that was derived from the fit before stays
        return self

    def scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix | None = None) -> Floats:
        """See `Recommender.scores`."""
        weights, stars = self._checked(weights, stars)
        known = recall(self, weights, stars)
        if known is not None:
            return known
        found = np.asarray(self._scores(weights, stars), dtype=np.float32)
        empty = self._empty(weights, stars)
        if empty.any():
            found[empty] = self._prior()
        remember(self, weights, stars, found)
        return found

    def reasons(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix | None, item: int) -> tuple[Reason, ...]:
        """See `Recommender.reasons`."""
        weights, stars = self._one(weights, stars, item)
        with remembering():
            score = float(self.scores(weights, stars)[0, item])
            if self._empty(weights, stars)[0]:
                return (Reason("prior", "popularity", score),)
            columns, parts = self._parts(weights, stars, item)
        found = [Reason("item", self.items[column], float(part)) for column, part in zip(columns, parts, strict=True)]
        found.append(Reason("prior", "popularity", score - float(np.sum(parts))))
        return tuple(sorted(found, key=lambda reason: -reason.contribution))

    def feature_reasons(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix | None, item: int) -> tuple[Reason, ...]:
        """See `Recommender.feature_reasons`."""
        self._one(weights, stars, item)
        return ()

    def tensors(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """See `Recommender.tensors`."""
        self._must_be_fitted()
        head = {"items": list(self.items), "features": list(self.features),
                "settings": {name: getattr(self, name) for name in self._settings}}
        return {"popularity": self.popularity, **self._arrays()}, head

    @classmethod
    def from_tensors(cls, tensors: dict[str, NDArray[Any]], head: dict[str, Any]) -> Self:
        """See `Recommender.from_tensors`."""
        model = cls(**head["settings"])
        model.items, model.features = tuple(head["items"]), tuple(head["features"])
        model.popularity = tensors["popularity"]
        model._restore(tensors)
        return model

    @abstractmethod
    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        """Learn into the attributes of a new instance."""

    @abstractmethod
    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        """Scores of checked histories; rows of empty ones are replaced."""

    @abstractmethod
    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        """Columns of one history and what each adds to the score of `item`."""

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {}

    def _restore(self, tensors: dict[str, NDArray[Any]]) -> None:
        return None

    def _prior(self) -> Floats:
        """Scores of an empty history."""
        return self.popularity

    def _empty(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> NDArray[np.bool_]:
        """Which rows hold nothing that the model could use."""
        return np.diff(weights.indptr) == 0

    def _new(self) -> Self:
        return type(self)(**{name: getattr(self, name) for name in self._settings})

    def _must_be_fitted(self) -> None:
        if not self.items:
            raise RequestError(f"The model {self.id} is fitted first", "it is not", "Call fit or load a fitted one")

    def _checked(self, weights: Any, stars: Any) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        self._must_be_fitted()
        weights = checked_weights(weights, len(self.items))
        if stars is None:
            return weights, sparse.csr_matrix(weights.shape, dtype=np.float32)
        return weights, checked_stars(stars, len(self.items), weights.shape[0])

    def _one(self, weights: Any, stars: Any, item: int) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        weights, stars = self._checked(weights, stars)
        if weights.shape[0] != 1:
            raise RequestError("Reasons are given for one history", f"got {weights.shape[0]}")
        if not 0 <= item < len(self.items):
            raise RequestError(f"An item is a column from 0 to {len(self.items) - 1}", f"got {item}")
        return weights, stars
