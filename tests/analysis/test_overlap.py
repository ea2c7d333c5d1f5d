"""Overlap of sets of pieces: alike, apart, degenerate."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import gaussian_kde

from core.analysis.overlap import compare, mean_area, overlap
from core.errors import RequestError


def pieces(centre: float, count: int, seed: int, width: int = 12) -> list[dict[str, np.ndarray]]:
    rng = np.random.default_rng(seed)
    return [
        {"wide": rng.normal(centre, 1, width), "count": np.array([float(rng.poisson(20 + 5 * centre))])} for _ in range(count)
    ]


def test_sets_of_one_kind_overlap_and_others_do_not() -> None:
    same = compare(pieces(0, 100, 1), pieces(0, 100, 2))
    apart = compare(pieces(0, 100, 1), pieces(5, 100, 2))
    assert mean_area(same) > 0.9
    assert apart["wide"].area < 0.05
    assert apart["wide"].kl > 1 > 0.1 > same["wide"].kl
    assert set(same) == {"wide", "count"}


def test_nearer_sets_overlap_more() -> None:
    areas = [mean_area(compare(pieces(0, 60, 1), pieces(shift, 60, 2))) for shift in (0, 0.5, 1, 2)]
    assert areas == sorted(areas, reverse=True)


def test_is_the_integral_of_the_smaller_density() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.gamma(4, 1, 200), rng.gamma(6, 1, 300)
    first, second = gaussian_kde(a), gaussian_kde(b)
    low, high = min(a.min(), b.min()), max(a.max(), b.max())
    area = quad(lambda x: min(first(x)[0], second(x)[0]), low, high, limit=200)[0]
    assert overlap(a, b).area == pytest.approx(area, abs=1e-3)


def test_counted_distances_give_the_same_density() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.integers(0, 12, 500).astype(float), rng.integers(2, 15, 500).astype(float)
    first, second = gaussian_kde(a), gaussian_kde(b)
    area = quad(lambda x: min(first(x)[0], second(x)[0]), 0, 14, limit=400)[0]
    assert overlap(a, b).area == pytest.approx(area, abs=2e-3)


def test_constant_features() -> None:
    assert overlap(np.zeros(10), np.zeros(20)) == (1.0, 0.0)
    assert overlap(np.ones(10), np.full(20, 1.0)).area > 0.9
    assert overlap(np.zeros(10), np.full(20, 3.0)).area < 0.01
    assert 0 <= overlap(np.zeros(10), np.random.default_rng(0).normal(3, 1, 30).clip(0)).area < 0.2


def test_needs_enough_pieces() -> None:
    with pytest.raises(RequestError, match="three"):
        compare(pieces(0, 2, 1), pieces(0, 5, 2))
