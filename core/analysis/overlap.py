"""How alike two sets of pieces are, feature by feature: intra- and inter-set distances and their overlap.

Yang and Lerch, "On the evaluation of generative models in music", Neural Computing and Applications
32 (2020): distances between the pieces of a set and distances across two sets are made into densities
by Gaussian kernels; where the second set is like the first, the two densities lie on each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import trapezoid
from scipy.spatial.distance import cdist, pdist
from scipy.stats import gaussian_kde

from core.errors import RequestError

Array = NDArray[np.float64]
_GRID = 1000
_FLOOR = 1e-3  # of the largest distance: width given to distances that are all the same


class Overlap(NamedTuple):
    """For one feature: `area` under both densities, 0..1, higher is more alike; `kl` divergence of the
    inter-set from the intra-set density in nats, 0 and up, lower is more alike."""

    area: float
    kl: float


def compare(reference: Sequence[Mapping[str, Array]], other: Sequence[Mapping[str, Array]]) -> dict[str, Overlap]:
    """For each feature the overlap between the distances within `reference` and those to `other`.

    Each piece is a mapping of feature name to a (K,) array, as `mgeval_features` gives it; distances
    are Euclidean. Densities are integrated, as in the authors' own code, from the smallest to the
    largest distance, so even two halves of one set stay somewhat below an area of 1.

    Raises:
        RequestError: a set has too few pieces.
    """
    if len(reference) < 3 or not other:
        raise RequestError(
            "A comparison needs at least three reference pieces and one other",
            f"got {len(reference)} and {len(other)}",
            "Give it more pieces",
        )
    result = {}
    for name in reference[0]:
        ours, theirs = (np.stack([piece[name] for piece in pieces]) for pieces in (reference, other))
        result[name] = overlap(pdist(ours), cdist(ours, theirs).ravel())
    return result


def mean_area(overlaps: Mapping[str, Overlap]) -> float:
    """Mean overlap area over the features."""
    return float(np.mean([overlap.area for overlap in overlaps.values()]))


def overlap(intra: Array, inter: Array) -> Overlap:
    """Overlap of the densities of two samples of distances."""
    scale = max(float(intra.max()), float(inter.max()))
    together = np.concatenate([intra, inter])
    if np.ptp(together) <= _FLOOR * scale:
        return Overlap(1.0, 0.0)
    intra, inter = _spread(intra, scale), _spread(inter, scale)
    low, high = min(intra.min(), inter.min()), max(intra.max(), inter.max())
    # Distances between counts fall on few values: the grid has to see the narrow peaks on them.
    grid = np.union1d(np.linspace(low, high, _GRID), np.concatenate([np.unique(intra)[:_GRID], np.unique(inter)[:_GRID]]))
    first, second = _density(intra, grid), _density(inter, grid)
    area = float(trapezoid(np.minimum(first, second), grid))
    tiny = np.finfo(float).tiny
    p, q = np.maximum(first, tiny), np.maximum(second, tiny)
    p, q = p / trapezoid(p, grid), q / trapezoid(q, grid)
    return Overlap(min(area, 1.0), max(float(trapezoid(p * (np.log(p) - np.log(q)), grid)), 0.0))


def _density(values: Array, grid: Array) -> Array:
    """Kernel density with Scott's rule; repeated values are counted once with their weight, which is the
    same density and much faster for counts."""
    unique, counts = np.unique(values, return_counts=True)
    if len(unique) < 2 or len(unique) == len(values):
        return gaussian_kde(values)(grid)
    # Scott's factor is n^(-1/5) with n samples; with weights scipy would count the effective number.
    kde = gaussian_kde(unique, bw_method=len(values) ** -0.2, weights=counts)
    return kde(grid)


def _spread(values: Array, scale: float) -> Array:
    """The values, moved apart by a thousandth of the scale where all are (nearly) one, for which no kernel exists."""
    if np.ptp(values) > _FLOOR * scale:
        return values
    return values.mean() + _FLOOR * scale * np.linspace(-1, 1, max(len(values), 3))
