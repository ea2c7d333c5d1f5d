"""What a recommender is given and what it gives: the contract that every model keeps.

A model is fitted on `Interactions` (who heard and rated what) and `Content` (what items are made
of). It never scores a stored listener: it scores *histories*, rows over the same items, by fold-in.
So a new star counts at once, a new listener is like any other, and a listener who is to be
forgotten is in no model after the next fit. `tests/taste/test_contract.py` holds every registered
model to this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.errors import RequestError

Floats = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with (done, total) while a model is fitted; may raise `core.errors.Cancelled`."""

MIN_STARS, MAX_STARS = 0.5, 5.0


def no_progress(done: int, total: int) -> None:
    """For callers who do not look."""


@dataclass(frozen=True, eq=False)
class Interactions:
    """Who heard what how much, and how they rated it.

    `weights` is (listeners × items), float32, in plays: 0 where nothing is known, 1 for one hearing,
    more for more; liking and high stars count here too (`core/taste/gather.py` says how much), low
    stars do not. `stars` has the same shape: 0.5 to 5, and 0 where there is none. Items without any
    interaction are allowed (they are new); so are listeners.

    Raises:
        RequestError: shapes, ids or ranges do not fit.
    """

    listeners: tuple[str, ...]
    items: tuple[str, ...]
    weights: sparse.csr_matrix
    stars: sparse.csr_matrix

    def __post_init__(self) -> None:
        shape = (len(self.listeners), len(self.items))
        if len(set(self.items)) != len(self.items) or len(set(self.listeners)) != len(self.listeners):
            raise RequestError("Every listener and every item is there once", "an id is there twice")
        object.__setattr__(self, "weights", checked_weights(self.weights, shape[1], shape[0]))
        object.__setattr__(self, "stars", checked_stars(self.stars, shape[1], shape[0]))

    @classmethod
    def from_rows(cls, items: Iterable[str], plays: Iterable[tuple[str, str, float]],
                  stars: Iterable[tuple[str, str, float]] = ()) -> Self:
        """From (listener, item, weight) and (listener, item, stars); several plays of one item add up,
        of several stars the last counts. `items` is the catalogue, in the order the columns get.

        Raises:
            RequestError: a row names an item that is not in `items`, or a value is out of range.
        """
        names = tuple(items)
        column = {name: index for index, name in enumerate(names)}
        heard, rated = list(plays), {(who, what): value for who, what, value in stars}
        people = tuple(sorted({who for who, _, _ in heard} | {who for who, _ in rated}))
        row = {name: index for index, name in enumerate(people)}
        unknown = next((what for what in [*(r[1] for r in heard), *(key[1] for key in rated)] if what not in column), None)
        if unknown is not None:
            raise RequestError("Interactions are with items of the catalogue", f"got {unknown!r}")
        shape = (len(people), len(names))
        weights = sparse.csr_matrix(([r[2] for r in heard], ([row[r[0]] for r in heard], [column[r[1]] for r in heard])),
                                    shape=shape, dtype=np.float32)
        given = sparse.csr_matrix((list(rated.values()), ([row[who] for who, _ in rated], [column[what] for _, what in rated])),
                                  shape=shape, dtype=np.float32)
        return cls(people, names, weights, given)


