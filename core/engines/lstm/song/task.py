"""What training the song network means: rows for every note, batches, loss and held-out figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.engines.lstm.leadsheet import DURATIONS, HIGH, LOW, METRES, MODES, bar_units
from core.engines.lstm.network import NONE
from core.engines.lstm.song.network import MOST_BARS, MOST_NOTES, SongNet
from core.engines.lstm.song.sung import DURATION_UNITS, GAP_UNITS, GAPS, Sung, starts
from core.engines.lstm.song.words import COLUMNS, Ints

WINDOW = 192
"""Notes in one training sequence."""
FROM_START = list(COLUMNS).index("from_start")


@dataclass(frozen=True)
class Sample:
    """A song with its style's index, as rows: see `rows_of`."""

    id: str
    style: int
    sung: Sung

    @property
    def has_words(self) -> bool:
        return bool(self.sung.words.any())


@dataclass(frozen=True)
class Rows:
    """Every note of a song as the network reads and writes it, (notes, …)."""

    rhythm: Ints
    melody: Ints
    references: Ints
    position: Ints
    targets: Ints
    """(notes, 4): gap, duration, whether the syllable goes on, pitch - LOW."""


def rows_of(sung: Sung) -> Rows:
    """Features and targets of every note."""
    count, bar = len(sung), bar_units(sung.metre)
    begins = starts(sung.gaps, sung.durations)
    ends = begins + DURATION_UNITS[sung.durations]
    before = np.concatenate([[begins[0] - GAP_UNITS[sung.gaps[0]]], ends[:-1]])
    first = np.concatenate([[True], sung.carries[1:] != sung.carries[:-1]])
    more = np.concatenate([~first[1:], [False]]).astype(np.int64)
    nth = np.zeros(count, np.int64)
    for at in range(1, count):
        nth[at] = 0 if first[at] else nth[at - 1] + 1
    line_start = (sung.words[sung.carries, FROM_START] == 1) & first
    line_start[0] = True
    line_at = np.maximum.accumulate(np.where(line_start, np.arange(count), 0))
    bars = begins // bar - (begins // bar)[line_at]
    bars_before = before // bar - (begins // bar)[np.concatenate([[0], line_at[:-1]])]
    facts = np.tile([METRES.index(sung.metre), MODES.index(sung.mode)], (count, 1))
    shifted = lambda values, none: np.concatenate([[none], values[:-1]])  # noqa: E731
    following = lambda values, none: np.concatenate([values[1:], [none]])  # noqa: E731
    rhythm = np.stack([shifted(sung.gaps, len(GAPS)), shifted(sung.durations, len(DURATIONS)), before % bar,
                       np.clip(bars_before, 0, MOST_BARS - 1), np.minimum(nth, MOST_NOTES - 1)], 1)
    melody = np.stack([sung.gaps, sung.durations, begins % bar, following(sung.gaps, len(GAPS)),
                       following(sung.durations, len(DURATIONS)), np.clip(bars, 0, MOST_BARS - 1),
                       np.minimum(nth, MOST_NOTES - 1)], 1)
    last = shifted(sung.pitches, HIGH - LOW + 1)
    heard = [np.concatenate([np.full(lag, NONE), sung.pitches[:-lag] + LOW])[:count] for lag in (1, 2)]
    opened = np.where(line_start, NONE, sung.pitches[line_at] + LOW)
    targets = np.stack([sung.gaps, sung.durations, more, sung.pitches], 1)
    return Rows(np.concatenate([rhythm, facts], 1), np.concatenate([melody, facts, last[:, None]], 1),
                np.stack([*heard, opened], 1), begins % bar, targets)


def build(styles: int, sizes: Mapping[str, float]) -> SongNet:
    """The network with these sizes."""
    return SongNet(styles, **sizes)  # type: ignore[arg-type]


