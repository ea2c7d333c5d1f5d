"""Scores that were asked for already, for as long as somebody says that they ask again.

A list and the reasons of its pieces ask the same models for the scores of the same history. Models are
shared by all listeners, so nothing of one may stay in them: who asks brings what was answered so far.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from scipy import sparse

from core.taste.protocol import Floats

Asked = dict[tuple[Any, ...], Floats]
"""Scores (1 × items) by model and history."""

_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


@contextmanager
def remembering(asked: Asked | None = None) -> Iterator[None]:
    """Within it, models look into `asked` for the scores of single histories, and put them there; without one
    into that of the caller, or else into one that ends with it."""
    outer = _asked.get()
    token = _asked.set(asked if asked is not None else outer if outer is not None else {})
    try:
        yield
    finally:
        _asked.reset(token)


def recall(model: object, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats | None:
    """A copy of the scores of one history by a model, if they were asked for before."""
    asked = _asked.get()
    found = None if not asked or weights.shape[0] != 1 else asked.get(_key(model, weights, stars))
    return None if found is None else found.copy()


def remember(model: object, weights: sparse.csr_matrix, stars: sparse.csr_matrix, scores: Floats) -> None:
    """Note the scores of one history, if somebody will ask again."""
    asked = _asked.get()
    if asked is not None and weights.shape[0] == 1:
        asked[_key(model, weights, stars)] = scores.copy()


def _key(model: object, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> tuple[Any, ...]:
    return (model, *(part.tobytes() for matrix in (weights, stars) for part in (matrix.indices, matrix.data)))
