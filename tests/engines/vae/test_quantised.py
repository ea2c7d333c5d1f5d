"""The bottleneck of codes: its books follow, gradients go through, its prior draws what it has learned."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from core.engines.vae.loaded import set_name
from core.engines.vae.quantised import Books, CodePrior, QuantisedVae, nearest, prior_of, rows_of
from core.engines.vae.task import Labelled, Objective, VaeTask
from core.engines.vae.train import Run
from tests.engines.vae.conftest import TINY, learn
from tests.engines.vae.test_network import made


def test_a_latent_becomes_the_nearest_row() -> None:
    book = torch.tensor([[[0.0, 0], [4, 4]], [[1, 0], [0, 1]]])
    codes = nearest(book, torch.tensor([[3.0, 3, 0, 2], [-1, 1, 5, 0]]))
    assert codes.tolist() == [[1, 1], [0, 0]]
    assert rows_of(book, codes).tolist() == [[4, 4, 0, 1], [0, 0, 1, 0]]


def test_books_find_where_bars_lie() -> None:
    """Eight heaps in each half, sixteen rows: every heap has a row of its own, none is left at the start."""
    torch.manual_seed(0)
    heaps = 5 * torch.randn(2, 8, 3)
    books = Books(6, groups=2, rows=16)
    latent = torch.empty(0)
    for _ in range(400):
        chosen = torch.randint(8, (64, 2))
        latent = rows_of(heaps, chosen) + 0.05 * torch.randn(64, 6)
        books.follow(latent)
    near = rows_of(books.book, nearest(books.book, latent))
    assert (near - latent).abs().max() < 0.5


def test_gradients_go_straight_through() -> None:
    torch.manual_seed(0)
    net = QuantisedVae(2, TINY, rows=8)
    mean = torch.randn(3, 2, TINY["latent"], requires_grad=True)
    held = net.hold(mean, torch.zeros_like(mean))
    weights = torch.randn_like(held.latent)
    (held.latent * weights).sum().backward()
    assert torch.allclose(mean.grad, weights)
    assert torch.allclose(held.latent, rows_of(net.books.book, nearest(net.books.book, mean)), atol=1e-6)
    assert held.nats.unique().tolist() == pytest.approx([4 * math.log(8)])
    before = net.books.book.clone()
    net.eval().hold(mean, torch.zeros_like(mean))
    assert torch.equal(net.books.book, before)


def test_windows_come_back_through_codes() -> None:
    rng = np.random.default_rng(3)
    windows = [Labelled(made(rng, 2), int(rng.integers(2))) for _ in range(8)]
    torch.manual_seed(0)
    task = VaeTask(windows, windows, 2, Objective(beta=0.25, blind=0.5), sizes=TINY, bottleneck="vq")
    learn(task)
    assert task.validate(task.net)["accuracy"] > 0.9


@pytest.fixture(scope="module")
def learned() -> CodePrior:
    """A prior that has seen: the second bar is the first again, the first is one of two, told by the condition."""
    torch.manual_seed(0)
    net = QuantisedVae(2, TINY, rows=8)
    net.books.book.copy_(torch.randn(4, 8, 3))
    prior = prior_of(net)
    assert isinstance(prior, CodePrior)
    optimizer = torch.optim.Adam(prior.parameters(), 5e-3)
    for _ in range(150):
        latent, condition = _examples(prior, 64)
        optimizer.zero_grad()
        prior.nll(latent, condition).mean().backward()
        optimizer.step()
    return prior.eval().requires_grad_(False)


def _examples(prior: CodePrior, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    which = torch.randint(2, (count, 1))
    codes = torch.where(which == 0, torch.tensor([1, 2, 3, 4]), torch.tensor([5, 6, 7, 0]))
    condition = torch.zeros(count, TINY["condition"])
    condition[:, 0] = which[:, 0] * 2.0 - 1
    return rows_of(prior.book, codes)[:, None].expand(-1, 2, -1), condition


def test_what_is_drawn_was_learned(learned: CodePrior) -> None:
    latent, condition = _examples(learned, 40)
    assert learned.nll(latent, condition).mean() < 0.3
    drawn = learned.from_gaussian(torch.randn(40, 2, TINY["latent"]), condition)
    assert (nearest(learned.book, drawn) == nearest(learned.book, latent)).float().mean() > 0.9


def test_every_row_has_a_place_in_the_gaussian() -> None:
    """There and back are the same codes, whatever they are; and so are bars that go on from others."""
    torch.manual_seed(0)
    prior = CodePrior(torch.randn(4, 8, 3), TINY["condition"], hidden=16).eval().requires_grad_(False)
    prior.mean.fill_(0.3)
    prior.scale.fill_(2.0)
    codes = torch.randint(8, (20, 3, 4))
    latent, condition = rows_of(prior.book, codes), torch.randn(20, TINY["condition"])
    points, chance = prior.to_gaussian(latent, condition)
    assert torch.allclose(chance, -prior.nll(latent, condition), atol=1e-4)
    assert torch.equal(nearest(prior.book, prior.from_gaussian(points, condition)), codes)
    assert torch.equal(nearest(prior.book, prior.from_gaussian(points[:, 1:], condition, latent[:, :1])), codes[:, 1:])


def test_rows_are_drawn_as_often_as_they_are_likely() -> None:
    torch.manual_seed(0)
    prior = CodePrior(torch.randn(1, 4, 2), 3, hidden=8).eval().requires_grad_(False)
    chances = torch.tensor([0.5, 0.05, 0.15, 0.3])
    last = prior.heads[0][-1]
    last.weight.zero_()
    last.bias.copy_(chances.log())
    drawn = prior.from_gaussian(torch.randn(20000, 1, 2), torch.zeros(20000, 3))
    counted = torch.bincount(nearest(prior.book, drawn).flatten(), minlength=4) / 20000
    assert torch.allclose(counted, chances, atol=0.015)


def test_sets_have_names_of_their_own() -> None:
    assert set_name("vae-16bar", True, "vq") == "vae-16bar-vq-free"
    assert set_name("vae-16bar", False) == "vae-16bar-all"
    assert "--bottleneck vq" in Run("vae-16bar", None, None, None, bottleneck="vq").command  # type: ignore[arg-type]
