"""Harmony as a small network hears it: which chord and which key sound at every note of a performance.

A gated recurrent network (Cho et al. 2014) reads the notes both ways. It was taught to fill in notes that were hidden from it
(as BERT does with words, Devlin et al. 2019) and to name the chords and keys that people or programs wrote beside them
(`core.insight.fit_heard`). Unlike templates it knows arpeggios, passing notes and pedals from experience and needs no bars.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core import weights
from core.insight.files import FOLDER
from core.insight.played import Floats, Ints, Played

NAME = "heard"
LOWEST, PITCHES = 21, 88
"""The keys of a piano; notes beyond are brought to its ends."""
SIZES = (PITCHES, 32, 32, 16)
"""Classes of a note's pitch, time since the note before, length and velocity; one more stands for what is not known."""
CHORDS, KEYS = 25, 24
"""Major triads by root, then minor ones, then none; major keys by tonic, then minor ones."""
MOST = 700
"""Notes of a piece that are read."""
SHIFTS = (-5, -3, -1, 1, 3, 5)
"""Semitones by which a piece is moved before it is read."""
HIDDEN = "hidden state"
"""How the names of measures begin that are means of the network's own states: they cannot be said in words."""
_EMBEDDED = 96
_MODES = ("major", "minor")


class Hearing(nn.Module):
    """Notes (B, T, 4) of `tokens` to hidden states (B, T, 2 × cells); `chord` and `key` name what sounds at each."""

    def __init__(self, cells: int = 128, layers: int = 2) -> None:
        super().__init__()
        self.cells, self.layers = cells, layers
        self.fields = nn.ModuleList(nn.Embedding(size + 1, _EMBEDDED) for size in SIZES)
        self.pitch_class = nn.Embedding(13, _EMBEDDED)
        self.reader = nn.GRU(_EMBEDDED, cells, layers, batch_first=True, bidirectional=True, dropout=0.1)
        self.chord = nn.Linear(2 * cells, CHORDS)
        self.key = nn.Linear(2 * cells, KEYS)

    def forward(self, notes: Tensor) -> Tensor:
        pitch = notes[..., 0]
        given = self.pitch_class(torch.where(pitch == PITCHES, 12, (pitch + LOWEST) % 12))
        for index, field in enumerate(self.fields):
            given = given + field(notes[..., index])
        hidden: Tensor = self.reader(given)[0]
        return hidden


def tokens(played: Played, shift: int = 0, dynamics: bool = True) -> Ints:
    """(N, 4) classes of `SIZES` for the notes of a performance.

    Args:
        shift: semitones up.
        dynamics: False says of velocities that they are not known.
    """
    gap = np.diff(played.onset, prepend=played.onset[:1])
    since = np.where(gap < 0.02, 0, 1 + _steps(gap, -5.6, 2.0, 31))
    length = _steps(played.length, -5.0, 3.0, 32)
    loud = np.clip(played.velocity // 8, 0, 15) if dynamics else np.full(len(gap), SIZES[3])
    pitch = np.clip(played.pitch + shift - LOWEST, 0, PITCHES - 1)
    found: Ints = np.stack([pitch, since, length, loud], 1).astype(np.int64)
    return found


def _steps(seconds: Floats, low: float, high: float, count: int) -> Ints:
    """Logarithms to base 2 between `low` and `high` in `count` equal classes."""
    place = (np.log2(np.maximum(seconds, 1e-3)) - low) / (high - low) * count
    found: Ints = np.clip(place, 0, count - 1).astype(np.int64)
    return found


@torch.inference_mode()
def read(
    net: Hearing, played: Played, dynamics: bool = True, shifts: Sequence[int] = SHIFTS
) -> tuple[Floats, Floats, Floats]:
    """Probabilities of chords (N, 25) and of keys (N, 24) at each note, and the hidden states (N, 2 × cells).

    The network reads the notes in several transpositions; the means of what it hears, brought back, lean towards no key.
    """
    states = net(torch.from_numpy(np.stack([tokens(played, shift, dynamics) for shift in shifts])))
    chord, key = (head(states).softmax(-1).double().numpy() for head in (net.chord, net.key))
    for index, shift in enumerate(shifts):
        for half in (slice(0, 12), slice(12, 24)):
            chord[index, :, half] = np.roll(chord[index, :, half], -shift, 1)
            key[index, :, half] = np.roll(key[index, :, half], -shift, 1)
    return chord.mean(0), key.mean(0), states.mean(0).double().numpy()


def heard(played: Played, dynamics: bool = True, net: Hearing | None = None) -> dict[str, float]:
    """Measures of the harmony by name, always the same names, nearly the same in every key.

    Args:
        dynamics: whether the velocities say something.
        net: the network that hears (None: the one that comes along).

    Raises:
        WeightsMissingError: the weights are not in `assets/insight`.
    """
    part = Played(played.onset[:MOST], played.length[:MOST], played.pitch[:MOST], played.velocity[:MOST])
    chord, key, hidden = read(net or shipped(), part, dynamics)
    time = np.clip(part.length, 0.05, 1.5)[:, None]
    time = time / time.sum()
    keys, chords = (key * time).sum(0), (chord * time).sum(0)
    major, minor = keys[:12], keys[12:]
    home = int((major + np.roll(minor, 3)).argmax())
    tonic = int(keys.argmax()) % 12
    named = chord.argmax(1)
    order = named[np.append(True, np.diff(named) != 0)]
    moves = np.zeros((2, 2, 12))
    for one, two in pairwise(order.tolist()):
        if max(one, two) < 24:
            moves[one // 12, two // 12, (two - one) % 12] += 1
    moves /= len(order)
    values = {"no chord heard": float(chords[24])}
    for mode, chord_part, key_part in zip(_MODES, (chords[:12], chords[12:24]), (major, minor), strict=True):
        for step in range(12):
            values[f"heard {mode} chord on degree {step}"] = float(chord_part[(home + step) % 12])
            values[f"heard {mode} key on degree {step}"] = float(key_part[(home + step) % 12])
            values[f"heard {mode} chord on step {step}"] = float(chord_part[(tonic + step) % 12])
    for i, one in enumerate(_MODES):
        for j, two in enumerate(_MODES):
            for step in range(12):
                values[f"heard {one} to {two} {step} up"] = float(moves[i, j, step])
    return values | {
        "heard major keys": float(major.sum()), "heard major over minor key": float(major.max() - minor.max()),
        "heard major over relative minor": float(major[home] - minor[(home + 9) % 12]),
        "heard major chords": float(chords[:12].sum()), "heard minor chords": float(chords[12:24].sum()),
        "heard chord changes": len(order) / len(chord), "doubt of key": _doubt(keys),
        "doubt of chords": float(-(chord * np.log(chord + 1e-9)).sum(1).mean()),
        **{f"{HIDDEN} {index}": float(value) for index, value in enumerate(hidden.mean(0))},
    }  # fmt: skip


def _doubt(shares: NDArray[np.float64]) -> float:
    return float(-(shares * np.log(shares + 1e-9)).sum())


def load(folder: Path = FOLDER) -> Hearing:
    """A network from its weights, ready to read.

    Raises:
        WeightsMissingError: the weights are not in the folder.
    """
    kept = weights.load(NAME, folder)
    net = Hearing(int(kept.config["cells"]), int(kept.config["layers"]))
    net.load_state_dict(kept.tensors)
    return net.eval()


@cache
def shipped() -> Hearing:
    """The network that comes along.

    Raises:
        WeightsMissingError: the weights are not in `assets/insight`.
    """
    return load()
