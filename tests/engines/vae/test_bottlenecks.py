"""The comparison of bottlenecks counts bits alike for both."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from benchmarks.vae_bottlenecks import told
from core.engines.vae.evaluation import reconstruction
from core.engines.vae.loaded import Loaded
from core.engines.vae.quantised import QuantisedVae, prior_of
from core.engines.vae.sampler import Sampler
from core.engines.vae.task import Labelled
from tests.engines.vae.conftest import TINY
from tests.engines.vae.test_network import made


@pytest.fixture(scope="module")
def windows() -> list[Labelled]:
    rng = np.random.default_rng(1)
    return [Labelled(made(rng, 4), int(rng.integers(3))) for _ in range(40)]


def test_a_prior_that_knows_nothing_costs_the_divergence(untrained: Loaded, windows: list[Labelled]) -> None:
    """Untrained, the flow changes nothing: its density is the unit Gaussian."""
    spent = reconstruction.measure("vae-16bar-free", untrained, windows)[2].value
    assert told(untrained, windows) == pytest.approx(spent / math.log(2), rel=0.02)


def test_codes_cost_no_more_than_they_can_say_once_learned(untrained: Loaded, windows: list[Labelled]) -> None:
    torch.manual_seed(0)
    net = QuantisedVae(3, TINY, groups=4, rows=8)
    net.books.book.copy_(torch.randn(4, 8, 3))
    net.eval().requires_grad_(False)
    prior = prior_of(net).eval().requires_grad_(False)
    codes = Loaded(net, prior, Sampler(net), untrained.config, "0" * 16)
    spent = reconstruction.measure("vae-16bar-free", codes, windows)[2].value / math.log(2)
    assert spent == pytest.approx(4 * 4 * 3)  # bars, codes, bits
    assert told(codes, windows) == pytest.approx(spent, rel=0.1)
