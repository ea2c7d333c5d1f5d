"""Forms: which bars come back."""

from __future__ import annotations

import numpy as np
import torch

from core.engines.lstm.data import Corpus
from core.engines.lstm.leadsheet import encode
from core.engines.lstm.leadsheet_features import walk
from core.engines.lstm.leadsheet_task import Sample
from core.engines.vae import forms
from core.engines.vae.loaded import Loaded
from core.engines.vae.piece import read
from core.score.abc_reader import read_abc


def test_the_form_of_a_piece_is_found() -> None:
    tune = read_abc("X:1\nM:4/4\nL:1/8\nK:G\nGABc d2B2|c2A2 d4|GABc d2B2|A4 G4|c2A2 d4|\n", unfold=False)
    assert forms.form_of(read(tune).window.tokens) == [-1, -1, 0, -1, 1]


def test_forms_are_of_training_pieces_from_first_to_last_bar() -> None:
    """A pick-up is no bar of the form, and what comes back after 24 bars does."""
    bars = "|".join([f"{note}4 A4" for note in "GABcdefg"] * 3 + ["G4 A4"])
    tune = encode(read_abc(f"X:1\nM:4/4\nL:1/8\nK:G\nD2|{bars}|\n", unfold=False))
    samples = {"train": [Sample("a", 1, walk(tune))], "valid": [Sample("b", 0, walk(tune))]}
    found = forms.forms(Corpus(samples, {"a": tune, "b": tune}, ("hymn", "reel"), {}, {}, 0), 0)
    assert found == {"hymn": [], "reel": [" ".join(map(str, [-1] * 8 + [*range(8)] * 2 + [0]))]}


def test_the_form_of_a_piece_of_that_length_is_taken() -> None:
    short, long = "-1 0 -1 0", "-1 -1 -1 0 1 2 3 0"
    known = [long] * forms.NEAREST + [short] * forms.NEAREST
    for seed in range(9):
        rng = np.random.default_rng(seed)
        assert forms.choose(known, 4, rng).tolist() == [-1, 0, -1, -1]  # the last bar is written for itself
        assert forms.choose(known, 8, rng).tolist() == [-1, -1, -1, 0, 1, 2, 3, -1]
        assert forms.choose(known, 6, rng).tolist() == [-1, -1, -1, 0, 1, -1]


def test_long_pieces_have_one_form_after_another() -> None:
    drawn = forms.choose(["-1 -1 0 1"], 10, np.random.default_rng(0))
    assert drawn.tolist() == [-1, -1, 0, 1, -1, -1, 4, 5, -1, -1]


def test_a_style_without_forms_repeats_nothing() -> None:
    assert (forms.choose([], 8, np.random.default_rng(0)) == -1).all()


def test_the_prior_copies_the_bars_that_come_back(untrained: Loaded) -> None:
    points = torch.randn(2, 4, untrained.net.latent)
    copies = torch.tensor([[-1, -1, 0, 1], [-1, -1, -1, 0]])
    made = untrained.prior.from_gaussian(points, torch.randn(2, untrained.net.style.embedding_dim), copies=copies)
    assert torch.equal(made[0, 2:], made[0, :2])
    assert torch.equal(made[1, 3], made[1, 0])
    assert not torch.allclose(made[1, 2], made[1, 0])
