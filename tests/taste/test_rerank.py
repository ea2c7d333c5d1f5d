"""Variety and calibration: what they change, and what they leave."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import RequestError
from core.taste.rerank import calibrated, divergence, diversified, scaled

SCORES = np.array([9, 8, 7, 6, 5, 4], np.float32)
KINDS = np.array([0, 0, 0, 0, 1, 1])
MIXES = np.eye(2, dtype=np.float32)[KINDS]
LIKENESS = (KINDS[:, None] == KINDS[None]).astype(np.float32)


def test_without_trade_the_scores_decide() -> None:
    assert diversified(SCORES, LIKENESS, 4, 1.0).tolist() == [0, 1, 2, 3]
    assert calibrated(SCORES, MIXES, np.array([0.5, 0.5], np.float32), 4, 0.0).tolist() == [0, 1, 2, 3]


def test_variety_brings_another_kind_up() -> None:
    assert diversified(SCORES, LIKENESS, 3, 0.5).tolist()[:2] == [0, 4]


def test_calibration_comes_near_the_listeners_mix() -> None:
    wish = np.array([0.5, 0.5], np.float32)
    plain, fair = MIXES[:4].mean(axis=0), MIXES[calibrated(SCORES, MIXES, wish, 4, 0.7)].mean(axis=0)
    assert fair.tolist() == [0.5, 0.5]
    assert divergence(wish, fair) < 0.01 < divergence(wish, plain)


def test_calibration_to_one_kind_takes_only_that() -> None:
    assert set(KINDS[calibrated(SCORES, MIXES, np.array([0, 1], np.float32), 2, 0.9)]) == {1}


def test_no_wish_and_short_lists() -> None:
    assert calibrated(SCORES, MIXES, np.zeros(2, np.float32), 3, 0.5).tolist() == [0, 1, 2]
    assert len(diversified(SCORES, LIKENESS, 99, 0.5)) == 6
    assert len(np.unique(calibrated(SCORES, MIXES, np.array([0.2, 0.8], np.float32), 99, 0.5))) == 6


def test_equal_scores_are_all_the_same() -> None:
    assert scaled(np.ones(3, np.float32)).tolist() == [0, 0, 0]


def test_masked_candidates_are_below_the_least() -> None:
    assert scaled(np.array([3, -np.inf, 1], np.float32)).tolist() == [1, -1, 0]
    assert scaled(np.array([-np.inf], np.float32)).tolist() == [-1]


def test_divergence_of_itself_is_none() -> None:
    assert divergence(np.array([0.3, 0.7], np.float32), np.array([0.3, 0.7], np.float32)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("trade", [-0.1, 1.1])
def test_wrong_arguments_are_refused(trade: float) -> None:
    with pytest.raises(RequestError, match="trade"):
        diversified(SCORES, LIKENESS, 2, trade)
    with pytest.raises(RequestError, match="rows"):
        calibrated(SCORES[:3], MIXES, np.array([1, 0], np.float32), 2, 0.5)