@dataclass(frozen=True, eq=False)
class Content:
    """What items are made of, as rows whose cosine says how alike two items are.

    `matrix` is (items × features), float32, finite: tag counts damped and weighted by rarity, one-hot
    styles, scaled measures. A row of zeros is an item of which nothing is known.

    Raises:
        RequestError: the shape does not fit or a value is not finite.
    """

    items: tuple[str, ...]
    features: tuple[str, ...]
    matrix: sparse.csr_matrix

    def __post_init__(self) -> None:
        matrix = sparse.csr_matrix(self.matrix, dtype=np.float32)
        if matrix.shape != (len(self.items), len(self.features)):
            raise RequestError(f"Content of {len(self.items)} items and {len(self.features)} features has that shape",
                               f"got {matrix.shape}")
        if not np.isfinite(matrix.data).all():
            raise RequestError("Content is finite", "got NaN or infinity")
        object.__setattr__(self, "matrix", matrix)

    def aligned(self, items: tuple[str, ...]) -> Content:
        """The same features with one row for each of `items`; zeros for those that are not here."""
        if items == self.items:
            return self
        place = {name: index for index, name in enumerate(self.items)}
        known = [(row, place[name]) for row, name in enumerate(items) if name in place]
        pick = sparse.csr_matrix((np.ones(len(known), np.float32), ([k[0] for k in known], [k[1] for k in known])),
                                 shape=(len(items), len(self.items)))
        return Content(items, self.features, pick @ self.matrix)


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score: what `kind` of thing (`item` of the history, `feature` of the content, or
    `prior`, what is due to no part of the history), which, and how much of the score it is."""

    kind: str
    key: str
    contribution: float


@runtime_checkable
class Recommender(Protocol):
    """A model that ranks items for histories.

    Scores are float32, finite, higher is better, comparable within one row only. Equal data and
    equal seed give equal scores. A history without any item gets the popular items (each model says
    if it does otherwise). An item nobody heard is scored through content where `cold_items` is true and
    content was given; else its score says nothing.
    """

    id: ClassVar[str]
    cold_items: ClassVar[bool]
    items: tuple[str, ...]

    def fit(self, data: Interactions, content: Content | None = None, progress: Progress = no_progress, seed: int = 0) -> Self:
        """Learn from `data`, with `content.aligned(data.items)` where there is content; returns itself.

        Raises:
            RequestError: there are no items or no interactions at all, or the model needs content.
            Cancelled: `progress` was told to stop; the model is then as before.
        """
        ...

    def scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix | None = None) -> Floats:
        """Scores (B × items) of B histories, given as in `Interactions`.

        Raises:
            RequestError: not fitted, or the shape or a value does not fit.
        """
        ...

    def reasons(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix | None, item: int) -> tuple[Reason, ...]:
        """Why `item` (a column) has its score in the one history given: the items of the history and
        the prior, strongest first. The contributions add up to the score."""
        ...

    def feature_reasons(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix | None, item: int) -> tuple[Reason, ...]:
        """The same through features of the content, strongest first; none where the model uses no content."""
        ...

    def tensors(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """All that is needed to score again: arrays, and a head that JSON can hold."""
        ...

    @classmethod
    def from_tensors(cls, tensors: dict[str, NDArray[Any]], head: dict[str, Any]) -> Self:
        """The model that gave these `tensors()`."""
        ...


@runtime_checkable
class StarPredictor(Protocol):
    """A recommender that also says how many stars somebody would give."""

    def predict_stars(self, stars: sparse.csr_matrix) -> Floats:
        """Stars (B × items), 0.5 to 5, for B rows of stars given so far (0 where there is none)."""
        ...


@runtime_checkable
class Fitted(Protocol):
    """A recommender that fits listeners beside items, and can tell what fitting alone says."""

    def fitted_scores(self) -> Floats:
        """Scores (listeners × items) of the listeners of the last `fit`; they are not saved.

        Raises:
            RequestError: the model was loaded, not fitted.
        """
        ...


def checked_weights(weights: sparse.spmatrix | NDArray[Any], items: int, rows: int | None = None) -> sparse.csr_matrix:
    """A history's weights as canonical CSR float32.

    Raises:
        RequestError: the shape is not (rows × items), or a value is negative or not finite.
    """
    return _checked(weights, "weights", items, rows, 0.0, np.inf)


def checked_stars(stars: sparse.spmatrix | NDArray[Any], items: int, rows: int | None = None) -> sparse.csr_matrix:
    """A history's stars as canonical CSR float32.

    Raises:
        RequestError: the shape is not (rows × items), or a value is neither 0 nor from 0.5 to 5.
    """
    return _checked(stars, "stars", items, rows, MIN_STARS, MAX_STARS)


def _checked(values: sparse.spmatrix | NDArray[Any], name: str, items: int, rows: int | None, low: float,
             high: float) -> sparse.csr_matrix:
    if getattr(values, "ndim", 2) != 2:
        raise RequestError(f"The {name} of a history are rows over {items} items", f"got an array of {values.ndim} dimensions")
    matrix = sparse.csr_matrix(values, dtype=np.float32)
    if matrix.shape[1] != items or (rows is not None and matrix.shape[0] != rows):
        raise RequestError(f"The {name} of a history have the shape ({'rows' if rows is None else rows}, {items})",
                           f"got {matrix.shape}")
    matrix.sum_duplicates()
    if (matrix.data == 0).any():
        matrix = matrix.copy()
        matrix.eliminate_zeros()
    if not np.isfinite(matrix.data).all() or (matrix.data < low).any() or (matrix.data > high).any():
        raise RequestError(f"{name.capitalize()} are from {low:g} to {high:g} and finite, 0 where there are none",
                           "got a value outside")
    return matrix
