"""How many stars a listener would give to something new, from its content and the stars given so far.

A ridge regression of one listener's stars on rows of content, in its dual form: with ten ratings a
ten by ten system, solved at every look, so that a new star counts at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.taste.content import Scale
from core.taste.describe import Description
from core.taste.features import FeatureTable
from core.taste.protocol import MAX_STARS, MIN_STARS

RIDGE = 0.3
"""Strength of the ridge, where a row of content has a squared length of about 1; chosen on the simulated
community (benchmarks/taste_loop.py)."""

USUAL_STARS, USUAL_WEIGHT = 3.5, 2.0
"""What a listener who rated nothing is expected to give, and how many ratings that counts."""


@dataclass(frozen=True, eq=False)
class TakeStars:
    """Stars from content for one listener."""

    scale: Scale
    mean: float
    weights: NDArray[np.float64]

    @classmethod
    def learn(cls, scale: Scale, rated: Sequence[tuple[Description, float]], ridge: float = RIDGE) -> TakeStars:
        """From descriptions with their stars, 0.5 to 5; any number of them, also none."""
        stars = np.array([value for _, value in rated], np.float64)
        mean = float((stars.sum() + USUAL_STARS * USUAL_WEIGHT) / (len(stars) + USUAL_WEIGHT))
        if not len(stars):
            return cls(scale, mean, np.zeros(len(scale.features)))
        rows = rows_of(scale, [description for description, _ in rated])
        duals = np.linalg.solve(rows @ rows.T + ridge * np.eye(len(rows)), stars - mean)
        return cls(scale, mean, rows.T @ duals)

    def predict(self, descriptions: Sequence[Description]) -> NDArray[np.float64]:
        """(N,) stars, 0.5 to 5."""
        if not descriptions:
            return np.zeros(0)
        return np.clip(self.mean + rows_of(self.scale, descriptions) @ self.weights, MIN_STARS, MAX_STARS)


def rows_of(scale: Scale, descriptions: Sequence[Description]) -> NDArray[np.float64]:
    """Rows of content (N, features)."""
    table = FeatureTable.of(map(str, range(len(descriptions))), descriptions)
    return np.asarray(scale.matrix(table).toarray(), np.float64)
