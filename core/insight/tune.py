"""A melody read note by note: a small recurrent network that tells styles, beside the measures of `core.insight.style`.

A long short-term memory (Hochreiter and Schmidhuber 1997) that reads both ways, with a learned mean of its states over the notes
(Bahdanau et al. 2015). It knows what counts of intervals and rhythms cannot say: what follows what.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as fn

from core import weights
from core.analysis.key import estimate_key
from core.insight.files import FOLDER
from core.insight.linear import Floats, softmax
from core.score import Score

Ints = NDArray[np.int64]

NAME = "tune"
MOST = 96
"""Notes of a melody that are read."""
KEPT = 160
"""Notes that are kept of it; while it learns, the network reads a stretch of `MOST` of them drawn by lot."""
FIELDS = {"interval": (27, 24), "degree": (24, 16), "length": (14, 16), "place": (32, 16), "rest": (2, 4), "bar": (16, 8)}
"""What is known of a note, with the number of its classes and of the numbers that stand for one."""
_LENGTHS = np.log((60, 80, 120, 160, 180, 240, 320, 360, 480, 640, 720, 960, 1440, 1920))
_WIDEST = 13
"""Semitones from which intervals are alike."""
_MINOR = ("minor", "dorian", "phrygian", "locrian")
_DROPPED = (0.15, 0.3)


def tune_notes(score: Score) -> Ints:
    """(N, 6) classes of `FIELDS` for the notes of a melody, at most `KEPT`: the interval from the note before, the degree above
    the tonic in major or minor, the length, the place in the bar in eighths of a quarter, whether a rest follows, the bar's
    length.

    Raises:
        FormatError: no pitched notes, in a piece without a key.
    """
    key, notes = score.key or estimate_key(score), score.melody.notes[:KEPT]
    bars = score.bars
    starts, lengths = np.array([bar[0] for bar in bars]), np.array([bar[1] - bar[0] for bar in bars])
    onset, pitch, long = (np.array([getattr(note, name) for note in notes]) for name in ("start", "pitch", "duration"))
    bar = np.clip(np.searchsorted(starts, onset, "right") - 1, 0, len(starts) - 1)
    rest = np.diff(onset, append=onset[-1] + long[-1]) - long > 60
    return np.stack([
        np.clip(np.diff(pitch, prepend=pitch[0]), -_WIDEST, _WIDEST) + _WIDEST,
        (pitch - key.tonic) % 12 + 12 * (key.mode in _MINOR),
        np.abs(_LENGTHS - np.log(np.maximum(long, 1))[:, None]).argmin(1),
        np.clip((onset - starts[bar]) // 60, 0, 31), rest, np.minimum(lengths[bar] // 240, 15),
    ], 1).astype(np.int64)  # fmt: skip


class TuneReader(nn.Module):
    """Notes (B, T, 6) and which of them are there (B, T) to logits (B, classes)."""

    def __init__(self, classes: int, cells: int = 64) -> None:
        super().__init__()
        self.fields = nn.ModuleList(nn.Embedding(size, width) for size, width in FIELDS.values())
        self.reader = nn.LSTM(sum(width for _, width in FIELDS.values()), cells, batch_first=True, bidirectional=True)
        self.attention = nn.Linear(2 * cells, 1)
        self.answer = nn.Sequential(nn.Dropout(_DROPPED[1]), nn.Linear(6 * cells, 64), nn.ReLU(), nn.Dropout(_DROPPED[1]),
                                    nn.Linear(64, classes))

    def forward(self, notes: Tensor, there: Tensor) -> Tensor:
        given = torch.cat([field(notes[..., index]) for index, field in enumerate(self.fields)], -1)
        states = self.reader(fn.dropout(given, _DROPPED[0], self.training))[0]
        absent = ~there[..., None]
        share = self.attention(states).masked_fill(absent, -1e4).softmax(1)
        mean = states.masked_fill(absent, 0).sum(1) / there.sum(1, keepdim=True)
        found: Tensor = self.answer(torch.cat([(states * share).sum(1), mean, states.masked_fill(absent, -1e4).amax(1)], -1))
        return found


def together(tunes: list[Ints]) -> tuple[Tensor, Tensor]:
    """Notes (B, `MOST`, 6), cut and filled up, and which are there (B, `MOST`)."""
    notes, there = np.zeros((len(tunes), MOST, len(FIELDS)), np.int64), np.zeros((len(tunes), MOST), bool)
    for row, tune in enumerate(tunes):
        count = min(len(tune), MOST)
        notes[row, :count], there[row, :count] = tune[:count], True
    return torch.from_numpy(notes), torch.from_numpy(there)


@torch.inference_mode()
def read(net: TuneReader, tunes: list[Ints]) -> Floats:
    """Probabilities (N, classes) of tunes."""
    parts = [net(*together(tunes[at : at + 128])).softmax(-1) for at in range(0, len(tunes), 128)]
    return np.asarray(torch.cat(parts).double().numpy())


@dataclass(frozen=True)
class Listener:
    """A network with its `classes`, and how its answers are put together with those of the measures: by a mean of log
    probabilities in which the network counts `share`, divided by a `temperature`.
    """

    net: TuneReader
    classes: tuple[str, ...]
    share: float
    temperature: float = 1.0

    def beside(self, measured: Floats, told: Floats) -> Floats:
        """(N, C) before the temperature, from probabilities (N, C) by measures and by the network."""
        logits: Floats = (1 - self.share) * np.log(measured + 1e-9) + self.share * np.log(told + 1e-9)
        return logits

    def blended(self, measured: Floats, tunes: list[Ints]) -> tuple[Floats, Floats]:
        """Probabilities (N, C) of both together, and those of the network alone."""
        told = read(self.net, tunes)
        return softmax(self.beside(measured, told) / self.temperature), told

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Listener:
        """Read it from its weights.

        Raises:
            WeightsMissingError: the weights are not in the folder.
        """
        kept = weights.load(NAME, folder)
        classes = tuple(kept.config["classes"])
        net = TuneReader(len(classes), int(kept.config["cells"]))
        net.load_state_dict(kept.tensors)
        return cls(net.eval(), classes, float(kept.config["share"]), float(kept.config["temperature"]))


@cache
def shipped() -> Listener:
    """The one that comes along.

    Raises:
        WeightsMissingError: the weights are not in `assets/insight`.
    """
    return Listener.load()
