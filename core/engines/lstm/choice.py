"""Choosing one symbol from masked logits: temperature, then nucleus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.errors import GenerationError


def choose(logits: NDArray[np.float32], allowed: NDArray[np.bool_], rng: np.random.Generator,
           temperature: float, top_p: float) -> int:
    """An index drawn from the allowed ones.

    The smallest set of symbols whose probability reaches `top_p` is kept (nucleus sampling,
    Holtzman et al. 2020), after the mask, so that something is always left.

    Raises:
        GenerationError: nothing is allowed.
    """
    candidates = np.flatnonzero(allowed)
    if len(candidates) == 0:
        raise GenerationError("The next note must obey every wish at once", "nothing is left that does",
                              "Widen the range or ask for another length")
    if len(candidates) == 1:
        return int(candidates[0])
    scores = logits[candidates].astype(np.float64) / temperature
    weights = np.exp(scores - scores.max())
    order = np.argsort(-weights, kind="stable")
    mass = np.cumsum(weights[order])
    kept = int(np.searchsorted(mass, top_p * mass[-1])) + 1
    kept = min(kept, len(order))
    draw = rng.random() * mass[kept - 1]
    return int(candidates[order[min(int(np.searchsorted(mass[:kept], draw)), kept - 1)]])
