"""A compact index of hashes for collections that an installation does not hold.

Of every run of seven notes (six intervals) a 24-bit hash is taken, and of every four hashes in a row the
smallest is kept (winnowing, Schleimer, Wilkerson and Aiken 2003): nine intervals in a row that are the same
always share one. Nothing is kept of rhythm, of where in the piece a hash stood or of their order, about
sixteen runs have each hash, and kept runs seldom overlap: the music cannot be put together again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.rights.lines import Ints, Line, Lines, Place

NOTES = 7
WINDOW = 4
GUARANTEED = NOTES + WINDOW - 1
"""Notes in a row that, when the same, share a kept hash."""
_BITS = 24
COMMON = 40
"""Hashes in more pieces than this say nothing and are left out."""


class Shared(NamedTuple):
    """What a query shares with one piece: how many kept hashes, and the notes of the query that they lie over, merged."""

    piece: int
    hashes: int
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, eq=False)
class Shingles:
    """`hashes` (n,) in order, with the number of its piece each in `pieces` (n,)."""

    places: tuple[Place, ...]
    hashes: NDArray[np.uint32]
    pieces: NDArray[np.uint16]

    @classmethod
    def of(cls, lines: Lines) -> Shingles:
        """The hashes that are kept of these pieces."""
        pairs: set[tuple[int, int]] = set()
        for piece in range(len(lines)):
            pairs.update((value, piece) for value in winnowed(hashes_of(lines.line(piece))))
        ordered = np.array(sorted(pairs), np.int64).reshape(-1, 2)
        values, counts = np.unique(ordered[:, 0], return_counts=True)
        kept = ordered[np.isin(ordered[:, 0], values[counts <= COMMON])]
        return cls(lines.places, kept[:, 0].astype(np.uint32), kept[:, 1].astype(np.uint16))

    def search(self, query: Line, most: int = 5, leave_out: frozenset[str] = frozenset()) -> tuple[Shared, ...]:
        """The pieces that share most hashes with a query, those with the most notes first."""
        wanted = hashes_of(query)
        low, high = np.searchsorted(self.hashes, wanted, "left"), np.searchsorted(self.hashes, wanted, "right")
        found: dict[int, list[int]] = {}
        for place in np.flatnonzero(high > low).tolist():
            for piece in self.pieces[low[place] : high[place]].tolist():
                found.setdefault(piece, []).append(place)
        shared = [Shared(piece, len(places), _merged(places)) for piece, places in found.items()
                  if self.places[piece].id not in leave_out]
        return tuple(sorted(shared, key=lambda one: (-one.hashes, one.piece))[:most])

    def without(self, ids: frozenset[str]) -> Shingles:
        """The same without some pieces: those that an installation holds after all."""
        gone = np.array([place.id in ids for place in self.places], bool)
        kept = ~gone[self.pieces]
        return Shingles(self.places, self.hashes[kept], self.pieces[kept])


def hashes_of(line: Line) -> Ints:
    """(n - 6,): the hash of the intervals within every seven notes in a row."""
    steps = np.clip(np.diff(line.pitches), -24, 24) + 25
    if len(steps) < NOTES - 1:
        return np.zeros(0, np.int64)
    value = np.zeros(len(steps) - NOTES + 2, np.uint64)
    for place in range(NOTES - 1):
        value = value * np.uint64(64) + steps[place : place + len(value)].astype(np.uint64)
    # A finaliser of 64 bits (Steele, Lea and Flood 2014, splitmix): every bit of the intervals moves every bit of the hash.
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        value = (value ^ (value >> np.uint64(shift))) * np.uint64(factor)
    return ((value ^ (value >> np.uint64(31))) & np.uint64(2**_BITS - 1)).astype(np.int64)


def winnowed(hashes: Ints) -> set[int]:
    """The smallest of every four hashes in a row."""
    if len(hashes) < WINDOW:
        return {int(hashes.min())} if len(hashes) else set()
    return set(sliding_window_view(hashes, WINDOW).min(1).tolist())


def _merged(places: list[int]) -> tuple[tuple[int, int], ...]:
    """First and last note of every stretch that hashes at `places` cover together."""
    spans: list[tuple[int, int]] = []
    for place in places:
        if spans and place <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], place + NOTES - 1)
        else:
            spans.append((place, place + NOTES - 1))
    return tuple(spans)
