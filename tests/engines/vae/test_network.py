"""The autoencoder learns, its sampler says what its forward pass says, its prior is a bijection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.engines.lstm.leadsheet import HOLD, REST
from core.engines.vae import sampler
from core.engines.vae.grid import START, Window, shape_of
from core.engines.vae.network import MelodyVae, shifted
from core.engines.vae.prior import Prior
from core.engines.vae.rules import GridRules
from core.engines.vae.task import Labelled, Objective, VaeTask, collate
from core.score import Key
from tests.engines.vae.conftest import learn

TINY = {"embed": 24, "condition": 16, "bar": 48, "window": 24, "latent": 12, "conductor": 24, "code": 48, "decoder": 48}


def made(rng: np.random.Generator, bars: int, metre: str = "3/4") -> Window:
    shape = shape_of(metre, "straight")
    tokens = np.full((bars, shape.steps), HOLD)
    tokens[:, ::2] = rng.choice([REST, 31, 33, 35, 38], (bars, (shape.steps + 1) // 2))
    for at in range(1, tokens.size):
        if tokens.flat[at] == HOLD and tokens.flat[at - 1] == REST:
            tokens.flat[at] = REST
    return Window(tokens, rng.integers(0, 5, (bars, shape.beats)), metre, "major", "straight")


@pytest.fixture(scope="module")
def trained() -> VaeTask:
    rng = np.random.default_rng(3)
    windows = [Labelled(made(rng, 2), int(rng.integers(2))) for _ in range(12)]
    torch.manual_seed(0)
    task = VaeTask(windows, windows, 2, Objective(beta=0.001, blind=0.5), sizes=TINY)
    learn(task)
    return task


def test_windows_come_back(trained: VaeTask) -> None:
    figures = trained.validate(trained.net)
    assert figures["accuracy"] > 0.97
    assert figures["kl"] > 1
    assert isinstance(trained.net, MelodyVae)
    batch = collate(trained.valid, 2)
    mean, _ = trained.net.encode(batch)
    codes = trained.net.codes(mean, trained.net.condition(batch.style, batch.facts)).flatten(0, 1)
    tokens, chords = sampler.Sampler(trained.net).bars(codes, trained.valid[0].window.shape)
    assert (tokens == batch.tokens.flatten(0, 1).numpy()).mean() > 0.9
    assert (chords == batch.chords.flatten(0, 1).numpy()).mean() > 0.5


def test_the_sampler_computes_what_the_network_computes(trained: VaeTask) -> None:
    """What it wrote as the likeliest is the likeliest under the forward pass that sees it as the past."""
    assert isinstance(trained.net, MelodyVae)
    batch = collate(trained.valid[:4], 2)
    latent = torch.randn(4, 2, TINY["latent"], generator=torch.Generator().manual_seed(1))
    shape = trained.valid[0].window.shape
    codes = trained.net.codes(latent, trained.net.condition(batch.style, batch.facts)).flatten(0, 1)
    tokens, chords = (part.reshape(4, 2, -1) for part in sampler.Sampler(trained.net).bars(codes, shape))
    again = [Labelled(replace(item.window, tokens=tokens[i], chords=chords[i]), item.style)
             for i, item in enumerate(trained.valid[:4])]
    with torch.no_grad():
        told = collate(again, 2)
        token_logits, chord_logits = trained.net(told, latent, shifted(told.tokens))
    assert torch.equal(token_logits.argmax(-1), told.tokens)
    assert torch.equal(chord_logits.argmax(-1), told.chords)


def test_bars_side_by_side_are_bars_one_by_one(trained: VaeTask) -> None:
    assert isinstance(trained.net, MelodyVae)
    shape, codes = trained.valid[0].window.shape, torch.randn(5, TINY["latent"] + TINY["code"])
    points = np.random.default_rng(1).random((5, 2, shape.steps))
    drawn = sampler.Sampler(trained.net).bars(codes, shape, points, sampler.Style(1.0, 0.9))
    for row in range(5):
        alone = sampler.Sampler(trained.net).bars(codes[[row]], shape, points[[row]], sampler.Style(1.0, 0.9))
        assert all(np.array_equal(one[0], many[row]) for one, many in zip(alone, drawn, strict=True))


@pytest.mark.parametrize("seed", range(6))
def test_rules_are_obeyed_by_an_untrained_network(seed: int) -> None:
    torch.manual_seed(seed)
    net = MelodyVae(2, TINY).eval()
    metre, mode = [("4/4", "minor"), ("6/8", "major"), ("3/8", "dorian")][seed % 3]
    shape = shape_of(metre, "straight")
    rules = [GridRules(shape, 4, mode, (0, 12)) for _ in range(3)]
    codes = net.codes(torch.randn(3, 4, TINY["latent"]), torch.randn(3, TINY["condition"]))
    points = np.random.default_rng(seed).random((4, 3, 2, shape.steps))
    drawn = sampler.Sampler(net)
    bars = [drawn.bars(codes[:, bar], shape, points[bar], sampler.Style(), rules=rules)[0] for bar in range(4)]
    key = Key(0, 0, mode)
    for take in np.stack(bars, 1):
        tokens = take.ravel()
        pitches = [token - 2 - 29 for token in tokens if token > HOLD]
        assert tokens[0] > HOLD
        assert all(0 <= pitch <= 12 for pitch in pitches)
        assert np.mean([pitch % 12 in key.scale for pitch in pitches]) >= 0.9
        assert pitches[-1] % 12 in key.tonic_triad
        assert (take[-1] != REST).any()
        assert START not in tokens


def test_the_prior_goes_both_ways_and_learns() -> None:
    torch.manual_seed(0)
    prior = Prior(6, 4, hidden=32, layers=4)
    latent = torch.randn(128, 5, 6) @ torch.randn(6, 6) + 3
    latent[:, 4] = latent[:, 0]  # a bar that comes back
    condition = torch.randn(128, 4)
    prior.mean.copy_(latent.mean((0, 1)))
    prior.scale.copy_(latent.std((0, 1)))
    before = prior.nll(latent, condition).mean(0)
    optimizer = torch.optim.Adam(prior.parameters(), 5e-3)
    for _ in range(150):
        optimizer.zero_grad()
        loss = prior.nll(latent, condition).mean()
        loss.backward()
        optimizer.step()
    prior.eval()
    points, change = prior.to_gaussian(latent, condition)
    assert change.shape == (128, 5)
    assert torch.allclose(prior.from_gaussian(points, condition), latent, atol=1e-2)
    assert torch.allclose(prior.from_gaussian(points[:, 2:], condition, latent[:, :2]), latent[:, 2:], atol=1e-2)
    learned = before - prior.nll(latent, condition).mean(0)
    assert (learned > 0.5).all()
    assert learned[4] > learned[1] + 2
