"""Many interactions at once, as columns of numbers: what models are fitted on and what imports bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.store.checks import LATEST, MAX_SECONDS, item_kind, listener_id


@dataclass(frozen=True, slots=True)
class RatingColumns:
    """N ratings.

    `listener` and `item` (N,) int32 are places in `listeners` and `items`; `value` (N,) float32
    are stars 0.5..5; `at` (N,) int64 are seconds since 1970, UTC. `simulated` (L,) bool tells
    which listeners are of a community that was brought, and not people who use this Songloom.
    """

    listeners: tuple[str, ...]
    items: tuple[str, ...]
    listener: NDArray[np.int32]
    item: NDArray[np.int32]
    value: NDArray[np.float32]
    at: NDArray[np.int64]
    simulated: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.listener)


@dataclass(frozen=True, slots=True)
class PlayColumns:
    """N plays: as `RatingColumns`, with `heard` and `length` (N,) float32 in seconds, `skipped` (N,) bool.

    `length` is 0 where it is unknown.
    """

    listeners: tuple[str, ...]
    items: tuple[str, ...]
    listener: NDArray[np.int32]
    item: NDArray[np.int32]
    at: NDArray[np.int64]
    heard: NDArray[np.float32]
    length: NDArray[np.float32]
    skipped: NDArray[np.bool_]
    simulated: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.listener)

    @property
    def value(self) -> NDArray[np.float32]:
        """(N,) float32, 0..1: how much of the item was heard; 1 where its length is unknown and it was not skipped."""
        known = self.length > 0
        share = np.divide(self.heard, self.length, out=np.ones_like(self.heard), where=known)
        return np.where(known, np.minimum(share, 1.0), np.where(self.skipped, 0.0, 1.0)).astype(np.float32)


def check(columns: RatingColumns | PlayColumns) -> None:
    """See that columns fit together and that all values are in range.

    Raises:
        RequestError: they do not.
    """
    for item in columns.items:
        item_kind(item)
    for listener in columns.listeners:
        listener_id(listener)
    _within("places of listeners", columns.listener, 0, len(columns.listeners) - 1)
    _within("places of items", columns.item, 0, len(columns.items) - 1)
    _within("moments", columns.at, 0, LATEST - 1)
    if isinstance(columns, RatingColumns):
        others: list[NDArray[Any]] = [columns.item, columns.at, columns.value]
        _within("stars", columns.value, 0.5, 5)
        if not np.array_equal(columns.value * 2, np.round(columns.value * 2)):
            raise RequestError("Stars go from 0.5 to 5 in halves", "got others in between")
    else:
        others = [columns.item, columns.at, columns.heard, columns.length, columns.skipped]
        _within("seconds heard", columns.heard, 0, MAX_SECONDS)
        _within("lengths", columns.length, 0, MAX_SECONDS)
    if any(len(other) != len(columns) for other in others):
        raise RequestError("All columns are equally long", f"got {len(columns)} and {[len(other) for other in others]}")


def _within(what: str, values: NDArray[Any], low: float, high: float) -> None:
    if len(values) and not (values.min() >= low and values.max() <= high):
        raise RequestError(f"The {what} are between {low} and {high}", f"got {values.min()} to {values.max()}")
