"""Thousands of melodies, ready to be searched for passages: seed, extend, align (as BLAST does, Altschul et al. 1990).

Seeds are five notes in a row, and five of six with one left open in the middle (a spaced seed, Ma, Tromp
and Li 2002), so that every passage of eight notes of which one was changed holds one. Where a seed of the query
is found it is extended along its diagonal; the pieces where that earns most bits are aligned in full.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.rights.alignment import Aligner, Costs, Match
from core.rights.lines import Ints, Line, Lines
from core.rights.surprise import Floats, Surprise

SHAPES = ((0, 1, 2, 3, 4), (0, 1, 2, 4, 5))
"""Which notes of a window a seed is made of."""

CANDIDATES = 150
"""Pieces that are aligned in full,"""
_PAIRS = 4_000_000
"""but not more than make so many pairs of their notes with the query's, the most promising ones first: time grows with them."""
_FEWEST = 20
"""So many in any case."""

_REACH = 12
"""Notes to either side that a seed is extended over."""
_MISS = 3.0
_STEP = 64
"""Notes of the query whose seeds are looked up at a time."""


class MelodyIndex:
    """The melodies of `lines` with the places of their seeds. Safe to use from many threads once made."""

    def __init__(self, lines: Lines) -> None:
        """About half a second for a million notes."""
        self.lines = lines
        self._piece = np.repeat(np.arange(len(lines), dtype=np.int32), np.diff(lines.starts))
        # Room at both ends, so that windows may look beyond: pitches there are no melody's.
        self._pitches = np.concatenate([np.full(_REACH, 500), lines.pitches, np.full(_REACH + 1, 900)]).astype(np.int16)
        self._pieces = np.concatenate([np.full(_REACH, -1), self._piece, np.full(_REACH + 1, -1)]).astype(np.int32)
        self._seeds = [_sorted_keys(lines.pitches, self._piece, shape) for shape in SHAPES]

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def rows(self) -> dict[str, int]:
        """Id of a piece to its number."""
        return {place.id: row for row, place in enumerate(self.lines.places)}

    def search(
        self, query: Line, surprise: Surprise, costs: Costs, most: int = 5, leave_out: frozenset[str] = frozenset()
    ) -> tuple[tuple[int, Match], ...]:
        """The pieces with the best passages and their matches, best first.

        Args:
            most: how many pieces.
            leave_out: ids of pieces that do not count.
        """
        if query.size < 2 or not len(self):
            return ()
        promise = self._promise(query, surprise)
        for ident in leave_out:
            if ident in self.rows:
                promise[self.rows[ident]] = 0
        chosen = np.argsort(-promise, kind="stable")[:CANDIDATES]
        lengths = np.diff(self.lines.starts)[chosen]
        affordable = np.cumsum(lengths) * query.size <= _PAIRS
        affordable[:_FEWEST] = True
        chosen = chosen[affordable & (promise[chosen] > 0)]
        if not len(chosen):
            return ()
        aligner = Aligner(query, surprise, costs)
        bits = aligner.bits(self.lines.some(chosen))
        best = chosen[np.argsort(-bits, kind="stable")[:most]]
        return tuple(zip(best.tolist(), aligner.matches(self.lines.some(best)), strict=True))

    def _promise(self, query: Line, surprise: Surprise) -> Floats:
        """(pieces,): the bits of the best passage without gaps around any seed, rhythm left aside."""
        found = np.zeros(len(self))
        gains = np.concatenate([np.zeros(_REACH), surprise.gains(query)[1], np.zeros(_REACH + 1)]).astype(np.float32)
        pitches = np.concatenate([np.full(_REACH, -500), query.pitches, np.full(_REACH + 1, -900)]).astype(np.int16)
        for (keys, order), shape in zip(self._seeds, SHAPES, strict=True):
            wanted = _keys(query.pitches, shape)
            low, high = np.searchsorted(keys, wanted, "left"), np.searchsorted(keys, wanted, "right")
            for start in range(0, len(wanted), _STEP):
                part = slice(start, start + _STEP)
                counts = high[part] - low[part]
                here = np.repeat(np.arange(start, start + len(counts)), counts)
                within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
                there = order[np.repeat(low[part], counts) + within]
                # One seed of many on the same diagonal is enough.
                _, first = np.unique(there - here, return_index=True)
                here, there = here[first], there[first]
                np.maximum.at(found, self._piece[there], self._extended(here, there, pitches, gains))
        return found

    def _extended(self, here: Ints, there: Ints, pitches: NDArray[np.int16], gains: NDArray[np.float32]) -> NDArray[np.float32]:
        """For seeds at `here` and `there`: the best sum over any stretch of the diagonal around them."""
        shift = pitches[here + _REACH] - self._pitches[there + _REACH]
        piece = self._pieces[there + _REACH]
        total, best = np.zeros(len(here), np.float32), np.zeros(len(here), np.float32)
        for step in range(2 * _REACH + 1):
            at = there + step
            same = (pitches[here + step] - self._pitches[at] == shift) & (self._pieces[at] == piece)
            total = np.maximum(total + np.where(same, gains[here + step], np.float32(-_MISS)), 0)
            np.maximum(best, total, out=best)
        return best


def _keys(pitches: Ints, shape: tuple[int, ...]) -> NDArray[np.int32]:
    """A number for the seed at every note that has room for it: its intervals from note to note."""
    count = max(0, len(pitches) - shape[-1])
    key = np.zeros(count, np.int32)
    for before, after in pairwise(shape):
        step = pitches[after : after + count] - pitches[before : before + count]
        key = key << 5 | (np.clip(step, -15, 16) + 15).astype(np.int32)
    return key


def _sorted_keys(pitches: Ints, piece: NDArray[np.int32], shape: tuple[int, ...]) -> tuple[NDArray[np.int32], Ints]:
    """Keys in order and where they are; windows over the end of a piece are left out."""
    keys = _keys(pitches, shape)
    whole = np.flatnonzero(piece[: len(keys)] == piece[shape[-1] :])
    order = whole[np.argsort(keys[whole], kind="stable")]
    return keys[order], order
