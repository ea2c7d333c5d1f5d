"""Where a listener steers: four axes over the candidates that the taste allows.

The recommender's order is turned into ranks, so that a slider means the same with every model. The
further a slider stands from its middle, the more candidates below the first are let in, and the
more its axis counts against the rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from core.errors import RequestError
from core.taste.protocol import Floats

NARROW, WIDE = 60, 1500
"""Candidates among which is chosen with all sliders in the middle, and with one at its end."""

PULL = 1.6
"""What a slider at its end weighs against the rank, which counts 1 from the first to the last candidate."""

AXES = ("adventurous", "rare", "energetic", "happy")
"""Axis ids by their positive ends; the negative ends are familiar, popular, calm and sad."""


@dataclass(frozen=True, slots=True)
class Steering:
    """Each axis from -1 to 1, 0 leaves it alone.

    Raises:
        RequestError: a value lies outside.
    """

    adventurous: float = 0.0
    rare: float = 0.0
    energetic: float = 0.0
    happy: float = 0.0

    def __post_init__(self) -> None:
        for name in AXES:
            value = getattr(self, name)
            if not -1 <= value <= 1:
                raise RequestError(f"The axis {name} goes from -1 to 1", f"got {value}")

    @property
    def is_neutral(self) -> bool:
        return not any(getattr(self, axis.name) for axis in fields(self))


def steered(scores: Floats, axes: Mapping[str, NDArray[np.float32]], steering: Steering, least: int = 0) -> Floats:
    """Utilities (items) for scores (items), -inf where the score is or where an item is out of the pool.

    Args:
        axes: for each of `AXES` a value an item, higher towards the positive end; only the order counts.
        least: let so many candidates in, if there are as many.
    """
    strength = max(abs(getattr(steering, axis)) for axis in AXES)
    size = min(int(np.isfinite(scores).sum()), max(least, round(NARROW + (WIDE - NARROW) * strength)))
    found = np.full(len(scores), -np.inf, np.float32)
    if size == 0:
        return found
    order = np.argsort(-scores, kind="stable")[:size]
    utility = 1.0 - np.arange(size, dtype=np.float32) / size
    for axis in AXES:
        value = getattr(steering, axis)
        if value:
            utility = utility + PULL * value * _shares(axes[axis][order])
    found[order] = utility
    return found


def _shares(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Places of values among themselves, -0.5 (lowest) to 0.5, equal values at equal places."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    below = np.concatenate([[0], np.cumsum(count)[:-1]])
    middle = below + (count - 1) / 2
    return (middle[place] / max(1, len(values) - 1) - 0.5).astype(np.float32)
