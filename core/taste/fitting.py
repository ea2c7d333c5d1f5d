"""From the store to a new snapshot: everything is gathered, every model is fitted, the whole is swapped in.

`core/taste/refit.py` does it in a process of its own.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.store import Store
from core.store.columns import PlayColumns, RatingColumns
from core.taste import snapshot
from core.taste.community import kept
from core.taste.content import TakeDescriptions
from core.taste.features import FeatureTable, catalogue_features
from core.taste.gather import gather, play_weights
from core.taste.pieces import PieceBook
from core.taste.protocol import Content, Interactions, Progress, Recommender, no_progress
from core.taste.registry import RECOMMENDERS, get
from core.taste.snapshot import Origin, Snapshot
from core.taste.world import make

FOR_COMPARISON = ("svdpp",)
"""Models that only the evaluation fits."""

BLEND = "hybrid"
QUICK = ("popularity", "item-knn", "svd", "als", "content")
"""Models that are fitted in seconds: the first snapshot of an installation has these alone, until all are ready."""

STEPS = 100
"""Parts of progress that each model gets."""


def models_to_fit() -> tuple[str, ...]:
    """Ids of the models that a snapshot holds."""
    return tuple(id for id in RECOMMENDERS if id not in FOR_COMPARISON)


def read_interactions(store: Store, book: PieceBook) -> tuple[Interactions, Origin]:
    """Who heard and rated what, over all pieces of the book.

    Raises:
        StoreError: the store refuses.
        DataMissingError: the catalogue is not at hand.
    """
    listening = store.listening
    revision = listening.revision()
    ratings, plays, likes = _counted(listening.all_ratings(), listening.all_plays(), listening.all_likes())
    items = tuple(book)
    known = set(items)
    found = gather(items, _heard(plays, known), _rows(ratings, ratings.value, known),
                   [(who, what) for who, what, _ in _rows(likes, likes.value, known)],
                   [comment for comment in listening.all_comments() if comment[1] in known])
    people, simulated = _split((ratings, plays, likes))
    everything = (*_sizes(ratings), *_sizes(plays), *_sizes(likes))
    total = sum(size for size, _ in everything)
    return found, Origin(revision, people, simulated, total, sum(part for _, part in everything), time.time())


def fit(data: Interactions, content: Content, origin: Origin, progress: Progress = no_progress,
        models: Sequence[str] | None = None, seed: int = 0) -> Snapshot:
    """Fit every model on the data; an empty snapshot where nobody listened to anything yet.

    Raises:
        Cancelled: `progress` raised it.
    """
    if data.weights.nnz == 0 and data.stars.nnz == 0:
        return Snapshot({}, origin)
    wanted = models_to_fit() if models is None else tuple(models)
    content = content.aligned(data.items)
    fitted: dict[str, Recommender] = {}
    # What is blended is fitted inside the blend, and need not be fitted a second time.
    for number, id in enumerate(sorted(wanted, key=lambda id: id != BLEND)):
        if id not in fitted:
            fitted[id] = get(id).fit(data, content, _part(progress, number, len(wanted)), seed)
            inside: Mapping[str, Recommender] = getattr(fitted[id], "models", {})
            fitted |= {part: model for part, model in inside.items() if part in wanted}
    progress(len(wanted) * STEPS, len(wanted) * STEPS)
    return Snapshot(fitted, origin)


def refit(url: str, folder: Path, table: FeatureTable | None = None, models: Sequence[str] | None = None, *,
          progress: Progress = no_progress) -> str:
    """Read the store at `url`, fit everything and make the result the current snapshot of `folder`; its name.

    Args:
        table: features of the catalogue; None takes the shipped ones.
        models: ids of the models to fit; None takes `models_to_fit()`.

    Raises:
        StoreError: the store refuses, or the disk is full; the old snapshot holds on.
        Cancelled: `progress` raised it; the same.
    """
    store = Store(url)
    try:
        while True:
            forgotten = store.privacy.forgotten()
            world = make(store, table or catalogue_features(), TakeDescriptions())
            data, origin = read_interactions(store, world.book)
            if models is None and snapshot.current(folder) is None:
                snapshot.save(fit(data, world.content, origin, no_progress, QUICK), folder)
            name = snapshot.save(fit(data, world.content, origin, progress, models), folder)
            if store.privacy.forgotten() == forgotten:
                return name
            # Somebody who is in what was read was forgotten meanwhile: it goes, and all is learned again.
            shutil.rmtree(folder)
    finally:
        store.close()


def _counted(ratings: RatingColumns, plays: PlayColumns,
             likes: RatingColumns) -> tuple[RatingColumns, PlayColumns, RatingColumns]:
    """The rows without those simulated listeners that have left, because enough people came."""
    kinds = _kinds((ratings, plays, likes))
    names = tuple(kinds)
    stay = dict(zip(names, kept(names, np.array([kinds[name] for name in names], bool)).tolist(), strict=True))
    return _of(ratings, stay), _of(plays, stay), _of(likes, stay)


_Columns = TypeVar("_Columns", RatingColumns, PlayColumns)


def _of(columns: _Columns, stay: Mapping[str, bool]) -> _Columns:
    """The rows of the listeners who stay."""
    rows = np.array([stay[listener] for listener in columns.listeners], bool)[columns.listener]
    each = {field.name: getattr(columns, field.name)[rows] for field in fields(columns)
            if field.name not in ("listeners", "items", "simulated")}
    return replace(columns, **each)


def _part(progress: Progress, number: int, count: int) -> Progress:
    def report(done: int, total: int) -> None:
        progress(number * STEPS + STEPS * done // max(1, total), count * STEPS)

    return report


def _heard(plays: PlayColumns, known: set[str]) -> list[tuple[str, str, float]]:
    """(listener, item, weight), several hearings of one item added up; skips say nothing."""
    pair = plays.listener.astype(np.int64) * max(1, len(plays.items)) + plays.item
    pairs, place = np.unique(pair, return_inverse=True)
    total = np.bincount(place, play_weights(plays.value), len(pairs))
    return _named(plays, pairs, total, known)


def _rows(columns: RatingColumns, values: NDArray[Any], known: set[str]) -> list[tuple[str, str, float]]:
    pairs = columns.listener.astype(np.int64) * max(1, len(columns.items)) + columns.item
    return _named(columns, pairs, values, known)


def _named(columns: RatingColumns | PlayColumns, pairs: NDArray[np.int64], values: NDArray[Any],
           known: set[str]) -> list[tuple[str, str, float]]:
    who, what = np.divmod(pairs, max(1, len(columns.items)))
    return [(columns.listeners[a], columns.items[b], float(value)) for a, b, value in zip(who, what, values, strict=True)
            if value > 0 and columns.items[b] in known]


def _split(parts: Sequence[RatingColumns | PlayColumns]) -> tuple[int, int]:
    """How many people and how many simulated listeners did anything."""
    kinds = _kinds(parts)
    there = {columns.listeners[place] for columns in parts for place in np.unique(columns.listener)}
    return sum(not kinds[name] for name in there), sum(kinds[name] for name in there)


def _kinds(parts: Sequence[RatingColumns | PlayColumns]) -> dict[str, bool]:
    """Whether each listener is simulated."""
    kinds: dict[str, bool] = {}
    for columns in parts:
        flags = columns.simulated if columns.simulated is not None else np.zeros(len(columns.listeners), bool)
        kinds |= dict(zip(columns.listeners, map(bool, flags), strict=True))
    return kinds


def _sizes(columns: RatingColumns | PlayColumns) -> tuple[tuple[int, int], ...]:
    """(rows, rows of simulated listeners)."""
    if columns.simulated is None or not len(columns):
        return ((len(columns), 0),)
    return ((len(columns), int(columns.simulated[columns.listener].sum())),)


