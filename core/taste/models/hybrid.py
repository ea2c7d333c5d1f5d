"""The hybrid: stars from SVD and content, ranking from a learned blend of all other models.

The parts' scores are standardised over the items and added with the weights of a `Blend`, which
shift from content and popularity to collaboration as the listener's history and the installation's
data grow.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.taste.models.base import Base
from core.taste.models.blend import Blend, standardised
from core.taste.models.content import ContentProfile
from core.taste.models.star_content import with_content
from core.taste.protocol import Content, Floats, Interactions, Progress, Reason, Recommender, checked_stars
from core.taste.registry import get, recommender_class

BLOCK = 256
STARS = "svd"
TINY = 1e-9


class Hybrid(Base):
    """Predicted stars are those of `svd`, moved by content; the ranking is the blend's. A fresh one takes the shipped weights."""

    id: ClassVar[str] = "hybrid"
    cold_items: ClassVar[bool] = True

    def __init__(self, blend: Blend | None = None) -> None:
        super().__init__()
        self.blend = blend
        self.models: dict[str, Recommender] = {}
        self.listeners = 0

    def _new(self) -> Hybrid:
        return type(self)(self.blend)

    def _fit(self, data: Interactions, content: Content | None, progress: Progress, seed: int) -> None:
        """Parts that need content are left out where there is none."""
        self.blend = self.blend or Blend.shipped()
        names = [name for name in (*self.blend.parts, STARS)
                 if content is not None or not getattr(recommender_class(name), "needs_content", False)]
        for index, name in enumerate(names):
            def step(done: int, total: int, index: int = index) -> None:
                progress(int(100 * (index + done / max(total, 1))), 100 * len(names))

            self.models[name] = get(name).fit(data, content, step, seed)
        self.listeners = int((np.diff(data.weights.indptr) > 0).sum())

    @property
    def parts(self) -> tuple[str, ...]:
        """The models whose scores are blended, in the order of the blend."""
        return tuple(name for name in self._blend.parts if name in self.models)

    @property
    def _blend(self) -> Blend:
        assert self.blend is not None
        return self.blend

    def part_weights(self, weights: sparse.csr_matrix, cold: bool = False) -> dict[str, Floats]:
        """How much each part counts, 0 to 1, for each of B histories; `cold`: for items that nobody heard."""
        if cold and self._blend.cold is not None:
            table = np.repeat(self._blend.cold[None], weights.shape[0], axis=0)
        else:
            table = self._blend.weights(np.diff(weights.indptr), self.listeners)
        return {name: table[:, self._blend.parts.index(name)] for name in self.parts}

    @cached_property
    def _cold(self) -> Floats:
        """(items,) 1 for those that nobody heard, else 0."""
        return (self.popularity == 0).astype(np.float32)

    def predict_stars(self, stars: sparse.csr_matrix) -> Floats:
        """See `StarPredictor`; where there is content, with what it says of the listener's own leaning."""
        self._must_be_fitted()
        found: Floats = self.models[STARS].predict_stars(stars)  # type: ignore[attr-defined]
        content = self.models.get("content")
        if isinstance(content, ContentProfile):
            found = with_content(found, checked_stars(stars, len(self.items)), content.matrix)
        return found

    def _scores(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix) -> Floats:
        found = np.zeros(weights.shape, np.float32)
        for start in range(0, weights.shape[0], BLOCK):
            rows = slice(start, start + BLOCK)
            some, given = (weights, stars) if weights.shape[0] <= BLOCK else (weights[rows], stars[rows])
            unheard = self.part_weights(some, cold=True)
            worth = np.empty(some.shape, np.float32)
            for name, share in self.part_weights(some).items():
                if share.any() or (self._cold.any() and unheard[name].any()):
                    part = self.models[name].scores(some, given)
                    standardised(part, out=part)
                    np.multiply(self._cold, (unheard[name] - share)[:, None], out=worth)
                    worth += share[:, None]
                    part *= worth
                    found[rows] += part
        return found

    def _shares(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> dict[str, float]:
        """What one point of each part's own score is worth in the blend's score of an item, for one history."""
        found = {}
        for name, share in self.part_weights(weights, cold=bool(self._cold[item])).items():
            spread = float(self.models[name].scores(weights, stars).std()) if share[0] > 0 else 0.0
            if spread > TINY:
                found[name] = float(share[0]) / spread
        return found

    def _parts(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix, item: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
        place = {self.items[column]: index for index, column in enumerate(weights.indices)}
        found = np.zeros(len(place))
        for name, worth in self._shares(weights, stars, item).items():
            for reason in self.models[name].reasons(weights, stars, item):
                if reason.kind == "item" and reason.key in place:
                    found[place[reason.key]] += worth * reason.contribution
        return weights.indices, found

    def feature_reasons(self, weights: sparse.csr_matrix, stars: sparse.csr_matrix | None, item: int) -> tuple[Reason, ...]:
        """Features through the content model, in points of the blend."""
        weights, stars = self._one(weights, stars, item)
        shares = {} if self._empty(weights, stars)[0] else self._shares(weights, stars, item)
        worth = shares.get("content", 0.0)
        if not worth:
            return ()
        return tuple(Reason(reason.kind, reason.key, worth * reason.contribution)
                     for reason in self.models["content"].feature_reasons(weights, stars, item))

    def tensors(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """See `Recommender.tensors`; the parts' arrays have their ids in front."""
        tensors, head = super().tensors()
        heads = {}
        for name, model in self.models.items():
            arrays, part = model.tensors()
            tensors.update({f"{name}/{key}": array for key, array in arrays.items()})
            heads[name] = {key: value for key, value in part.items() if key not in ("items", "features")}
        return tensors, {**head, "parts": heads, "blend": self._blend.as_dict(), "listeners": self.listeners}

    @classmethod
    def from_tensors(cls, tensors: dict[str, NDArray[Any]], head: dict[str, Any]) -> Hybrid:
        """See `Recommender.from_tensors`."""
        model = super().from_tensors(tensors, head)
        model.blend, model.listeners = Blend.from_dict(head["blend"]), int(head["listeners"])
        shared = {"items": head["items"], "features": head["features"]}
        for name, part in head["parts"].items():
            arrays = {key.split("/", 1)[1]: array for key, array in tensors.items() if key.startswith(f"{name}/")}
            model.models[name] = recommender_class(name).from_tensors(arrays, {**part, **shared})
        return model
