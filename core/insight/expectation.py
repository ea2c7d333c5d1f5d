"""How expected the notes of a melody are: nats a note under small n-grams of real music (`core.analysis.ngram`).

One model says which interval comes next, knowing the degree, the metrical level and the intervals before; the other how long
until the next onset, knowing the place in the bar and the times before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from core.analysis.features import Melody
from core.analysis.ngram import KneserNey
from core.weights import Weights

Ints = NDArray[np.int64]

_FARTHEST = 14
"""Semitones beyond which leaps count as one."""
_PER_BEAT = 12
_LONGEST = 5 * _PER_BEAT
_METRES = 16


@dataclass(frozen=True)
class Expectation:
    """The two models."""

    pitch: KneserNey
    rhythm: KneserNey

    @classmethod
    def fit(cls, melodies: Sequence[Melody]) -> Expectation:
        """Count the notes of melodies."""
        return cls(_counted([pitch_events(one) for one in melodies], 2 * _FARTHEST + 1),
                   _counted([rhythm_events(one) for one in melodies], _LONGEST + 1))

    def measures(self, melody: Melody) -> dict[str, float]:
        """Mean and 90% quantile of the nats, for the whole melody; NaN for a single note."""
        values: dict[str, float] = {}
        for name, model, (contexts, targets) in (("pitch", self.pitch, pitch_events(melody)),
                                                 ("rhythm", self.rhythm, rhythm_events(melody))):
            nats = model.nll(contexts, targets) if len(targets) else np.array([np.nan])
            values |= {f"surprise of {name}": float(nats.mean()), f"greatest surprise of {name}": float(np.quantile(nats, 0.9))}
        return values

    def kept(self) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
        """For `core.weights.save`."""
        tensors: dict[str, torch.Tensor] = {}
        config: dict[str, Any] = {}
        for name, model in (("pitch", self.pitch), ("rhythm", self.rhythm)):
            arrays, facts = model.arrays()
            tensors |= {f"{name}.{part}": torch.tensor(array) for part, array in arrays.items()}
            config[f"{name}_ngram"] = facts
        return tensors, config

    @classmethod
    def load(cls, weights: Weights) -> Expectation:
        models = []
        for name in ("pitch", "rhythm"):
            arrays = {part.removeprefix(f"{name}."): tensor.numpy().astype(np.int64)
                      for part, tensor in weights.tensors.items() if part.startswith(f"{name}.")}
            models.append(KneserNey.of(arrays, weights.config[f"{name}_ngram"]))
        return cls(*models)


def pitch_events(melody: Melody) -> tuple[Ints, Ints]:
    """Contexts (N - 1, 3), nearest first, and targets (N - 1,): intervals, both as `KneserNey` takes them."""
    moves = np.clip(melody.intervals, -_FARTHEST, _FARTHEST) + _FARTHEST
    before = np.concatenate([[0], moves[:-1] + 1])[: len(moves)]
    earlier = np.concatenate([[0], before[:-1]])[: len(moves)]
    strong = (melody.level[1:] <= 2).astype(np.int64)
    here = melody.degree[:-1] * 2 + strong + 24 * int(_is_minor(melody))
    return np.stack([here, before, earlier], 1).astype(np.int64).reshape(len(moves), 3), moves.astype(np.int64)


def rhythm_events(melody: Melody) -> tuple[Ints, Ints]:
    """Contexts (N - 1, 3) and targets (N - 1,): times from onset to onset in twelfths of a beat."""
    gaps = np.clip(np.rint(melody.gaps * _PER_BEAT), 0, _LONGEST).astype(np.int64)
    before = np.concatenate([[0], gaps[:-1] + 1])[: len(gaps)]
    earlier = np.concatenate([[0], before[:-1]])[: len(gaps)]
    beats = np.minimum(melody.bar_ticks // melody.beat, _METRES // 2 - 1)[:-1]
    compound = (melody.metre.numerator % 3 == 0 and melody.metre.denominator >= 8) * (_METRES // 2)
    place = np.minimum(np.rint(melody.place / melody.beat * _PER_BEAT), 8 * _PER_BEAT - 1).astype(np.int64)[:-1]
    here = (beats + compound) * 8 * _PER_BEAT + place
    return np.stack([here, before, earlier], 1).astype(np.int64).reshape(len(gaps), 3), gaps


def _is_minor(melody: Melody) -> bool:
    return 3 in {(pitch - melody.keys[0].tonic) % 12 for pitch in melody.keys[0].tonic_triad}


def _counted(events: Sequence[tuple[Ints, Ints]], size: int) -> KneserNey:
    return KneserNey(np.concatenate([one[0] for one in events]), np.concatenate([one[1] for one in events]), size)
