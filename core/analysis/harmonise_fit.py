"""Fitting the harmoniser's tables: maximum conditional likelihood of a linear chain, by Adam."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from core.analysis.harmonise import MODE_INDEX, QUALITIES, REDUCED, THIRD_GROUP
from core.analysis.segments import FEATURES, Segment, features, gold_states, segments
from core.errors import DataMissingError
from core.score import Score

State = tuple[int, str]
_TRIAD = {"7": "maj", "maj7": "maj", "min7": "min", "dim": "min"}
_KINDS, _MODES, _BLOCKS = 3, len(MODE_INDEX), 6
_BATCH, _RATE, _DECAY = 64, 0.05, 0.3
_NEVER = -1e4


class _Batch(NamedTuple):
    """B pieces padded to T segments: features (B, T, F), the rest (B, T); `gold` is -1 for unknown."""

    features: Tensor
    modes: Tensor
    kinds: Tensor
    new_key: Tensor
    gold: Tensor
    lengths: Tensor


def fit(scores: Iterable[Score], epochs: int, min_count: int) -> tuple[tuple[State, ...], dict[str, NDArray[np.float32]]]:
    """The states that were seen, and the tables of `Harmoniser`; see `Harmoniser.fit`."""
    pieces = []
    for score in scores:
        if score.keys and score.chords and any(track.notes and not track.is_drum for track in score.tracks):
            pieces.append((segments(score), gold_states(score, REDUCED)))
    seen = Counter(state for _, gold in pieces for state in gold if state)
    if not seen:
        raise DataMissingError(
            "A harmoniser learns from scores with melody, key and chords",
            f"none of {len(pieces)} scores with all three has a chord under its melody",
            "Give it a collection with chord symbols, such as nottingham",
        )
    kept = {state for state, count in seen.items() if count >= min_count} | {(0, "maj"), (0, "min")}
    states = tuple(sorted(kept, key=lambda state: (state[0], QUALITIES.index(state[1]))))
    index = {state: i for i, state in enumerate(states)}
    for root, quality in seen:
        triad = (root, _TRIAD.get(quality, quality))
        index.setdefault((root, quality), index.get(triad, -1))
    pieces.sort(key=lambda piece: len(piece[0]))
    batches = [_batch(pieces[i : i + _BATCH], index) for i in range(0, len(pieces), _BATCH)]
    chain = _Chain(states)
    _train(chain, batches, epochs)
    return states, chain.tables()


def _batch(pieces: list[tuple[list[Segment], list[State | None]]], index: dict[State, int]) -> _Batch:
    size, longest = len(pieces), max(len(parts) for parts, _ in pieces)
    table = torch.zeros(size, longest, FEATURES)
    modes, kinds, new_key = (torch.zeros(size, longest, dtype=torch.long) for _ in range(3))
    gold = torch.full((size, longest), -1)
    for i, (parts, chords) in enumerate(pieces):
        count = len(parts)
        table[i, :count] = torch.from_numpy(features(parts))
        modes[i, :count] = torch.tensor([MODE_INDEX[part.key.mode] for part in parts])
        kinds[i, :count] = torch.tensor([part.kind for part in parts])
        new_key[i, 1:count] = torch.tensor([int(a.key != b.key) for a, b in pairwise(parts)])
        gold[i, :count] = torch.tensor([index[state] if state else -1 for state in chords])
    return _Batch(table, modes, kinds, new_key, gold, torch.tensor([len(parts) for parts, _ in pieces]))


def _train(chain: _Chain, batches: list[_Batch], epochs: int) -> None:
    optimiser = torch.optim.Adam(chain.parameters(), lr=_RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, epochs)
    known = sum(int((batch.gold >= 0).sum()) for batch in batches)
    order = random.Random(0)
    for _ in range(epochs):
        order.shuffle(batches)
        for batch in batches:
            optimiser.zero_grad()
            loss = chain.loss(batch) / (batch.gold >= 0).sum().clamp(min=1) + chain.penalty() / known
            loss.backward()
            optimiser.step()
        schedule.step()


class _Chain(nn.Module):
    """The tables as sums of a shared and an own part, each pulled towards zero.

    What a chord asks of the melody is shared by chords of a quality (pitch classes above the root);
    how chords follow each other is shared by modes with the same third.
    """

    relative: Tensor
    quality: Tensor
    group: Tensor

    def __init__(self, states: tuple[State, ...]) -> None:
        super().__init__()
        count = len(states)
        self.shared = nn.Parameter(torch.zeros(_BLOCKS, 12, len(QUALITIES)))
        self.own = nn.Parameter(torch.zeros(2, FEATURES, count))
        self.change_shared = nn.Parameter(torch.zeros(2, _KINDS, count, count))
        self.change_own = nn.Parameter(torch.zeros(_MODES, _KINDS, count, count))
        self.edge_shared = nn.Parameter(torch.zeros(2, 2, count))
        self.edge_own = nn.Parameter(torch.zeros(2, _MODES, count))
        roots = torch.tensor([root for root, _ in states])
        self.register_buffer("relative", (torch.arange(12)[:, None] - roots) % 12)
        self.register_buffer("quality", torch.tensor([QUALITIES.index(quality) for _, quality in states]))
        self.register_buffer("group", torch.from_numpy(THIRD_GROUP))

    def weight(self) -> Tensor:
        shared = self.shared[:, self.relative, self.quality.expand_as(self.relative)].flatten(0, 1)
        return self.own + F.pad(shared, (0, 0, 0, FEATURES - shared.shape[0]))

    def change(self) -> Tensor:
        return self.change_shared[self.group] + self.change_own

    def edges(self) -> Tensor:
        """(first or last, M, S)."""
        return self.edge_shared[:, self.group] + self.edge_own

    def penalty(self) -> Tensor:
        """Minus the log of a normal prior: tighter on what a single chord or mode has for itself."""
        own = self.own.square().sum() + 0.5 * self.change_own.square().sum() + 0.3 * self.edge_own.square().sum()
        return _DECAY * (own + 0.3 * (self.shared.square().sum() + self.change_shared.square().sum()))

    def loss(self, batch: _Batch) -> Tensor:
        """Minus the conditional log likelihood of the known chords, summed over the batch, in nats."""
        by_group = torch.einsum("btf,gfs->btgs", batch.features, self.weight())
        fit = torch.take_along_dim(by_group, self.group[batch.modes][:, :, None, None], 2).squeeze(2)
        other = F.one_hot(batch.gold.clamp(min=0), fit.shape[2]) == 0
        bound = fit.masked_fill(other & (batch.gold >= 0)[:, :, None], _NEVER)
        return (self._log_sum(fit, batch) - self._log_sum(bound, batch)).sum()

    def _log_sum(self, fit: Tensor, batch: _Batch) -> Tensor:
        """Log of the sum over all paths, (B,), by the forward algorithm."""
        change, (start, final) = self.change(), self.edges()
        total = start[batch.modes[:, 0]] + fit[:, 0]
        for t in range(1, fit.shape[1]):
            mode = batch.modes[:, t]
            step = torch.where(batch.new_key[:, t, None, None] > 0, start[mode][:, None, :], change[mode, batch.kinds[:, t]])
            following = torch.logsumexp(total[:, :, None] + step, 1) + fit[:, t]
            total = torch.where((t < batch.lengths)[:, None], following, total)
        last = batch.modes.gather(1, batch.lengths[:, None] - 1).squeeze(1)
        return torch.logsumexp(total + final[last], 1)

    @torch.no_grad()
    def tables(self) -> dict[str, NDArray[np.float32]]:
        """The sums, by the names that `Harmoniser` has for them."""
        start, final = self.edges()
        named = {"weight": self.weight(), "start": start, "final": final, "change": self.change()}
        return {name: table.numpy().astype(np.float32) for name, table in named.items()}
