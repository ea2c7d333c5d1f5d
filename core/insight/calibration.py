"""Probabilities that mean what they say: temperature scaling and how far off they are (Guo et al. 2017)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from core.insight.linear import softmax

Floats = NDArray[np.float64]

BINS = 10


def temperature(logits: Floats, truth: NDArray[np.int64], weight: Floats | None = None) -> float:
    """The divisor of logits (N, C) that makes the classes `truth` (N,) of held-out pieces likeliest; `weight` (N,)."""
    share = np.ones(len(truth)) if weight is None else weight

    def loss(log_temperature: float) -> float:
        found = softmax(logits / np.exp(log_temperature))[np.arange(len(truth)), truth]
        return float(-(share * np.log(np.maximum(found, 1e-12))).sum() / share.sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def expected_calibration_error(probabilities: Floats, truth: NDArray[np.int64], weight: Floats | None = None) -> float:
    """Mean distance between how sure the likeliest class (N, C) is and how often it is right, in ten bins of confidence."""
    share = np.ones(len(truth)) if weight is None else weight
    sure, right = probabilities.max(1), probabilities.argmax(1) == truth
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    total = 0.0
    for bin_ in range(BINS):
        inside = bins == bin_
        if inside.any():
            total += share[inside].sum() * abs(np.average(sure[inside], weights=share[inside])
                                               - np.average(right[inside], weights=share[inside]))
    return float(total / share.sum())


def balanced_weight(truth: NDArray[np.int64]) -> Floats:
    """(N,) weights with which every class counts the same."""
    counts = np.bincount(truth)
    return 1.0 / counts[truth]
