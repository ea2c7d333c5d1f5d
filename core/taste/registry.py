"""Every recommender by its id. A new one is one file in `core/taste/models` and one line here."""

from __future__ import annotations

from importlib import import_module

from core.errors import RequestError
from core.taste.protocol import Recommender

RECOMMENDERS: dict[str, str] = {
    "popularity": "core.taste.models.popularity:Popularity",
    "user-knn": "core.taste.models.neighbours:UserKNN",
    "item-knn": "core.taste.models.neighbours:ItemKNN",
    "svd": "core.taste.models.svd:SVD",
    "svdpp": "core.taste.models.svd:SVDpp",
    "als": "core.taste.models.als:ALS",
    "ease": "core.taste.models.ease:EASE",
    "content": "core.taste.models.content:ContentProfile",
    "two-tower": "core.taste.models.two_tower:TwoTower",
    "hybrid": "core.taste.models.hybrid:Hybrid",
}
"""Id to `module:class`, imported only when it is asked for. Every class can be made without arguments."""


def recommender_class(model_id: str) -> type[Recommender]:
    """The class behind an id.

    Raises:
        RequestError: no recommender has this id.
    """
    if model_id not in RECOMMENDERS:
        raise RequestError(f"A recommender is one of {', '.join(RECOMMENDERS)}", f"got {model_id!r}", "Choose one of these")
    module, name = RECOMMENDERS[model_id].split(":")
    found: type[Recommender] = getattr(import_module(module), name)
    return found


def get(model_id: str) -> Recommender:
    """A new recommender, not yet fitted, with its usual settings.

    Raises:
        RequestError: no recommender has this id.
    """
    return recommender_class(model_id)()
