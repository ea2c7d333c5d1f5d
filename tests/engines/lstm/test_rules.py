"""With any network at all, even an untrained one, every wish is obeyed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engines.lstm import compose_leadsheet
from core.engines.lstm.choice import choose
from core.engines.lstm.leadsheet import DURATIONS, METRES, MODES, bar_units, parse_metre
from core.engines.lstm.leadsheet_rules import fillable
from core.engines.lstm.leadsheet_task import build
from core.engines.obey import violations
from core.engines.protocol import Request, Take, no_progress
from core.errors import GenerationError
from core.score import Score
from core.weights import Weights

_SIZES = {"embed": 16, "hidden": 16, "layers": 1}


def _untrained() -> Weights:
    torch.manual_seed(4)
    return Weights("w", dict(build(2, **_SIZES).eval().state_dict()), {"styles": ["a", "b"]}, "0")


UNTRAINED = _untrained()


def _take(request: Request) -> Take:
    (score, new_from), *_ = compose_leadsheet.compose(request, UNTRAINED, {}, no_progress)
    return Take(score, request, 0, "0", 0.0, new_from)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(METRES), st.sampled_from(MODES), st.integers(0, 11), st.integers(1, 6), st.integers(36, 84),
       st.integers(9, 30), st.integers(0, 2**32), st.sampled_from((0.1, 1.0, 2.0)))
def test_any_network_obeys(metre: str, mode: str, tonic: int, bars: int, low: int, span: int, seed: int, heat: float) -> None:
    request = Request("a", metre=parse_metre(metre), mode=mode, tonic=tonic, bars=bars, takes=1, temperature=heat, top_p=1.0,
                      random_seed=seed, pitch_range=(low, low + span), program=0, tempo=100)
    assert violations(_take(request)) == []


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(("continue", "answer", "vary", "harmonise")), st.booleans(), st.integers(0, 99), st.sampled_from(METRES))
def test_any_network_keeps_the_seed(how: str, with_seed: bool, number: int, metre: str) -> None:
    base = Request("a", metre=parse_metre(metre), mode="minor", tonic=9, bars=4, takes=1, random_seed=number,
                   pitch_range=(57, 84), program=0, tempo=100)
    seed: Score = _take(base).score
    request = Request("b", metre=base.metre, mode="minor", tonic=9, bars=3, takes=1, random_seed=number, pitch_range=(57, 84),
                      program=0, tempo=100, seed=seed, how=how, with_seed=with_seed)  # type: ignore[arg-type]
    assert violations(_take(request)) == []


@pytest.mark.parametrize("metre", METRES)
def test_bars_can_be_filled(metre: str) -> None:
    units = bar_units(metre)
    assert all(fillable(DURATIONS, units))
    assert not fillable((24,), units)[units - 1]


def test_choice_keeps_to_the_nucleus_of_what_is_allowed() -> None:
    rng = np.random.default_rng(0)
    logits = np.array([9.0, 5.0, 0.0, 4.9], np.float32)
    allowed = np.array([False, True, True, True])
    assert {choose(logits, allowed, rng, 1.0, 0.9) for _ in range(200)} == {1, 3}
    assert {choose(logits, allowed, rng, 0.1, 0.5) for _ in range(50)} == {1}


def test_choice_with_nothing_allowed_is_an_error() -> None:
    with pytest.raises(GenerationError):
        choose(np.zeros(3, np.float32), np.zeros(3, bool), np.random.default_rng(0), 1.0, 1.0)
