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
from core.engines.vae.grid import GRIDS, METRES, PAD, Window
from core.engines.vae.network import Batch, MelodyVae, shifted

STEPS_A_BATCH = 8192
CHORD_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Labelled:
    """A window and the index of its style."""

    window: Window
    style: int


@dataclass(frozen=True, slots=True)
class Objective:
    """`beta` weighs the KL divergence, of which `free` nats a bar cost nothing; `warm_up` epochs lead up to it.

    `blind` is the share of steps whose past the decoder does not see, so that it listens to the latent;
    `style_dropout` the share of windows whose style is not told.
    """

    beta: float = 0.1
    free: float = 0.0
    warm_up: float = 1.0
    blind: float = 0.15
    style_dropout: float = 0.1


def collate(group: Sequence[Labelled], styles: int, hide: Sequence[bool] | None = None) -> Batch:
    """Windows of one metre and grid as tensors; `hide` says whose style is not told."""
    shape = group[0].window.shape
    bars = max(len(item.window.tokens) for item in group)
    tokens = np.full((len(group), bars, shape.steps), PAD, np.int64)
    chords = np.full((len(group), bars, shape.beats), UNKNOWN_CHORD, np.int64)
    style = np.zeros((len(group), styles + 1), np.float32)
    facts = np.zeros((len(group), 3), np.int64)
    for row, item in enumerate(group):
        window = item.window
        tokens[row, : len(window.tokens)] = window.tokens
        chords[row, : len(window.chords)] = window.chords
        style[row, styles if hide is not None and hide[row] else item.style] = 1
        facts[row] = METRES.index(window.metre), MODES.index(window.mode), GRIDS.index(window.grid)
    lengths = np.array([len(item.window.tokens) for item in group])
    return Batch(*(torch.from_numpy(x) for x in (tokens, chords, lengths, style, facts, shape.place, shape.beat_of)))


class VaeTask:
    """Batches of windows of one metre, grid and like length."""

    def __init__(self, train: Sequence[Labelled], valid: Sequence[Labelled], styles: int, bars: int, objective: Objective, *,
                 seed: int = 0, sizes: dict[str, int] | None = None, dropout: float = 0.1) -> None:
        self.net: nn.Module = MelodyVae(styles, bars, sizes, dropout)
        self.styles, self.bars, self.seed, self.objective = styles, bars, seed, objective
        self.train, self.valid = list(train), list(valid)
        self._step = 0

    def batch_count(self) -> int:
        return len(self.groups(np.random.default_rng(0), self.train))

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, ...]]:
        rng = np.random.default_rng((self.seed, epoch))
        groups = self.groups(rng, self.train)
        for index in rng.permutation(len(groups)):
            group = [self.train[i] for i in groups[index]]
            self._step += 1
            yield collate(group, self.styles, (rng.random(len(group)) < self.objective.style_dropout).tolist()).tensors()

    @staticmethod
    def groups(rng: np.random.Generator, items: Sequence[Labelled]) -> list[list[int]]:
        kinds: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, item in enumerate(items):
            kinds[item.window.metre, item.window.grid].append(index)
        groups: list[list[int]] = []
        for members in kinds.values():
            lengths = np.array([len(items[i].window.tokens) for i in members])
            order = np.argsort(lengths + rng.uniform(0, 0.9, len(members)))
            row: list[int] = []
            for at in order[::-1]:
                row.append(members[at])
                if len(row) * items[row[0]].window.tokens.size >= STEPS_A_BATCH:
                    groups.append(row)
                    row = []
            if row:
                groups.append(row)
        return groups

    def loss(self, net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        """Nats a step: tokens, chords and the weighed KL divergence."""
        assert isinstance(net, MelodyVae)
        made = Batch(*batch)
        mean, log_variance = net.encode(made)
        latent = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        token, chord, kl = self._parts(net, made, mean, log_variance, latent, self.objective.blind)
        warm = min(1.0, self._step / max(self.objective.warm_up * self._batches_an_epoch, 1))
        held = (kl - self.objective.free * made.lengths).clamp(min=0)
        steps = (made.tokens != PAD).sum()
        return (token + CHORD_WEIGHT * chord + self.objective.beta * warm * held.sum()) / steps

    @property
    def _batches_an_epoch(self) -> int:
        if not hasattr(self, "_epoch_batches"):
            self._epoch_batches = self.batch_count()
        return self._epoch_batches

    @staticmethod
    def _parts(net: MelodyVae, batch: Batch, mean: Tensor, log_variance: Tensor, latent: Tensor,
               blind: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
        """Summed nats of the tokens and of the chords on beats, and the KL divergence of each window (B,)."""
        before = shifted(batch.tokens)
        if blind:
            before = torch.where(torch.rand(before.shape, device=before.device) < blind, PAD, before)
        tokens, chords = net(batch, latent, before)
        there = batch.tokens != PAD
        token = F.cross_entropy(tokens.flatten(0, 2), torch.where(there, batch.tokens, 0).flatten(), reduction="none")
        token = (token * there.flatten()).sum()
        starts = _beat_starts(batch.beat_of)
        known = (batch.chords != UNKNOWN_CHORD) & there[:, :, starts]
        chord = F.cross_entropy(chords[:, :, starts].flatten(0, 2), batch.chords.flatten(), reduction="none")
        chord = (chord * known.flatten()).sum()
        return token, chord, divergence(mean, log_variance)

    @torch.no_grad()
    def validate(self, net: nn.Module) -> dict[str, float]:
        """`nll` is the objective on held-out windows; beside it accuracy with the true past, and nats of KL a window."""
        assert isinstance(net, MelodyVae)
        totals = np.zeros(6)
        for group in self.groups(np.random.default_rng(0), self.valid):
            batch = collate([self.valid[i] for i in group], self.styles)
            batch = batch.to(next(net.parameters()).device)
            mean, log_variance = net.encode(batch)
            token, chord, kl = self._parts(net, batch, mean, log_variance, mean)
            there = batch.tokens != PAD
            right = (net(batch, mean, shifted(batch.tokens))[0].argmax(-1) == batch.tokens) & there
            totals += [float(x) for x in (token, chord, kl.sum(), right.sum(), there.sum(), len(group))]
        tokens, chords, spent, hits, steps, count = (float(total) for total in totals)
        return {"nll": (tokens + CHORD_WEIGHT * chords + self.objective.beta * spent) / steps, "accuracy": hits / steps,
                "chord": chords / steps, "kl": spent / count}


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence of each posterior from the unit Gaussian, (B,), in nats."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(-1)


def _beat_starts(beat_of: Tensor) -> Tensor:
    return torch.cat([torch.ones(1, dtype=torch.bool, device=beat_of.device), beat_of[1:] != beat_of[:-1]]).nonzero()[:, 0]


