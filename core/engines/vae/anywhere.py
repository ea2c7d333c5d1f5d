"""New music for a place on the map: from what lies on both sides of it, made until it comes down near."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from core.corpora.catalogue import load as load_tune
from core.engines.protocol import Progress, Take, no_progress
from core.engines.vae.atlas import Atlas, Spot
from core.engines.vae.engine import VaeEngine
from core.engines.vae.grid import MAX_BARS
from core.engines.vae.piece import read
from core.engines.vae.vary import vary
from core.errors import RequestError
from core.score import Score

FARTHEST = 10.0
"""How far from the middle of the map a place may be; the spread of its pieces is 1."""
NEIGHBOURS = 12
"""Pieces around a place among which the second one is chosen."""
STRENGTH = 0.5
"""How far each candidate is varied from what lies between the two pieces."""
CANDIDATES = 8


@dataclass(frozen=True)
class Found:
    """A take, and where it came down on the map."""

    take: Take
    x: float
    y: float


@dataclass(frozen=True)
class Composed:
    """Takes for a place, the nearest to it first, and the one or two pieces that they lie between."""

    found: tuple[Found, ...]
    between: tuple[Spot, ...]


def compose_at(engine: VaeEngine, atlas: Atlas, x: float, y: float, *, takes: int = 2, random_seed: int = 0,
               free_only: bool = False, open_tune: Callable[[str], Score] = load_tune,
               progress: Progress = no_progress) -> Composed:
    """Compose for a place of the map.

    The piece nearest to the place is morphed towards another one in its metre, as far as the place lies between
    them. What is there is varied several times, and the variations that the map shows nearest to the place stay.

    Args:
        engine: the autoencoder of the map's weights.
        atlas: the map.
        x: of the place, up to `FARTHEST` from the middle.
        y: the same.
        takes: how many, 1 to `CANDIDATES`.
        random_seed: the same number gives the same takes.
        free_only: only weights that learned from free music.
        open_tune: gives the score of a tune of the map.
        progress: see `Engine.compose`.

    Raises:
        RequestError: the place is far from the map, or too many takes are asked for.
        WeightsMissingError: the weights are not at hand.
        Cancelled: `progress` raised it.
    """
    if not math.hypot(x, y) <= FARTHEST:
        raise RequestError("A place on the map is needed", f"got {x:g}, {y:g}", "Choose a place near the pieces")
    if not 1 <= takes <= CANDIDATES:
        raise RequestError(f"From a place of the map come 1 to {CANDIDATES} takes", f"got {takes}")
    near, *others = atlas.around(x, y, NEIGHBOURS)
    first = open_tune(near.tune)
    ways = []
    for other in others:
        score = open_tune(other.tune)
        if score.metres[0] == first.metres[0]:
            share, off = _between(near, other, x, y)
            ways.append((off, other, share, score))
    between: tuple[Spot, ...] = (near,)
    seed = first
    if ways:
        _, other, share, score = min(ways, key=lambda way: way[0])
        between, seed = (near, other), engine.morph(first, score, free_only).at(share)
    metres = {style.id: style.metres for style in engine.styles(free_only)}
    style = near.style if read(seed).window.metre in metres[near.style] else None
    made = vary(engine, seed, strength=STRENGTH, takes=CANDIDATES, random_seed=random_seed, style=style, free_only=free_only,
                progress=progress)
    loaded = engine.load(MAX_BARS, free_only)
    found = [Found(one.take, *atlas.place(loaded, one.take.score)) for one in made.ordered]
    found.sort(key=lambda one: math.hypot(one.x - x, one.y - y))
    return Composed(tuple(found[:takes]), between)


def _between(one: Spot, other: Spot, x: float, y: float) -> tuple[float, float]:
    """How far a place lies between two pieces, 0 at the one to 1 at the other, and how far it is off the way."""
    way_x, way_y = other.x - one.x, other.y - one.y
    square = way_x**2 + way_y**2
    share = min(1.0, max(0.0, ((x - one.x) * way_x + (y - one.y) * way_y) / square)) if square else 0.0
    return share, math.hypot(one.x + share * way_x - x, one.y + share * way_y - y)
