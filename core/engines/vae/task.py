"""What training an autoencoder means: its windows, batches, loss and held-out figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.engines.lstm.leadsheet import MODES, UNKNOWN_CHORD
from core.engines.vae.grid import GRIDS, METRES, START, Window
from core.engines.vae.network import Batch, MelodyVae, shifted
from core.engines.vae.quantised import GAUSSIAN, network

STEPS_A_BATCH = 3072
CHORD_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window and the index of its style."""

    window: Window
    style: int


@dataclass(frozen=True, slots=True)
class Objective:
    """`beta` weighs the bottleneck's price, a KL divergence or a distance to codes; it grows to its full weight over the
    first `warm_up` epochs.

    `blind` is the share of steps whose past the decoder does not see, so that it listens to the latent;
    `no_style` and `no_chords` are the shares of windows whose style is not told and whose chords are not read.
    """

    beta: float = 0.1
    warm_up: float = 1.0
    blind: float = 0.15
    no_style: float = 0.1
    no_chords: float = 0.1


def collate(group: Sequence[Labelled], styles: int, no_style: Sequence[bool] | None = None) -> Batch:
    """Windows of one metre, grid and length as tensors; `no_style` says whose style is not told."""
    shape = group[0].window.shape
    style = np.zeros((len(group), styles + 1), np.float32)
    facts = np.zeros((len(group), 3), np.int64)
    for row, item in enumerate(group):
        style[row, styles if no_style is not None and no_style[row] else item.style] = 1
        window = item.window
        facts[row] = METRES.index(window.metre), MODES.index(window.mode), GRIDS.index(window.grid)
    tokens = np.stack([item.window.tokens for item in group])
    chords = np.stack([item.window.chords for item in group])
    return Batch(*(torch.from_numpy(x) for x in (tokens, chords, style, facts, shape.place, shape.beat_of)))


class VaeTask:
    """Batches of windows of one metre, grid and length."""

    def __init__(self, train: Sequence[Labelled], valid: Sequence[Labelled], styles: int, objective: Objective, *,
                 seed: int = 0, sizes: dict[str, int] | None = None, bottleneck: str = GAUSSIAN) -> None:
        self.net: nn.Module = network(bottleneck, styles, sizes)
        self.styles, self.seed, self.objective = styles, seed, objective
        self.train, self.valid = list(train), list(valid)
        self._count = len(self.groups(np.random.default_rng(0), self.train))
        self._step = 0

    def batch_count(self) -> int:
        return self._count

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, ...]]:
        rng = np.random.default_rng((self.seed, epoch))
        groups = self.groups(rng, self.train)
        for at, index in enumerate(rng.permutation(len(groups))):
            group = [self.train[i] for i in groups[index]]
            self._step = epoch * self._count + at
            yield collate(group, self.styles, (rng.random(len(group)) < self.objective.no_style).tolist()).tensors()

    @staticmethod
    def groups(rng: np.random.Generator, items: Sequence[Labelled]) -> list[list[int]]:
        """Indices of windows that go through the network together, in a random order."""
        kinds: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for index in rng.permutation(len(items)).tolist():
            window = items[index].window
            kinds[window.metre, window.grid, len(window.tokens)].append(index)
        groups: list[list[int]] = []
        for members in kinds.values():
            size = max(1, STEPS_A_BATCH // items[members[0]].window.tokens.size)
            groups += [members[start : start + size] for start in range(0, len(members), size)]
        return groups

    def loss(self, net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        """Nats a step: tokens, chords and the weighed KL divergence."""
        assert isinstance(net, MelodyVae)
        made = Batch(*batch)
        hidden = torch.rand(len(made.chords), 1, 1, device=made.chords.device) < self.objective.no_chords
        held = net.hold(*net.encode(Batch(made.tokens, made.chords.masked_fill(hidden, UNKNOWN_CHORD), *batch[2:])))
        before = shifted(made.tokens)
        before = before.masked_fill(torch.rand(before.shape, device=before.device) < self.objective.blind, START)
        token, chord, _ = nats(net, made, held.latent, before)
        warm = min(1.0, self._step / max(self.objective.warm_up * self._count, 1))
        return (token + CHORD_WEIGHT * chord + self.objective.beta * warm * held.price.sum()) / made.tokens.numel()

    @torch.no_grad()
    def validate(self, net: nn.Module) -> dict[str, float]:
        """`nll` is the objective on held-out windows; beside it the share of steps that are likeliest with the
        true past (`accuracy`), the chance of drawing the true step there (`drawn`), nats a chord, and nats that a bar's
        latent takes (`kl`: for codes, all that they could say)."""
        assert isinstance(net, MelodyVae)
        totals = np.zeros(7)
        bars = 0
        for group in self.groups(np.random.default_rng(0), self.valid):
            batch = collate([self.valid[i] for i in group], self.styles).to(next(net.parameters()).device)
            held = net.hold(*net.encode(batch), drawn=False)
            token, chord, logits = nats(net, batch, held.latent, shifted(batch.tokens))
            right = (logits.argmax(-1) == batch.tokens).sum()
            chance = logits.float().softmax(-1).gather(-1, batch.tokens[..., None]).sum()
            totals += [float(x) for x in (token, chord, held.price.sum(), held.nats.sum(), right, chance, batch.tokens.numel())]
            bars += batch.tokens.shape[0] * batch.tokens.shape[1]
        tokens, chords, price, spent, hits, chances, steps = (float(total) for total in totals)
        return {"nll": (tokens + CHORD_WEIGHT * chords + self.objective.beta * price) / steps, "accuracy": hits / steps,
                "drawn": chances / steps, "chord": chords / steps, "kl": spent / bars}


def nats(net: MelodyVae, batch: Batch, latent: Tensor, before: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Summed nats of the tokens and of the chords on beats, and the logits of the tokens."""
    tokens, chords = net(batch, latent, before)
    token = F.cross_entropy(tokens.flatten(0, 2).float(), batch.tokens.flatten(), reduction="sum")
    chord = F.cross_entropy(chords.flatten(0, 2).float(), batch.chords.flatten(), ignore_index=UNKNOWN_CHORD, reduction="sum")
    return token, chord, tokens
