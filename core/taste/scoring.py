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
from core.taste.protocol import MAX_STARS, MIN_STARS, Floats, Reason, Recommender, StarPredictor
from core.taste.snapshot import Snapshot
from core.taste.world import World

AGAINST = 0.5
"""How much a disliked piece takes from what a listener's profile has of its kind."""

STAR_SHARPNESS, STAR_PRIOR = 6.0, 0.3
"""For stars through content: how much nearer pieces count more, and the weight of the mean."""


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
        """For each piece the mean of the listener's stars, weighted by likeness."""
        given = [(self.world.place[item], value) for item, value in self.history.stars.items() if item in self.world.place]
        values = np.array([value for _, value in given] or list(self.history.stars.values()), np.float32)
        mean = float(values.mean())
        if not given:
            return np.full(len(self.world.items), mean, np.float32)
        near = np.clip(self.world.unit @ self.world.unit[[row for row, _ in given]].T, 0, 1) ** STAR_SHARPNESS
        return np.asarray((near @ values + STAR_PRIOR * mean) / (near.sum(1) + STAR_PRIOR), np.float32)

    def reasons(self, model: Recommender | None, item: str) -> tuple[Reason, ...]:
        """Why an item has its score, the strongest first: items of the history and the prior, by the model; for
        what the model does not know, or without one, by likeness."""
        column = self.snapshot.place.get(item)
        if model is not None and column is not None:
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
