"""The autoencoder learns, its sampler says what its forward pass says, its prior is a bijection."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.engines.lstm.leadsheet import HOLD, REST
from core.engines.vae import sampler
from core.engines.vae.grid import PAD, Window, shape_of
from core.engines.vae.network import MelodyVae, shifted
from core.engines.vae.prior import Prior
from core.engines.vae.rules import GridRules
from core.engines.vae.task import Labelled, Objective, VaeTask, collate
from core.score import Key

TINY = {"embed": 32, "condition": 16, "bar": 32, "window": 32, "latent": 16, "conductor": 32, "code": 32, "decoder": 48}


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
    task = VaeTask(windows, windows, 2, 2, Objective(beta=0.001, blind=0.5), sizes=TINY, dropout=0.0)
    optimizer = torch.optim.Adam(task.net.parameters(), 5e-3)
    for epoch in range(250):
        for batch in task.batches(epoch):
            optimizer.zero_grad()
            loss = task.loss(task.net, batch)
            loss.backward()
            optimizer.step()
    task.net.eval()
    return task


def test_windows_come_back(trained: VaeTask) -> None:
    assert trained.validate(trained.net)["accuracy"] > 0.97
    assert isinstance(trained.net, MelodyVae)
    batch = collate(trained.valid, 2)
    mean, _ = trained.net.encode(batch)
    rows = [sampler.Row(np.random.default_rng(i)) for i in range(len(mean))]
    condition = trained.net.condition(batch.style, batch.facts)
    shape = trained.valid[0].window.shape
    sampler.Sampler(trained.net).write(rows, mean, condition, shape, 2, temperature=0)
    wrote = np.stack([row.window(shape, "major").tokens for row in rows])
    assert (wrote == batch.tokens.numpy()).mean() > 0.9


def test_the_sampler_computes_what_the_network_computes(trained: VaeTask) -> None:
    """What it wrote as the likeliest is the likeliest under the forward pass that sees it as the past."""
    assert isinstance(trained.net, MelodyVae)
    batch = collate(trained.valid[:4], 2)
    latent = torch.randn(4, TINY["latent"], generator=torch.Generator().manual_seed(1))
    rows = [sampler.Row(np.random.default_rng(i)) for i in range(4)]
    shape = trained.valid[0].window.shape
    sampler.Sampler(trained.net).write(rows, latent, trained.net.condition(batch.style, batch.facts), shape, 2, temperature=0)
    again = [Labelled(row.window(shape, "major"), item.style) for row, item in zip(rows, trained.valid[:4], strict=True)]
    with torch.no_grad():
        told = collate(again, 2)
        tokens, chords = trained.net(told, latent, shifted(told.tokens))
    assert torch.equal(tokens.argmax(-1), told.tokens)
    assert torch.equal(chords[:, :, shape.beat_starts].argmax(-1), told.chords)


def test_bars_behind_the_end_change_nothing(trained: VaeTask) -> None:
    assert isinstance(trained.net, MelodyVae)
    short = Labelled(made(np.random.default_rng(9), 1), 0)
    alone, _ = trained.net.encode(collate([short], 2))
    beside, _ = trained.net.encode(collate([short, trained.valid[0]], 2))
    assert torch.allclose(alone[0], beside[0], atol=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_rules_are_obeyed_by_an_untrained_network(seed: int) -> None:
    torch.manual_seed(seed)
    net = MelodyVae(2, 4, TINY).eval()
    metre, mode = [("4/4", "minor"), ("6/8", "major"), ("3/8", "dorian")][seed % 3]
    shape = shape_of(metre, "straight")
    rows = [sampler.Row(np.random.default_rng((seed, i)), GridRules(shape, 4, mode, (0, 12))) for i in range(3)]
    sampler.Sampler(net).write(rows, torch.randn(3, TINY["latent"]), torch.randn(3, TINY["condition"]), shape, 4)
    key = Key(0, 0, mode)
    for row in rows:
        tokens = np.array(row.tokens).ravel()
        pitches = [token - 2 - 29 for token in tokens if token > HOLD]
        assert tokens[0] > HOLD
        assert all(0 <= pitch <= 12 for pitch in pitches)
        assert np.mean([pitch % 12 in key.scale for pitch in pitches]) >= 0.9
        assert pitches[-1] % 12 in key.tonic_triad
        assert any(token != REST for token in row.tokens[-1])
        assert PAD not in tokens


def test_the_prior_goes_both_ways_and_learns() -> None:
    torch.manual_seed(0)
    prior = Prior(6, 4, hidden=32, layers=4)
    latent = torch.randn(512, 6) @ torch.randn(6, 6) + 3
    condition = torch.randn(512, 4)
    prior.mean.copy_(latent.mean(0))
    prior.scale.copy_(latent.std(0))
    before = prior.nll(latent, condition).mean().item()
    optimizer = torch.optim.Adam(prior.parameters(), 5e-3)
    for _ in range(100):
        optimizer.zero_grad()
        loss = prior.nll(latent, condition).mean()
        loss.backward()
        optimizer.step()
    point, _ = prior.to_gaussian(latent, condition)
    assert torch.allclose(prior.from_gaussian(point, condition), latent, atol=1e-3)
    assert loss.item() < before - 0.5
