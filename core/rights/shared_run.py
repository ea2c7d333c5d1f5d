"""The longest run of notes that a piece shares with any piece of a set.

The set is kept as one suffix array (Manber and Myers 1990, built by prefix doubling), in which every
place of a query is looked up at once by binary search: exact, and a few milliseconds for a tune
against fifteen thousand.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.score import Score

Ints = NDArray[np.int64]
_END, _PAD = 0, -1  # codes after each piece and after the query; symbols count from 1
_WINDOW = 32


class SharedRun(NamedTuple):
    """`length` events in a row are the same, from `here` in the query and `there` in the piece.

    `piece` is None, and the rest 0, when not even one event is shared.
    """

    length: int
    piece: str | None
    here: int
    there: int


def run_events(score: Score) -> list[tuple[int, int]]:
    """A melody as (interval from the note before, duration in ticks), the first note left out: the same
    in every key. N events in a row are N + 1 notes.

    Raises:
        FormatError: the score has no melody.
    """
    notes = score.melody.notes
    return [(after.pitch - before.pitch, after.duration) for before, after in pairwise(notes)]


class Index:
    """A set of pieces, each a sequence of events, ready to be searched."""

    def __init__(self, sequences: Iterable[tuple[str, Sequence[Hashable]]]) -> None:
        """Index (id, events) pairs; about four seconds for 15,000 tunes."""
        self._codes: dict[Hashable, int] = {}
        self._ids: list[str] = []
        starts: list[int] = []
        codes: list[int] = []
        for piece, events in sequences:
            self._ids.append(piece)
            starts.append(len(codes))
            codes += [self._codes.setdefault(event, len(self._codes) + 1) for event in events]
            codes.append(_END)
        self._starts = np.array(starts, np.int64)
        text = np.array(codes, np.int64)
        self._longest_piece = int(np.diff(np.append(self._starts, len(text))).max(initial=0))
        self._order = _suffix_array(text, self._longest_piece)
        self._text = np.concatenate([text, np.full(self._longest_piece + 1, _END)])

    def longest(self, sequence: Sequence[Hashable]) -> SharedRun:
        """The longest run of `sequence` that comes in a piece of the set; the first of equally long ones."""
        nothing = SharedRun(0, None, 0, 0)
        if not len(sequence) or not len(self._order):
            return nothing
        unknown = len(self._codes) + 1
        query = np.array([self._codes.get(event, unknown) for event in sequence], np.int64)
        places, window = np.arange(len(query)), _WINDOW
        while True:
            window = min(window, self._longest_piece)
            lengths, texts = self._match(query, places, window)
            # Only where a whole window is the same can a longer run be.
            longer = places[lengths == window]
            if not len(longer) or window == self._longest_piece:
                break
            places, window = longer, window * 2
        best = int(lengths.argmax())
        if not lengths[best]:
            return nothing
        piece = int(np.searchsorted(self._starts, texts[best], side="right")) - 1
        return SharedRun(int(lengths[best]), self._ids[piece], int(places[best]), int(texts[best] - self._starts[piece]))

    def _match(self, query: Ints, places: Ints, window: int) -> tuple[Ints, Ints]:
        """For each place in the query the longest match within a window, and where in the text it is."""
        padded = np.concatenate([query, np.full(window, _PAD)])
        wanted = padded[places[:, None] + np.arange(window)]
        low, high = np.zeros(len(places), np.int64), np.full(len(places), len(self._order))
        rows = np.arange(len(places))
        while (low < high).any():
            middle = np.minimum((low + high) // 2, len(self._order) - 1)
            there = self._text[self._order[middle][:, None] + np.arange(window)]
            first = (there != wanted).argmax(1)
            less = (there[rows, first] < wanted[rows, first]) & (low < high)
            high = np.where(less | (low >= high), high, middle)
            low = np.where(less, middle + 1, low)
        lengths, texts = np.zeros(len(places), np.int64), np.zeros(len(places), np.int64)
        for neighbour in (low - 1, low):  # the longest match stands next to where the query would stand
            at = self._order[np.clip(neighbour, 0, len(self._order) - 1)]
            same = self._text[at[:, None] + np.arange(window)] == wanted
            run = np.where(same.all(1), window, same.argmin(1))
            better = run > lengths
            lengths, texts = np.where(better, run, lengths), np.where(better, at, texts)
        return lengths, texts


def _suffix_array(text: Ints, depth: int) -> Ints:
    """Starts of the suffixes in order of their first `depth` symbols at least."""
    if not len(text):
        return text
    rank, step = text.copy(), 1
    while True:
        after = np.full(len(rank), _PAD)
        after[: len(rank) - step] = rank[step:]
        _, rank = np.unique(rank * (len(text) + 2) + after + 1, return_inverse=True)
        step *= 2
        if step > depth or step >= len(text) or rank.max() == len(rank) - 1:
            return np.argsort(rank, kind="stable")
