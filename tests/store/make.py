"""Interactions for tests."""

from __future__ import annotations

import numpy as np

from core.store.columns import PlayColumns, RatingColumns


def history(count: int, listener: str = "ann", tracks: int = 50, first: int = 1_600_000_000) -> PlayColumns:
    """A listener's plays, one an hour, of tracks of artists with five tracks each."""
    names = tuple(f"track:artist-{number // 5}/title-{number}" for number in range(tracks))
    place = np.arange(count)
    return PlayColumns(
        (listener,),
        names,
        np.zeros(count, np.int32),
        (place * 7 % tracks).astype(np.int32),
        first + place * 3600,
        np.full(count, 60, np.float32),
        np.full(count, 120, np.float32),
        place % 10 == 0,
    )


def crowd(listeners: int, items: int, seed: int = 7) -> RatingColumns:
    """Ratings of simulated listeners, each of half of the items."""
    random = np.random.default_rng(seed)
    who, what = np.nonzero(random.random((listeners, items)) < 0.5)
    return RatingColumns(
        tuple(f"sim:{number:04d}" for number in range(listeners)),
        tuple(f"tune:book/{number}" for number in range(items)),
        who.astype(np.int32),
        what.astype(np.int32),
        (random.integers(1, 11, len(who)) / 2).astype(np.float32),
        np.full(len(who), 1_700_000_000),
    )
