"""Forms: which bars come back."""

from __future__ import annotations

import numpy as np
import torch

from core.engines.protocol import Request
from core.engines.vae.compose import _forms
from core.engines.vae.loaded import Loaded
from core.engines.vae.piece import read
from core.engines.vae.task import Labelled
from core.engines.vae.train import forms
from core.score.abc_reader import read_abc


def test_the_form_of_a_piece_is_found() -> None:
    tune = read_abc("X:1\nM:4/4\nL:1/8\nK:G\nGABc d2B2|c2A2 d4|GABc d2B2|A4 G4|c2A2 d4|\n", unfold=False)
    assert forms([Labelled(read(tune).window, 0)], ["reel"], 0) == {"reel": [[-1, -1, 0, -1, 1]]}


def test_long_pieces_repeat_within_their_windows(untrained: Loaded) -> None:
    drawn = _forms(Request("polka", bars=40, takes=2), untrained, [np.random.default_rng(i) for i in range(2)])
    assert drawn.shape == (2, 40)
    assert drawn[0, :4].tolist() == [-1, -1, 0, 1]
    assert drawn[0, 16:20].tolist() == [-1, -1, 16, 17]
    assert (drawn[:, -1] == -1).all()
    assert (drawn < np.arange(40)).all()


def test_the_prior_copies_the_bars_that_come_back(untrained: Loaded) -> None:
    points = torch.randn(2, 4, untrained.net.latent)
    copies = torch.tensor([[-1, -1, 0, 1], [-1, -1, -1, 0]])
    made = untrained.prior.from_gaussian(points, torch.randn(2, untrained.net.style.embedding_dim), copies=copies)
    assert torch.equal(made[0, 2:], made[0, :2])
    assert torch.equal(made[1, 3], made[1, 0])
    assert not torch.allclose(made[1, 2], made[1, 0])


def test_a_style_without_forms_repeats_nothing(untrained: Loaded) -> None:
    assert (_forms(Request("hymn", bars=8), untrained, [np.random.default_rng(0)]) == -1).all()
