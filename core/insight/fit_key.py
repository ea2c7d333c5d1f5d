"""Fitting the key finder: maximum conditional likelihood of a chain of keys over bars, by Adam.

`songloom train insight --only key` learns from the training pieces of Nottingham, POP909, Bach, the Open Hymnal and OpenEWLD.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn

from core.analysis.chords import chords_from_notes
from core.analysis.key_features import LOCAL, WHOLE, KeyFeatures, key_features
from core.analysis.key_finder import STATES, KeyFinder
from core.insight.printed_keys import Keyed
from core.score import ChordSymbol

EPOCHS, RATE, DECAY, BATCH = 10, 0.02, 0.004, 32
STRENGTH = 0.1
"""Inverse penalty of the choice between relative keys."""


@dataclass(frozen=True, slots=True)
class Example:
    """A piece's features and the index in `STATES` of the key of every bar, (T,)."""

    features: KeyFeatures
    gold: np.ndarray


def example(piece: Keyed) -> Example:
    """What is learned from a piece; chords of performances are heard as `songloom analyse` hears them."""
    features = key_features(piece.score, heard_in(piece))
    gold = np.zeros(len(features.starts), np.int64)
    for key in piece.keys:
        mode = "minor" if key.mode in ("minor", "dorian", "phrygian", "locrian") else "major"
        gold[features.starts >= key.tick] = STATES.index((key.tonic, mode))
    return Example(features, gold)


def heard_in(piece: Keyed) -> tuple[ChordSymbol, ...]:
    """The chords that are heard in a performance; other pieces are taken with what they have."""
    return chords_from_notes(piece.score) if piece.given_as == "performance" else ()


class _Chain(nn.Module):
    """The finder's tables as parameters; shapes as in `KeyFinder`."""

    up: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.bars = nn.Parameter(torch.zeros(2 * sum(LOCAL.values()), 2))
        self.whole = nn.Parameter(torch.zeros(sum(WHOLE.values()), 2))
        self.bias = nn.Parameter(torch.zeros(2))
        self.every_bar = nn.Parameter(torch.zeros(1))
        change = torch.full((2, 2, 12), -3.0)
        change[0, 0, 0] = change[1, 1, 0] = 0.0
        self.change = nn.Parameter(change)
        self.register_buffer("up", (torch.arange(12)[None, :] - torch.arange(12)[:, None]) % 12)

    def loss(self, bars: Tensor, whole: Tensor, gold: Tensor, lengths: Tensor) -> Tensor:
        """Minus the log likelihood of the keys, summed over the batch. bars (B, T, 12, F), whole (B, 12, G), gold (B, T)."""
        fit = (bars @ self.bars).flatten(2)
        fit = fit + (whole @ self.whole + self.bias).flatten(1)[:, None] * (self.every_bar + 1 / lengths[:, None, None])
        change = self.change[:, :, self.up].permute(2, 0, 3, 1).reshape(len(STATES), len(STATES))
        known = gold >= 0
        right = (fit.gather(2, gold.clamp(min=0)[:, :, None]).squeeze(2) * known).sum()
        right = right + (change[gold[:, :-1].clamp(min=0), gold[:, 1:].clamp(min=0)] * known[:, 1:]).sum()
        total = fit[:, 0]
        for bar in range(1, fit.shape[1]):
            following = torch.logsumexp(total[:, :, None] + change, 1) + fit[:, bar]
            total = torch.where((bar < lengths)[:, None], following, total)
        return torch.logsumexp(total, 1).sum() - right

    def penalty(self) -> Tensor:
        return DECAY * (self.bars.square().sum() + self.whole.square().sum())

    @torch.no_grad()
    def finder(self, relative: np.ndarray) -> KeyFinder:
        names = ("bars", "whole", "bias", "every_bar", "change")
        return KeyFinder(**{name: getattr(self, name).detach().numpy().astype(np.float32) for name in names}, relative=relative)


def fit(examples: Sequence[Example], epochs: int = EPOCHS, seed: int = 0) -> KeyFinder:
    """The finder that the examples teach; about a minute an epoch for 2,300 pieces on a busy core, a tenth on a quiet one."""
    torch.manual_seed(seed)
    chain = _Chain()
    ordered = sorted(examples, key=lambda one: len(one.gold))
    batches = [_batch(ordered[at : at + BATCH]) for at in range(0, len(ordered), BATCH)]
    optimiser = torch.optim.Adam(chain.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, epochs)
    order = random.Random(seed)
    for epoch in range(epochs):
        order.shuffle(batches)
        total = 0.0
        for batch in batches:
            optimiser.zero_grad()
            loss = chain.loss(*batch)
            total += float(loss.detach())
            (loss / len(batch[3]) + chain.penalty()).backward()
            optimiser.step()
        schedule.step()
        print(f"epoch {epoch + 1}: {total / len(examples):.3f} nats a piece", file=sys.stderr)
    return chain.finder(fit_relative(examples))


def fit_relative(examples: Sequence[Example], strength: float = STRENGTH) -> np.ndarray:
    """`KeyFinder.relative`, (13,): logistic regression on the segments of pieces in several voices, by their own signature."""
    rows, minor = [], []
    for one in examples:
        if not one.features.several:
            continue
        cuts = [0, *(np.flatnonzero(np.diff(one.gold)) + 1).tolist(), len(one.gold)]
        for first, last in pairwise(cuts):
            tonic, mode = STATES[one.gold[first]]
            rows.append(one.features.sounding(first, last, tonic if mode == "major" else (tonic + 3) % 12))
            minor.append(mode == "minor")
    table = np.array(rows, np.float64)
    mean, spread = table.mean(0), np.maximum(table.std(0), 1e-6)
    model = LogisticRegression(C=strength, max_iter=500).fit((table - mean) / spread, minor)
    slopes = model.coef_[0] / spread
    return np.append(slopes, model.intercept_[0] - slopes @ mean).astype(np.float32)


def _batch(part: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    longest = max(len(one.gold) for one in part)
    bars = torch.zeros(len(part), longest, *part[0].features.bars.shape[1:])
    gold = torch.full((len(part), longest), -1)
    for row, one in enumerate(part):
        bars[row, : len(one.gold)] = torch.from_numpy(one.features.bars)
        gold[row, : len(one.gold)] = torch.from_numpy(one.gold)
    whole = torch.from_numpy(np.stack([one.features.whole for one in part]))
    return bars, whole, gold, torch.tensor([len(one.gold) for one in part])
