"""The baseline that a network has to beat: an interpolated 5-gram over the notes of a melody.

Modified Kneser-Ney smoothing (Chen and Goodman, "An empirical study of smoothing techniques for
language modeling", 1998), interpolated at every order down to a uniform distribution over the stated
vocabulary, so that events never seen have their share and probabilities sum to one. The discounts are
estimated from the counts as there; on top, one factor per order is fitted on the validation set.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import DataMissingError, RequestError

Event = tuple[Hashable, Hashable]
"""A note: (pitch relative to the tonic, duration), in whatever symbols the caller has."""

ORDER = 5
_FACTORS = (0.5, 0.7, 0.85, 1.0, 1.15, 1.3, 1.6)
_MISSING = -1
_BEFORE = 0  # the symbol that stands before the first event

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class KneserNey:
    """P(target | contexts) where contexts are given nearest first and dropped farthest first.

    `contexts` is (N, K) integers 0..C-1, `targets` (N,) integers 0..size-1; `size` counts every
    possible target. K = 4 gives a 5-gram.
    """

    def __init__(self, contexts: Ints, targets: Ints, size: int) -> None:
        self.size, self.depth = size, contexts.shape[1]
        self.base = int(contexts.max(initial=0)) + 1
        self.factors = np.ones(self.depth + 1)
        self._context_keys: list[Ints] = []
        nodes = [np.zeros(len(targets), np.int64)]
        for level in range(self.depth):
            keys = nodes[-1] * self.base + contexts[:, level]
            unique, inverse = np.unique(keys, return_inverse=True)
            self._context_keys.append(unique)
            nodes.append(inverse.astype(np.int64))
        self._keys: list[Ints] = []
        self._counts: list[Ints] = []
        self._discounts: list[Floats] = []
        self._totals: list[Ints] = []
        self._tails: list[Ints] = []
        keys, counts = np.unique(nodes[-1] * size + targets, return_counts=True)
        for level in range(self.depth, -1, -1):
            node = keys // size
            self._keys.append(keys)
            self._counts.append(counts)
            self._discounts.append(_discounts(counts))
            totals, tails = _sums(node, counts)
            self._totals.append(totals)
            self._tails.append(tails)
            if level:  # a lower order counts in how many different contexts an event was seen
                parent = self._context_keys[level - 1] // self.base
                keys, counts = np.unique(parent[node] * size + keys % size, return_counts=True)
        for table in (self._keys, self._counts, self._discounts, self._totals, self._tails):
            table.reverse()

    def nll(self, contexts: Ints, targets: Ints) -> Floats:
        """Minus log probability (N,) in nats. Negative contexts or targets were never seen in training."""
        probability = np.full(len(targets), 1 / self.size)
        node = np.zeros(len(targets), np.int64)
        for level in range(self.depth + 1):
            if level:
                near = contexts[:, level - 1]
                known = (node != _MISSING) & (near >= 0) & (near < self.base)
                found = _find(self._context_keys[level - 1], np.where(known, node * self.base + near, _MISSING))
                node = np.where(known, found, _MISSING)
            seen = node != _MISSING
            at = node[seen]
            place = _find(self._keys[level], np.where(targets[seen] >= 0, at * self.size + targets[seen], _MISSING))
            counts = np.where(place != _MISSING, self._counts[level][place], 0)
            discounts = np.minimum(self._discounts[level] * self.factors[level], (1, 2, 3))
            kept = np.maximum(counts - np.concatenate([[0.0], discounts])[np.minimum(counts, 3)], 0)
            left = discounts @ self._tails[level][:, at]
            probability[seen] = (kept + left * probability[seen]) / self._totals[level][at]
        return -np.log(probability)

    def arrays(self) -> tuple[dict[str, Ints], dict[str, Any]]:
        """What it counted, as arrays of integers by name, and the rest as JSON has it: for keeping it without pickle."""
        arrays = {f"contexts-{level}": keys for level, keys in enumerate(self._context_keys)}
        arrays |= {f"keys-{level}": keys for level, keys in enumerate(self._keys)}
        arrays |= {f"counts-{level}": counts for level, counts in enumerate(self._counts)}
        return arrays, {"size": self.size, "depth": self.depth, "base": self.base, "factors": self.factors.tolist(),
                        "discounts": [found.tolist() for found in self._discounts]}

    @classmethod
    def of(cls, arrays: Mapping[str, Ints], facts: Mapping[str, Any]) -> KneserNey:
        """The model that gave `arrays` and `facts`."""
        model = cls.__new__(cls)
        model.size, model.depth, model.base = facts["size"], facts["depth"], facts["base"]
        model.factors = np.array(facts["factors"])
        model._context_keys = [arrays[f"contexts-{level}"] for level in range(model.depth)]
        model._keys = [arrays[f"keys-{level}"] for level in range(model.depth + 1)]
        model._counts = [arrays[f"counts-{level}"] for level in range(model.depth + 1)]
        model._discounts = [np.array(found) for found in facts["discounts"]]
        model._totals, model._tails = [], []
        for keys, counts in zip(model._keys, model._counts, strict=True):
            totals, tails = _sums(keys // model.size, counts)
            model._totals.append(totals)
            model._tails.append(tails)
        return model

    def tune(self, contexts: Ints, targets: Ints) -> float:
        """Fit one factor on the discounts of each order; the mean NLL it comes to."""
        best = float(self.nll(contexts, targets).mean())
        for level in [*range(self.depth, -1, -1)] * 2:
            for factor in _FACTORS:
                before = self.factors[level]
                self.factors[level] = factor
                value = float(self.nll(contexts, targets).mean())
                if value < best:
                    best = value
                else:
                    self.factors[level] = before
        return best


class Joint:
    """A 5-gram over whole notes: P(pitch, duration | the four notes before)."""

    name = "joint"

    def __init__(self, sequences: Sequence[Sequence[Event]], sizes: tuple[int, int], order: int = ORDER) -> None:
        self._order = order
        self._events = _Alphabet(sequences, sizes[0] * sizes[1])
        self._model = KneserNey(*self._arrays(sequences), self._events.size)

    def tune(self, sequences: Sequence[Sequence[Event]]) -> float:
        """Fit the discounts on validation sequences; mean NLL per event there."""
        return self._model.tune(*self._arrays(sequences))

    def nll(self, sequence: Sequence[Event]) -> Floats:
        """Nats for each event of a sequence, (N,)."""
        return self._model.nll(*self._arrays([sequence]))

    def _arrays(self, sequences: Sequence[Sequence[Event]]) -> tuple[Ints, Ints]:
        coded = [self._events.code(sequence) for sequence in sequences]
        return np.concatenate([_history(codes, self._order - 1) for codes in coded]), np.concatenate(coded) - 1


class Factored:
    """Two 5-grams: P(duration | the four notes before) times P(pitch | duration, the four notes before)."""

    name = "factored"

    def __init__(self, sequences: Sequence[Sequence[Event]], sizes: tuple[int, int], order: int = ORDER) -> None:
        self._order = order
        self._events = _Alphabet(sequences, sizes[0] * sizes[1])
        self._pitches = _Alphabet([[event[0] for event in sequence] for sequence in sequences], sizes[0])
        self._durations = _Alphabet([[event[1] for event in sequence] for sequence in sequences], sizes[1])
        before, durations, pitches = self._arrays(sequences)
        self._duration_model = KneserNey(before[:, 1:], durations, self._durations.size)
        self._pitch_model = KneserNey(before, pitches, self._pitches.size)

    def tune(self, sequences: Sequence[Sequence[Event]]) -> float:
        """Fit the discounts on validation sequences; mean NLL per event there."""
        before, durations, pitches = self._arrays(sequences)
        return self._duration_model.tune(before[:, 1:], durations) + self._pitch_model.tune(before, pitches)

    def nll(self, sequence: Sequence[Event]) -> Floats:
        """Nats for each event of a sequence, (N,)."""
        before, durations, pitches = self._arrays([sequence])
        return self._duration_model.nll(before[:, 1:], durations) + self._pitch_model.nll(before, pitches)

    def _arrays(self, sequences: Sequence[Sequence[Event]]) -> tuple[Ints, Ints, Ints]:
        """Contexts (N, order) with the duration of the event itself first; durations (N,); pitches (N,)."""
        durations = [self._durations.code([event[1] for event in sequence]) for sequence in sequences]
        pitches = [self._pitches.code([event[0] for event in sequence]) for sequence in sequences]
        history = [_history(self._events.code(sequence), self._order - 1) for sequence in sequences]
        both = np.concatenate(durations)
        return np.hstack([both[:, None], np.concatenate(history)]), both - 1, np.concatenate(pitches) - 1


@dataclass(frozen=True)
class Mixture:
    """Models mixed event by event with fixed weights: one of a style with one of all styles."""

    models: tuple[Joint | Factored, ...]
    weights: tuple[float, ...]

    name = "mixture"

    @classmethod
    def fit(cls, models: Sequence[Joint | Factored], valid: Sequence[Sequence[Event]]) -> Mixture:
        """The weights that make validation sequences likeliest, by expectation maximisation."""
        table = np.exp(-np.stack([np.concatenate([model.nll(sequence) for sequence in valid]) for model in models]))
        weights = np.full(len(models), 1 / len(models))
        for _ in range(50):
            share = weights[:, None] * table
            weights = (share / share.sum(0)).mean(1)
        return cls(tuple(models), tuple(float(weight) for weight in weights))

    def nll(self, sequence: Sequence[Event]) -> Floats:
        """Nats for each event of a sequence, (N,)."""
        table = np.stack([model.nll(sequence) for model in self.models])
        return -np.log(np.array(self.weights) @ np.exp(-table))


def fit(
    sequences: Sequence[Sequence[Event]], valid_sequences: Sequence[Sequence[Event]], sizes: tuple[int, int], order: int = ORDER
) -> Joint | Factored:
    """The better on validation of `Joint` and `Factored`, with its discounts fitted there.

    Args:
        sizes: how many pitches and how many durations there can be: the vocabulary over which
            probabilities sum to one. Every event that is ever asked for has to be among them.

    Raises:
        DataMissingError: there is nothing to learn from.
        RequestError: the sequences hold more symbols than `sizes` allows.
    """
    train, valid = ([sequence for sequence in given if len(sequence)] for given in (sequences, valid_sequences))
    if not train or not valid:
        raise DataMissingError(
            "An n-gram needs sequences for training and for validation", f"got {len(train)} and {len(valid)} that are not empty"
        )
    models: list[Joint | Factored] = [Joint(train, sizes, order), Factored(train, sizes, order)]
    values = [model.tune(valid) for model in models]
    return models[int(np.argmin(values))]


class _Alphabet:
    """Symbols as integers from 1; 0 stands before the first event, -1 for what training did not have."""

    def __init__(self, sequences: Sequence[Sequence[Hashable]], stated: int) -> None:
        seen = dict.fromkeys(symbol for sequence in sequences for symbol in sequence)
        if len(seen) > stated:
            raise RequestError(
                f"The vocabulary was stated to have {stated} symbols", f"training has {len(seen)}", "State a larger one"
            )
        self._codes = {symbol: code for code, symbol in enumerate(seen, start=1)}
        self.size = stated

    def code(self, sequence: Sequence[Hashable]) -> Ints:
        return np.fromiter((self._codes.get(symbol, _MISSING) for symbol in sequence), np.int64, len(sequence))


def _history(codes: Ints, depth: int) -> Ints:
    """(N, depth): the codes before each, nearest first."""
    padded = np.concatenate([np.full(depth, _BEFORE), codes])
    history = np.empty((len(codes), depth), np.int64)
    for back in range(1, depth + 1):
        history[:, back - 1] = padded[depth - back : len(padded) - back]
    return history


def _sums(node: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """For each context (M,) how often it was seen, and (3, M) how many events came once, twice, and more often after it."""
    number = int(node.max(initial=0)) + 1
    kinds = np.minimum(counts, 3)
    tails = np.stack([np.bincount(node[kinds == kind], minlength=number) for kind in (1, 2, 3)])
    return np.bincount(node, counts, number).astype(np.int64), tails


def _discounts(counts: Ints) -> Floats:
    """D1, D2 and D3+ from how many n-grams were seen once to four times, kept within 0.1 and the count less 0.1."""
    n1, n2, n3, n4 = (max(int((counts == times).sum()), 1) for times in (1, 2, 3, 4))
    y = n1 / (n1 + 2 * n2)
    raw = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
    return np.clip(raw, 0.1, (0.9, 1.9, 2.9))


def _find(keys: Ints, wanted: Ints) -> Ints:
    """Where each wanted key is among sorted keys, -1 where it is not."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, place, _MISSING)
