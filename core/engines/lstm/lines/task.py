"""What training the network of lines means: windows of following lines, loss and held-out figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.engines.lstm.lines.network import LineNet
from core.engines.lstm.lines.units import FIRST, LINE, Ints, Units
from core.engines.lstm.lines.verse import Work

WINDOW = 8
"""Lines in a training sequence."""

_SPREAD = 0.1
"""Standard deviation of embeddings at the start."""

Window = tuple[Ints, Ints]
"""Ids (n,) and syllables left before each (n,), lines from their ends, each after a `LINE`."""


def windows(works: Sequence[Work], units: Units, window: int = WINDOW, step: int | None = None) -> list[Window]:
    """Parts of works as rows of ids; they begin every `step` lines (a whole window where none is given)."""
    found = []
    for work in works:
        coded = [units.encode(line) for line in work.lines]
        for start in range(0, len(coded), step or window):
            part = coded[start : start + window]
            ids = np.concatenate([np.concatenate([[LINE], own]) for own, _ in part])
            # Beside LINE stands how many syllables the line has, beside each unit how many come before it in the line.
            left = np.concatenate([np.concatenate([before, [0]]) for _, before in part])
            found.append((ids, left))
            if start + window >= len(coded):
                break
    return found


class LinesTask:
    """Batches of windows of like length.

    Args:
        songs: windows that every epoch has; verse: others, of which every epoch takes `share`, anew.
        valid: what is held out; sizes: of the network.
    """

    def __init__(self, songs: Sequence[Window], verse: Sequence[Window], valid: Sequence[Window], units: int, *,
                 sizes: Mapping[str, float], share: int = 0, batch: int = 32, seed: int = 0) -> None:
        self.net: nn.Module = LineNet(units, **sizes)  # type: ignore[arg-type]
        self.songs, self.verse, self.valid = list(songs), list(verse), list(valid)
        self.share, self.batch, self.seed = min(share, len(self.verse)), batch, seed

    def batch_count(self) -> int:
        """Batches in an epoch."""
        return -(-(len(self.songs) + self.share) // self.batch)

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, ...]]:
        """One epoch in an order that depends on `epoch` alone. Verse is taken in turn, so that all of it is read."""
        rng = np.random.default_rng((self.seed, epoch))
        order = np.random.default_rng(self.seed).permutation(len(self.verse))
        some = [order[(epoch * self.share + n) % len(order)] for n in range(self.share)]
        chosen = [*self.songs, *(self.verse[at] for at in some)]
        lengths = np.array([len(ids) for ids, _ in chosen])
        ranked = np.argsort(lengths + rng.uniform(0, 8, len(lengths)))
        groups = [ranked[at : at + self.batch] for at in range(0, len(ranked), self.batch)]
        for index in rng.permutation(len(groups)):
            yield collate([chosen[at] for at in groups[index]])

    def loss(self, net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        """Mean nats a unit."""
        nll, mask = nats(net, batch)
        return (nll * mask).sum() / mask.sum()

    @torch.no_grad()
    def validate(self, net: nn.Module) -> dict[str, float]:
        """Nats a unit of what is held out, and its perplexity."""
        found = measure(net, self.valid, self.batch)
        return {"nll": found, "perplexity": float(np.exp(found))}


def begin(net: LineNet, rows: Sequence[Window]) -> None:
    """Put what can be counted into a network before it is trained: how usual every unit is into its bias, and which units stand
    near each other into the embedding, by a low-rank factorisation of their positive pointwise mutual information
    (Levy and Goldberg 2014; Church and Hanks 1990)."""
    size, width = net.embed.weight.shape
    ids = np.concatenate([row for row, _ in rows])
    usual = np.bincount(ids, minlength=size) + 0.5
    together = np.zeros((size, size), np.float32)
    for apart in (1, 2):
        np.add.at(together, (ids[:-apart], ids[apart:]), 1.0 / apart)
    together += together.T
    together[:FIRST] = together[:, :FIRST] = 0
    share = together.sum(1, keepdims=True) + 1e-9
    tied = np.log(np.maximum(together * together.sum() / (share * share.T), 1.0))
    left, strength, _ = torch.svd_lowrank(torch.from_numpy(tied), q=width, niter=2)
    known = left * strength.sqrt()
    with torch.no_grad():
        net.bias.copy_(torch.from_numpy(np.log(usual / usual.sum())).float())
        net.embed.weight.copy_(known * (_SPREAD / known.std().clamp(min=1e-6)))


def measure(net: nn.Module, held_out: Sequence[Window], batch: int = 32) -> float:
    """Mean nats a unit."""
    total = count = 0.0
    device = next(net.parameters()).device
    order = sorted(range(len(held_out)), key=lambda at: len(held_out[at][0]))
    with torch.no_grad():
        for at in range(0, len(order), batch):
            rows = collate([held_out[index] for index in order[at : at + batch]])
            nll, mask = nats(net, tuple(tensor.to(device) for tensor in rows))
            total += float((nll * mask).sum())
            count += float(mask.sum())
    return total / max(count, 1.0)


def collate(rows: Sequence[Window]) -> tuple[Tensor, ...]:
    """Padded ids and syllables left, (batch, n) each."""
    longest = max(len(ids) for ids, _ in rows)
    padded = [np.stack([np.pad(row[part], (0, longest - len(row[part]))) for row in rows]) for part in (0, 1)]
    return tuple(torch.from_numpy(array) for array in padded)


def nats(net: nn.Module, batch: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
    """(batch, n - 1) nats of each unit, and the mask of those that count: where a line ends is told, and what the
    vocabulary does not have is not asked for."""
    assert isinstance(net, LineNet)
    ids, left = batch
    target = ids[:, 1:]
    mask = target >= FIRST
    context, _ = net.read(ids[:, :-1], left[:, :-1])
    found = F.cross_entropy(net.logits(context[mask]), target[mask], reduction="none")
    out = torch.zeros(target.shape, dtype=found.dtype, device=found.device)
    out[mask] = found
    return out, mask.to(found.dtype)


def flat(rows: Sequence[Window], depth: int) -> tuple[Ints, Ints]:
    """For an n-gram: the `depth` ids before each unit, nearest first (N, depth), and the units (N,), as in `nats`."""
    contexts, targets = [], []
    for ids, _ in rows:
        padded = np.concatenate([np.full(depth, LINE), ids])
        history = np.stack([padded[depth - back : len(padded) - back] for back in range(1, depth + 1)], 1)
        counted = ids >= FIRST
        contexts.append(history[counted])
        targets.append(ids[counted])
    return np.concatenate(contexts), np.concatenate(targets)

