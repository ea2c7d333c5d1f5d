"""What training the chorale network means: its data, batches, loss and held-out figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from core.engines.lstm.chorale import HIGH, LOW, Chorale
from core.engines.lstm.chorale_features import ROWS, walk
from core.engines.lstm.network import NONE, ChoraleNet

STYLES = ("bach",)
IGNORE = -100
WINDOW = 4 * 96

Arrays = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]


def build(**sizes: float) -> ChoraleNet:
    """The network with this representation's sizes."""
    return ChoraleNet(ROWS, len(STYLES), LOW, HIGH, **sizes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Sample:
    """One chorale as arrays, with and without its soprano told beforehand."""

    style: int
    free: Arrays
    given: Arrays | None


def sample(chorale: Chorale, style: str = "bach") -> Sample:
    """`given` is made where there are bars to speak of: only the composing grid is ever harmonised."""
    given = walk(chorale, soprano_given=True) if chorale.eighths else None
    return Sample(STYLES.index(style), walk(chorale), given)


def without_bars(chorale: Chorale) -> Chorale:
    """As the benchmark tells it: neither metre nor mode."""
    return replace(chorale, metre=None, mode=None, start=0)


class ChoraleTask:
    """Windows of whole chorales; half of those on the eighth grid have their soprano given."""

    def __init__(self, train: Sequence[Sample], valid: Sequence[Sample], *, batch: int = 24, given: float = 0.4,
                 seed: int = 0, sizes: Mapping[str, float] | None = None) -> None:
        self.net: nn.Module = build(**(sizes or {}))
        self.valid, self.batch, self.given, self.seed = list(valid), batch, given, seed
        self.windows = [(s, at) for s in train for at in range(0, len(s.free[2]), WINDOW)]

    def batch_count(self) -> int:
        return (len(self.windows) + self.batch - 1) // self.batch

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, ...]]:
        rng = np.random.default_rng((self.seed, epoch))
        lengths = np.array([min(WINDOW, len(s.free[2]) - at) for s, at in self.windows])
        order = np.argsort(lengths + rng.uniform(0, 96, len(lengths)))
        groups = [order[i : i + self.batch] for i in range(0, len(order), self.batch)]
        for index in rng.permutation(len(groups)):
            chosen = [self.windows[i] for i in groups[index]]
            arrays = [s.given if s.given is not None and rng.random() < self.given else s.free for s, _ in chosen]
            parts = [(a[0][at : at + WINDOW], a[1][at : at + WINDOW], a[2][at : at + WINDOW])
                     for a, (_, at) in zip(arrays, chosen, strict=True)]
            yield collate(parts, [s.style for s, _ in chosen])

    def loss(self, net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        """Mean nats of a voice."""
        features, style, references, targets = batch
        return F.cross_entropy(net(features, style, references).flatten(0, 1), targets.flatten(), ignore_index=IGNORE)

    def validate(self, net: nn.Module) -> dict[str, float]:
        return {"nll": frame_nll(net, self.valid)}


def collate(parts: Sequence[Arrays], styles: Sequence[int]) -> tuple[Tensor, ...]:
    """Features, style weights, references and targets, each (pieces, longest, …), padded."""
    longest = max(len(targets) for _, _, targets in parts)
    features = np.zeros((len(parts), longest, parts[0][0].shape[1]), np.int64)
    references = np.full((len(parts), longest, 4), NONE, np.int64)
    targets = np.full((len(parts), longest), IGNORE, np.int64)
    style = np.zeros((len(parts), len(STYLES)), np.float32)
    for i, (x, r, y) in enumerate(parts):
        features[i, : len(y)], references[i, : len(y)], targets[i, : len(y)] = x, r, y
        style[i, styles[i]] = 1
    return tuple(torch.from_numpy(a) for a in (features, style, references, targets))


@torch.no_grad()
def frame_nll(net: nn.Module, samples: Sequence[Sample], *, precise: bool = False) -> float:
    """Mean joint negative log-likelihood of a frame in nats, first frame of each piece unscored.

    Args:
        precise: in float32 rather than under bf16 autocast.
    """
    device = next(net.parameters()).device
    total, frames = 0.0, 0
    ordered = sorted(samples, key=lambda s: len(s.free[2]))
    for at in range(0, len(ordered), 16):
        group = ordered[at : at + 16]
        features, style, references, targets = (t.to(device) for t in collate([s.free for s in group], [s.style for s in group]))
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=not precise and device.type in ("cpu", "cuda")):
            logits = net(features, style, references)
        nll = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=IGNORE, reduction="none").view(targets.shape)
        total += float(nll[:, 4:].sum())
        frames += int((targets[:, 4:] != IGNORE).sum()) // 4
    return total / max(frames, 1)
