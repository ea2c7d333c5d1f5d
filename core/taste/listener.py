"""What one listener did, as the models take it: one row of weights and one of stars, less what was left out.

The row is made anew at every look from the few rows of the store that are the listener's, so a new
star counts at once and nothing of a listener is kept anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.errors import RequestError
from core.store import Store
from core.store.records import Exclusion
from core.taste.gather import DISLIKED_TO, gather, play_weights, star_weight
from core.taste.pieces import PieceBook

MONTH = 30 * 86_400


@dataclass(frozen=True, eq=False)
class History:
    """A listener's own.

    `stars` and `likes` are by item; `weights` by item in plays (`core/taste/gather.py`); `last` is when an
    item was last heard or rated, in seconds since 1970. `left_out` are the exclusions that hold.
    """

    listener: str
    stars: Mapping[str, float]
    weights: Mapping[str, float]
    likes: frozenset[str]
    skipped: frozenset[str]
    last: Mapping[str, int]
    left_out: tuple[Exclusion, ...]
    plays: int = 0
    events: tuple[tuple[str, float, int], ...] = ()
    """(item, weight in plays, when in seconds since 1970); plays of one item in one month are one event."""

    @property
    def known(self) -> frozenset[str]:
        """Items that the listener heard or rated: not to be shown as new."""
        return frozenset({*self.stars, *self.weights, *self.skipped, *self.likes})

    @property
    def is_empty(self) -> bool:
        return not self.stars and not self.weights

    def rows(self, items: Sequence[str]) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Weights and stars as rows (1 × items); what is not among `items` is left out."""
        place = {item: column for column, item in enumerate(items)}
        return _row(self.weights, place), _row(self.stars, place)

    def allows(self, book: PieceBook, items: Iterable[str]) -> NDArray[np.bool_]:
        """(N,) whether each item may be shown, as far as exclusions of items, artists, styles and sources go."""
        rules = [(rule.kind, rule.value) for rule in self.left_out if rule.kind != "period"]
        if not rules:
            return np.ones(len(list(items)), bool)
        return np.array([not any(book[item].is_left_out_by(kind, value) for kind, value in rules) for item in items], bool)


def _row(values: Mapping[str, float], place: Mapping[str, int]) -> sparse.csr_matrix:
    pairs = sorted((place[item], value) for item, value in values.items() if item in place and value > 0)
    columns, data = [column for column, _ in pairs], [value for _, value in pairs]
    return sparse.csr_matrix((data, columns, [0, len(columns)]), shape=(1, len(place)), dtype=np.float32)


def read(store: Store, listener: str, book: PieceBook) -> History:
    """The history of a listener as the store has it now.

    Raises:
        StoreError: the store refuses.
    """
    listening = store.listening
    left_out = listening.exclusions(listener)
    rules = [(rule.kind, rule.value) for rule in left_out if rule.kind != "period"]
    periods = [period_of(rule.value) for rule in left_out if rule.kind == "period"]

    def counts(item: str, at: int) -> bool:
        if any(start <= at < end for start, end in periods):
            return False
        return not rules or item not in book or not any(book[item].is_left_out_by(*rule) for rule in rules)

    ratings = listening.all_ratings(listener)
    given = [(ratings.items[i], float(v), int(at)) for i, v, at in zip(ratings.item, ratings.value, ratings.at, strict=True)]
    stars = {item: value for item, value, at in given if counts(item, at)}
    last = {item: at for item, _, at in given}
    plays = listening.all_plays(listener)
    heard: dict[str, float] = {}
    events = [(item, star_weight(value), at) for item, value, at in given if item in stars and star_weight(value)]
    skipped = set()
    for column, item in enumerate(plays.items):
        own = plays.item == column
        at = plays.at[own]
        last[item] = max(last.get(item, 0), int(at.max()))
        if rules and not counts(item, -1):
            continue
        inside = ~_within(at, periods)
        weights = play_weights(plays.value[own][inside])
        if weights.sum() > 0:
            heard[item] = float(weights.sum())
            events += _by_month(item, at[inside], weights)
        elif inside.any():
            skipped.add(item)
    likes = frozenset(item for item in listening.likes(listener) if counts(item, -1))
    comments = [(listener, found.item, found.text) for found in listening.comments(listener) if counts(found.item, -1)]
    items = tuple(sorted({*stars, *heard, *likes, *(item for _, item, _ in comments)}))
    found = gather(items, [(listener, item, value) for item, value in heard.items()],
                   [(listener, item, value) for item, value in stars.items()], [(listener, item) for item in likes], comments)
    row = found.weights[0].toarray()[0] if found.listeners else np.zeros(len(items), np.float32)
    counted = {item: float(value) for item, value in zip(items, row, strict=True) if value > 0}
    return History(listener, stars, counted, likes, frozenset(skipped), last, left_out, len(plays), tuple(events))


def _by_month(item: str, at: NDArray[np.int64], weights: NDArray[np.float64]) -> list[tuple[str, float, int]]:
    """Plays of an item as one event a month, at its last play."""
    months, place = np.unique(at // MONTH, return_inverse=True)
    total = np.bincount(place, weights, len(months))
    latest = np.zeros(len(months), np.int64)
    np.maximum.at(latest, place, at)
    return [(item, float(weight), int(when)) for weight, when in zip(total, latest, strict=True) if weight > 0]


def disliked(history: History) -> frozenset[str]:
    """Items with so few stars that the listener does not want more of the kind."""
    return frozenset(item for item, value in history.stars.items() if value <= DISLIKED_TO)


def period_of(value: str) -> tuple[int, int]:
    """Seconds since 1970 from the first day to after the last of `2024-01-01/2024-03-31`.

    Raises:
        RequestError: it is not two days, the first one first.
    """
    first, slash, last = value.partition("/")
    try:
        start, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, last or first))
    except ValueError:
        start, end = datetime(2, 1, 1, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)
    if not slash or end < start:
        raise RequestError("A period is two days, such as 2024-01-01/2024-03-31", f"got {value[:40]!r}")
    return int(start.timestamp()), int((end + timedelta(days=1)).timestamp())


def _within(at: NDArray[np.int64], periods: Sequence[tuple[int, int]]) -> NDArray[np.bool_]:
    inside = np.zeros(len(at), bool)
    for start, end in periods:
        inside |= (at >= start) & (at < end)
    return inside
