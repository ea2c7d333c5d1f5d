"""Choosing one symbol from masked logits: temperature, then nucleus."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

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


def choose_rows(logits: Tensor, mask: NDArray[np.float64], rng: np.random.Generator, temperature: float,
                top_p: float) -> NDArray[np.int64]:
    """`choose` for many rows at once: (rows,) indices drawn from (rows, symbols) logits.

    `mask` (rows, symbols) is added to the logits; a row in which it forbids everything is the caller's mistake.
    """
    open_ = (logits.double().numpy() + mask) / temperature
    weights = np.exp(open_ - open_.max(1, keepdims=True))
    weights /= weights.sum(1, keepdims=True)
    order = np.argsort(-weights, 1)
    ranked = np.take_along_axis(weights, order, 1)
    ranked[np.cumsum(ranked, 1) - ranked >= top_p] = 0
    ranked /= ranked.sum(1, keepdims=True)
    rank = (np.cumsum(ranked, 1) < rng.random((len(ranked), 1))).sum(1).clip(0, ranked.shape[1] - 1)
    found: NDArray[np.int64] = np.take_along_axis(order, rank[:, None], 1)[:, 0]
    return found
