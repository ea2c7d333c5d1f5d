"""Scores of everything for one listener: the models where they know a piece, its content where they do not yet.

A piece that came after the last fit (a take published a minute ago) has no column in the models. It
is given the score that stands, among the pieces the model knows, where the piece stands by its
likeness to what the listener loves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from core.taste.listener import History, disliked
from core.taste.models.asked import Asked, remembering
from core.taste.models.star_content import leaning, usual
from core.taste.protocol import MAX_STARS, MIN_STARS, Floats, Reason, Recommender, StarPredictor
from core.taste.snapshot import Snapshot
from core.taste.world import World

AGAINST = 0.5
"""How much a disliked piece takes from what a listener's profile has of its kind."""


@dataclass(frozen=True, eq=False)
class Ear:
    """One listener's history over one world, ready to be scored by the models of one snapshot."""

    world: World
    snapshot: Snapshot
    history: History

    @cached_property
    def columns(self) -> np.ndarray:
        """(items,) the models' column of each item of the world, -1 for what they do not know."""
        place = self.snapshot.place
        return np.array([place.get(item, -1) for item in self.world.items], np.int64)

    @cached_property
    def rows(self) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """The history as the models take it."""
        return self.history.rows(self.snapshot.items)

    @cached_property
    def _asked(self) -> Asked:
        """What models said of the history so far."""
        return {}

    @cached_property
    def profile(self) -> Floats:
        """(features,) what the listener loves less what they dislike, of length 1 or 0."""
        unit, place = self.world.unit, self.world.place
        total = np.zeros(unit.shape[1], np.float32)
        for item, weight in self.history.weights.items():
            if item in place:
                total += np.log1p(weight) * unit[place[item]]
        for item in disliked(self.history):
            if item in place:
                total -= AGAINST * unit[place[item]]
        return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)

    @cached_property
    def likeness(self) -> Floats:
        """(items,) cosine of every piece with the profile."""
        return np.asarray(self.world.unit @ self.profile, np.float32)

    @cached_property
    def popularity(self) -> Floats:
        """(items,) how popular each piece is, 0 for what the models do not know."""
        own = self.snapshot.popularity
        if own is None:
            return np.zeros(len(self.world.items), np.float32)
        return np.where(self.columns >= 0, own[self.columns], 0.0).astype(np.float32)

    def scores(self, model: Recommender | None) -> Floats:
        """(items,) scores by a model; by likeness alone where there is none."""
        if model is None:
            return self.likeness.copy()
        known = self.columns >= 0
        with remembering(self._asked):
            own = model.scores(*self.rows)[0]
        found = np.empty(len(self.columns), np.float32)
        found[known] = own[self.columns[known]]
        if not known.all():
            found[~known] = _same_place(self.likeness[~known], self.likeness[known], found[known])
        return found

    @cached_property
    def predicted_stars(self) -> Floats | None:
        """(items,) the stars that the listener would give, None before the first star."""
        if not self.history.stars:
            return None
        by_content = self._stars_by_content()
        model = self._star_model()
        if model is None:
            return by_content
        known = self.columns >= 0
        own = model.predict_stars(self.rows[1])[0]
        found = by_content.copy()
        found[known] = own[self.columns[known]]
        cold = known & (self.popularity == 0)  # the model knows the column and nobody's stars: the content says more
        found[cold] = by_content[cold]
        return np.clip(found, MIN_STARS, MAX_STARS).astype(np.float32)

    def _star_model(self) -> StarPredictor | None:
        for id in ("hybrid", "svd"):
            model = self.snapshot.models.get(id)
            if isinstance(model, StarPredictor):
                return model
        return None

    def _stars_by_content(self) -> Floats:
        """The listener's usual stars, moved by what those they gave say of the content."""
        mean = usual(np.array(list(self.history.stars.values()), np.float64))
        given = {self.world.place[item]: value - mean for item, value in self.history.stars.items() if item in self.world.place}
        if not given:
            return np.full(len(self.world.items), mean, np.float32)
        found = mean + self.world.unit @ leaning(self.world.unit[list(given)], np.array(list(given.values())))
        return np.asarray(np.clip(found, MIN_STARS, MAX_STARS), np.float32)

    def reasons(self, model: Recommender | None, item: str) -> tuple[Reason, ...]:
        """Why an item has its score, the strongest first: items of the history and the prior, by the model; for
        what the model does not know, or without one, by likeness."""
        column = self.snapshot.place.get(item)
        if model is not None and column is not None:
            with remembering(self._asked):
                return model.reasons(*self.rows, column)
        unit, place = self.world.unit, self.world.place
        own = unit[place[item]]
        found = [Reason("item", known, float(np.log1p(weight) * (unit[place[known]] @ own)))
                 for known, weight in self.history.weights.items() if known in place]
        return tuple(sorted(found, key=lambda reason: -reason.contribution))

    def feature_reasons(self, model: Recommender | None, item: str) -> tuple[Reason, ...]:
        """The same by features: by the model where it uses content, else what item and profile have in common."""
        column = self.snapshot.place.get(item)
        if model is not None and column is not None:
            with remembering(self._asked):
                return model.feature_reasons(*self.rows, column)
        shared = self.profile * self.world.unit[self.world.place[item]]
        names = self.world.content.features
        order = np.argsort(-shared, kind="stable")
        return tuple(Reason("feature", names[column], float(shared[column])) for column in order if shared[column] > 0)


def _same_place(values: Floats, among: Floats, scores: Floats) -> Floats:
    """For each value the score that stands, in the order of `scores`, where the value stands in the order of `among`."""
    if not len(scores):
        return values
    ordered = np.sort(among)
    share = np.searchsorted(ordered, values) / max(1, len(ordered))
    return np.asarray(np.quantile(scores, np.clip(share, 0, 1)), np.float32)