class SongTask:
    """Batches of windows of like length. Of some songs the words are hidden, of some the style.

    Args:
        train, valid: songs; those with words count `weight` times in an epoch, the others as a share `rest` of them.
        styles: that there are; the index `styles` stands for "none told".
    """

    def __init__(self, train: Sequence[Sample], valid: Sequence[Sample], styles: int, *, sizes: Mapping[str, float],
                 batch: int = 24, weight: int = 2, rest: float = 0.2, hide_words: float = 0.1, hide_style: float = 0.15,
                 seed: int = 0) -> None:
        self.net: nn.Module = build(styles, sizes)
        self.styles, self.batch, self.weight, self.rest, self.seed = styles, batch, weight, rest, seed
        self.hide_words, self.hide_style = hide_words, hide_style
        self.rows = {sample.id: rows_of(sample.sung) for sample in (*train, *valid)}
        self.worded = [w for sample in train if sample.has_words for w in _windows(sample)]
        self.wordless = [w for sample in train if not sample.has_words for w in _windows(sample)]
        self.valid = [w for sample in valid if sample.has_words for w in _windows(sample)]

    def batch_count(self) -> int:
        """Batches in an epoch."""
        return -(-(len(self.worded) * self.weight + int(len(self.wordless) * self.rest)) // self.batch)

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, ...]]:
        """One epoch of windows of like length as `collate` gives them, in an order that depends on `epoch` alone."""
        rng = np.random.default_rng((self.seed, epoch))
        some = rng.permutation(len(self.wordless))[: int(len(self.wordless) * self.rest)]
        windows = [*self.worded * self.weight, *(self.wordless[at] for at in some)]
        lengths = np.array([end - start for _, start, end in windows])
        order = np.argsort(lengths + rng.uniform(0, 16, len(lengths)))
        groups = [order[at : at + self.batch] for at in range(0, len(order), self.batch)]
        for index in rng.permutation(len(groups)):
            group = groups[index]
            yield self.collate([windows[at] for at in group], rng.random(len(group)) < self.hide_words,
                               rng.random(len(group)) < self.hide_style)

    def collate(self, windows: Sequence[tuple[Sample, int, int]], no_words: np.ndarray,
                no_style: np.ndarray) -> tuple[Tensor, ...]:
        """Padded tensors: words, carries, rhythm, melody, references, position, targets, style, mask."""
        longest = max(end - start for _, start, end in windows)
        parts = []
        for (sample, start, end), hidden in zip(windows, no_words, strict=True):
            rows, sung = self.rows[sample.id], sample.sung
            carried = sung.carries[start:end]
            words = sung.words[carried[0] : carried[-1] + 1]
            part = [words * (not hidden), carried - carried[0], rows.rhythm[start:end], rows.melody[start:end],
                    rows.references[start:end], rows.position[start:end], rows.targets[start:end]]
            parts.append([np.concatenate([p, np.zeros((longest - len(p), *p.shape[1:]), np.int64)]) for p in part])
        style = np.zeros((len(windows), self.styles + 1), np.float32)
        style[np.arange(len(windows)), np.where(no_style, self.styles, [s.style for s, _, _ in windows])] = 1
        mask = np.arange(longest) < np.array([end - start for _, start, end in windows])[:, None]
        return (*(torch.from_numpy(np.stack(column)) for column in zip(*parts, strict=True)), torch.from_numpy(style),
                torch.from_numpy(mask))

    def loss(self, net: nn.Module, batch: tuple[Tensor, ...]) -> Tensor:
        """Mean nats a note of gap, duration, melisma and pitch."""
        nll, mask = self.nll(net, batch)
        return (nll.sum(-1) * mask).sum() / mask.sum()

    @staticmethod
    def nll(net: nn.Module, batch: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
        """(batch, notes, 4) nats in the order of the targets, and the mask of real notes."""
        assert isinstance(net, SongNet)
        words, carries, rhythm, melody, references, position, targets, style, mask = batch
        read = net.read(words)
        sung = read.gather(1, carries[..., None].expand(-1, -1, read.shape[-1]))
        context, _ = net.rhythm_step(rhythm, sung, style)
        gap, duration, more, pitch = targets.unbind(-1)
        tune, _ = net.melody_step(melody, sung, style)
        logits = (net.gap_logits(context), net.duration_logits(context, gap, position),
                  net.more_logits(context, gap, position, duration), net.pitch_logits(tune, references))
        found = [F.cross_entropy(x.flatten(0, 1), y.flatten(), reduction="none").view(mask.shape)
                 for x, y in zip(logits, (gap, duration, more, pitch), strict=True)]
        return torch.stack(found, -1), mask.float()

    @torch.no_grad()
    def validate(self, net: nn.Module) -> dict[str, float]:
        """Nats a note of held-out songs with words: together, and each part."""
        device = next(net.parameters()).device
        sums, count = np.zeros(4), 0.0
        for at in range(0, len(self.valid), self.batch):
            group = self.valid[at : at + self.batch]
            shown = np.zeros(len(group), bool)
            nll, mask = self.nll(net, tuple(tensor.to(device) for tensor in self.collate(group, shown, shown)))
            sums += (nll * mask[..., None]).sum((0, 1)).double().cpu().numpy()
            count += float(mask.sum())
        parts = dict(zip(("gap", "duration", "more", "pitch"), (sums / count).tolist(), strict=True))
        return {"nll": sum(parts.values()), **parts}


def _windows(sample: Sample) -> list[tuple[Sample, int, int]]:
    """Parts of a song of at most `WINDOW` notes, begun at a line where there are words."""
    sung, found, start = sample.sung, [], 0
    opens = np.flatnonzero(sung.words[sung.carries, FROM_START] == 1)
    while start < len(sung):
        end = min(start + WINDOW, len(sung))
        if end < len(sung):
            near = opens[(opens > start + WINDOW // 2) & (opens <= end)]
            end = int(near[-1]) if len(near) else end
        found.append((sample, start, end))
        start = end
    return found
