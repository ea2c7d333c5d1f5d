"""From what the store keeps to what models learn from: how much a hearing, a star or a like counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.analysis.sentiment import comment_weight
from core.errors import RequestError
from core.store.records import SKIP_BELOW
from core.taste.protocol import MAX_STARS, MIN_STARS, Interactions

LIKED_FROM = 3.5
"""From so many stars on a rating says that the item belongs to the listener's taste."""

DISLIKED_TO = 2.0
"""Down from so many stars the item is no part of the taste, however often it was heard."""

LIKE_WEIGHT = 3.0
"""A like counts as so many hearings."""

COMMENT_WEIGHT = 2.0
"""A comment full of praise counts as so many hearings."""

FELT_FROM = 0.25
"""A comment speaks for or against a piece from so much feeling on, of 1."""


def play_weights(heard_shares: NDArray[Any]) -> NDArray[np.float64]:
    """(N,) plays that each hearing counts, 0 to 1: the heard share of the item, 0 for a skip."""
    return np.where(heard_shares < SKIP_BELOW, 0.0, np.minimum(heard_shares, 1.0))


def star_weight(stars: float) -> float:
    """Plays that a rating counts, 0 to 5: nothing below `LIKED_FROM`, then 2 more for each star.

    Raises:
        RequestError: the stars are not from 0.5 to 5.
    """
    if not MIN_STARS <= stars <= MAX_STARS:
        raise RequestError(f"Stars are from {MIN_STARS} to {MAX_STARS:g}", f"got {stars}")
    return 0.0 if stars < LIKED_FROM else 2.0 + 2.0 * (stars - LIKED_FROM)


def comment_feelings(comments: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str], float]:
    """From (listener, item, text) the mean feeling for each listener and item, −1 to 1; those without much are left out."""
    found: dict[tuple[str, str], list[float]] = {}
    for who, what, text in comments:
        found.setdefault((who, what), []).append(comment_weight(text))
    means = {key: sum(values) / len(values) for key, values in found.items()}
    return {key: value for key, value in means.items() if abs(value) >= FELT_FROM}


def gather(items: Iterable[str], plays: Iterable[tuple[str, str, float]], stars: Iterable[tuple[str, str, float]],
           likes: Iterable[tuple[str, str]] = (), comments: Iterable[tuple[str, str, str]] = ()) -> Interactions:
    """Interactions from rows of the store.

    Args:
        items: the catalogue, in the order the columns get.
        plays: (listener, item, weight): what its hearings count together by `play_weights`, or a number of plays.
        stars: (listener, item, stars); of several for one item the last counts.
        likes: (listener, item).
        comments: (listener, item, text); their feeling counts where the listener gave no stars, which say it better.

    Raises:
        RequestError: a row names an item that is not in `items`, or stars are out of range.
    """
    rated = {(who, what): value for who, what, value in stars}
    felt = {key: value for key, value in comment_feelings(comments).items() if key not in rated}
    bad = {key for key, value in rated.items() if value <= DISLIKED_TO} | {key for key, value in felt.items() if value < 0}
    weights = [(who, what, weight) for who, what, weight in plays if (who, what) not in bad]
    weights += [(who, what, star_weight(value)) for (who, what), value in rated.items()]
    weights += [(who, what, COMMENT_WEIGHT * value) for (who, what), value in felt.items() if value > 0]
    weights += [(who, what, LIKE_WEIGHT) for who, what in likes if (who, what) not in bad]
    return Interactions.from_rows(items, weights, [(who, what, value) for (who, what), value in rated.items()])
