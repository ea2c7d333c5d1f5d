"""What training the lead-sheet network means: its data, batches, loss and held-out figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.engines.lstm.leadsheet import CHORDS, DURATIONS, HIGH, HOLD, LOW, UNKNOWN_CHORD
from core.engines.lstm.leadsheet_features import (
    OFFSETS,
    REFERENCES,
    ROWS,
    Encoded,
    forget_chords,
    forget_length,
)
from core.engines.lstm.network import NONE, LeadSheetNet

WINDOW = 256
"""Events in one training sequence; features keep what lies before it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One encoded piece with the index of its style."""

    id: str
    style: int
    encoded: Encoded

    @property
    def notes(self) -> int:
        return int((self.encoded.targets[:, 2] > HOLD).sum())


def build(styles: int, **sizes: float) -> LeadSheetNet:
    """The network with this representation's sizes."""
    return LeadSheetNet(ROWS, styles + 1, CHORDS, len(DURATIONS), LOW, HIGH, REFERENCES, **sizes)  # type: ignore[arg-type]


class LeadSheetTask:
    """Batches of windows of like length; style, length and chords are hidden from some.

    Style index `styles` means "no style told": it is learned by style dropout, and is what lets
    the styles be guided and mixed.
    """

    def __init__(self, train: Sequence[Sample], valid: Sequence[Sample], styles: int, *, batch: int = 32,
                 style_dropout: float = 0.1, length_dropout: float = 0.15, chord_dropout: float = 0.3,
                 seed: int = 0, sizes: Mapping[str, float] | None = None) -> None:
        self.net: nn.Module = build(styles, **(sizes or {}))
        self.styles, self.batch, self.seed = styles, batch, seed
        self.dropouts = (style_dropout, length_dropout, chord_dropout)
        self.valid = list(valid)
        self.windows = [(sample, start) for sample in train for start in range(0, len(sample.encoded.targets), WINDOW)]

    def batch_count(self) -> int:
        return (len(self.windows) + self.batch - 1) // self.batch

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, ...]]:
        rng = np.random.default_rng((self.seed, epoch))
        lengths = np.array([min(WINDOW, len(s.encoded.targets) - at) for s, at in self.windows])
        order = np.argsort(lengths + rng.uniform(0, 16, len(lengths)))
        groups = [order[i : i + self.batch] for i in range(0, len(order), self.batch)]
        for index in rng.permutation(len(groups)):
            hide = [rng.random(len(groups[index])) < rate for rate in self.dropouts]
            yield self._collate([self.windows[i] for i in groups[index]], *hide)

    def _collate(self, windows: Sequence[tuple[Sample, int]], no_style: np.ndarray, no_length: np.ndarray,
                 no_chords: np.ndarray) -> tuple[Tensor, ...]:
        longest = max(min(WINDOW, len(s.encoded.targets) - at) for s, at in windows)
        count = windows[0][0].encoded.features.shape[1]
        features = np.zeros((len(windows), longest, count), np.int64)
        references = np.full((len(windows), longest, REFERENCES), NONE, np.int64)
        targets = np.zeros((len(windows), longest, 3), np.int64)
        mask = np.zeros((len(windows), longest), bool)
        style = np.zeros((len(windows), self.styles + 1), np.float32)
        for i, (sample, at) in enumerate(windows):
            part = slice(at, at + WINDOW)
            size = len(sample.encoded.targets[part])
            features[i, :size] = sample.encoded.features[part]
            references[i, :size] = sample.encoded.references[part]
            targets[i, :size] = sample.encoded.targets[part]
            mask[i, :size] = True
            style[i, self.styles if no_style[i] else sample.style] = 1
            if no_length[i]:
                forget_length(features[i])
            if no_chords[i]:
                forget_chords(features[i])
                targets[i, :, 0] = UNKNOWN_CHORD
        return tuple(torch.from_numpy(x) for x in (features + OFFSETS, style, targets, references, mask))

    def loss(self, net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        """Mean nats of duration and pitch, plus chords at a third of their weight."""
        nll, mask, known = self._nll(net, batch)
        chord = (nll[0] * known).sum() / known.sum().clamp(min=1)
        melody = ((nll[1] + nll[2]) * mask).sum() / mask.sum()
        return melody + chord / 3

    @staticmethod
    def _nll(net: nn.Module, batch: tuple[Tensor, ...]) -> tuple[tuple[Tensor, Tensor, Tensor], Tensor, Tensor]:
        features, style, targets, references, mask = batch
        logits = net(features, style, targets[..., 0], targets[..., 1], references)
        parts = tuple(F.cross_entropy(x.flatten(0, 1), targets[..., i].flatten(), reduction="none").view(mask.shape)
                      for i, x in enumerate(logits))
        return (parts[0], parts[1], parts[2]), mask.float(), (mask & (targets[..., 0] != UNKNOWN_CHORD)).float()

    def validate(self, net: nn.Module) -> dict[str, float]:
        """Nats per note (duration and pitch) with chords and length not told, and nats per chord choice."""
        melody, notes = held_out_nll(self, net, self.valid, told=False)
        return {"nll": sum(melody.values()) / max(sum(notes.values()), 1)}


@torch.no_grad()
def held_out_nll(task: LeadSheetTask, net: nn.Module, samples: Sequence[Sample], *,
                 told: bool) -> tuple[dict[int, float], dict[int, int]]:
    """Per style: (sum of nats of duration and pitch over all events, number of notes).

    Whole pieces are scored from their first event. `told` says whether the network sees chords and
    the length of the piece; a fair comparison with a model that sees neither is `told=False`.
    """
    nats: dict[int, float] = defaultdict(float)
    notes: dict[int, int] = defaultdict(int)
    device = next(net.parameters()).device
    ordered = sorted(samples, key=lambda s: len(s.encoded.targets))
    for start in range(0, len(ordered), task.batch):
        group = ordered[start : start + task.batch]
        windows = [(sample, at) for sample in group for at in range(0, len(sample.encoded.targets), WINDOW)]
        hide = np.full(len(windows), not told)
        batch = task._collate(windows, np.zeros(len(windows), bool), hide, hide)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type in ("cpu", "cuda")):
            nll, mask, _ = task._nll(net, tuple(tensor.to(device) for tensor in batch))
        sums = ((nll[1] + nll[2]) * mask).sum(1).tolist()
        for (sample, _at), value in zip(windows, sums, strict=True):
            nats[sample.style] += value
        for sample in group:
            notes[sample.style] += sample.notes
    return dict(nats), dict(notes)
