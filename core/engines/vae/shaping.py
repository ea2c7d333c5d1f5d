"""What the autoencoder does beside composing, as plain functions over scores: vary, morph, mix, steer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from core.engines import registry
from core.engines.protocol import Progress, no_progress
from core.engines.vae import anywhere, attributes, grid
from core.engines.vae import atlas as maps
from core.engines.vae import restyle as restyling
from core.engines.vae import vary as varying
from core.engines.vae.engine import VaeEngine
from core.engines.vae.morph import Morph
from core.engines.vae.piece import Placed
from core.score import Score


def autoencoder() -> VaeEngine:
    """The engine that varies, morphs and mixes."""
    found = registry.shared("vae")
    assert isinstance(found, VaeEngine)
    return found


def weights(free_only: bool) -> str:
    """The hash of the weights that morphs and mixtures are made with.

    Raises:
        WeightsMissingError: they are not at hand.
    """
    return autoencoder().load(grid.MAX_BARS, free_only).hash


def styles(free_only: bool) -> tuple[str, ...]:
    """The ids of the styles that can be mixed in.

    Raises:
        WeightsMissingError: the weights are not at hand.
    """
    return tuple(style.id for style in autoencoder().styles(free_only))


def vary(score: Score, strength: float, takes: int, random_seed: int, free_only: bool, *,
         progress: Progress = no_progress) -> varying.Variations:
    """Variations of a piece; see `core.engines.vae.vary.vary`."""
    return varying.vary(autoencoder(), score, strength=strength, takes=takes, random_seed=random_seed, free_only=free_only,
                        progress=progress)


def morph(first: Score, second: Score, free_only: bool) -> Morph:
    """All pieces between two; see `core.engines.vae.morph.Morph`."""
    return autoencoder().morph(first, second, free_only)


def place(score: Score, free_only: bool) -> Placed:
    """Where a piece lies, to be kept by whoever moves sliders; see `VaeEngine.place`."""
    return autoencoder().place(score, free_only=free_only)


def restyle(placed: Placed, shares: Mapping[str, float], free_only: bool) -> Score:
    """A piece with other styles mixed in; see `core.engines.vae.restyle.restyle`."""
    return restyling.restyle(autoencoder().load(grid.MAX_BARS, free_only), placed, shares)


def steer(placed: Placed, amounts: Mapping[str, float], free_only: bool) -> Score:
    """A piece with its character moved; see `core.engines.vae.attributes.steer`."""
    return attributes.steer(autoencoder().load(grid.MAX_BARS, free_only), placed, amounts)


@lru_cache(maxsize=2)
def atlas(free_only: bool) -> maps.Atlas:
    """The map of the weights in use.

    Raises:
        WeightsMissingError: it is not at hand, or is of other weights.
        FormatError: it is damaged.
    """
    return maps.load(maps.path_of(free_only), weights(free_only))


def spot(score: Score, free_only: bool) -> tuple[float, float]:
    """Where a piece lies on the map.

    Raises:
        FormatError, RequestError: see `core.engines.vae.piece.read`.
        WeightsMissingError: the map or its weights are not at hand.
    """
    return atlas(free_only).place(autoencoder().load(grid.MAX_BARS, free_only), score)


def compose_at(x: float, y: float, random_seed: int, free_only: bool, *, progress: Progress = no_progress) -> anywhere.Composed:
    """Takes for a place of the map; see `core.engines.vae.anywhere.compose_at`."""
    return anywhere.compose_at(autoencoder(), atlas(free_only), x, y, random_seed=random_seed, free_only=free_only,
                               progress=progress)
