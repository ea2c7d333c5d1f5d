"""How many stars a listener would give to something new, from its content and the stars given so far.

`core/taste/models/star_content.py` for pieces that are no items yet, such as takes that were just written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.taste.content import Scale
from core.taste.describe import Description
from core.taste.features import FeatureTable
from core.taste.models.base import unit_rows
from core.taste.models.star_content import RIDGE, leaning, usual
from core.taste.protocol import MAX_STARS, MIN_STARS, Floats


@dataclass(frozen=True, eq=False)
class TakeStars:
    """Stars from content for one listener."""

    scale: Scale
    mean: float
    weights: Floats

    @classmethod
    def learn(cls, scale: Scale, rated: Sequence[tuple[Description, float]], ridge: float = RIDGE) -> TakeStars:
        """From descriptions with their stars, 0.5 to 5; any number of them, also none."""
        stars = np.array([value for _, value in rated], np.float64)
        mean = usual(stars)
        if not len(stars):
            return cls(scale, mean, np.zeros(len(scale.features), np.float32))
        return cls(scale, mean, leaning(rows_of(scale, [description for description, _ in rated]), stars - mean, ridge))

    def predict(self, descriptions: Sequence[Description]) -> NDArray[np.float64]:
        """(N,) stars, 0.5 to 5."""
        if not descriptions:
            return np.zeros(0)
        return np.clip(self.mean + rows_of(self.scale, descriptions) @ self.weights, MIN_STARS, MAX_STARS)


def rows_of(scale: Scale, descriptions: Sequence[Description]) -> Floats:
    """Rows of content (N, features) of length 1."""
    table = FeatureTable.of(map(str, range(len(descriptions))), descriptions)
    return np.asarray(unit_rows(scale.matrix(table)).toarray(), np.float32)
