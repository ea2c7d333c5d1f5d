"""Local alignment of a melody with many others at once (Smith and Waterman 1981).

A passage is a chain of notes that are the same in both melodies but for one transposition. From one such
note to the next it is a step in both (nothing changed), two or three in both (notes changed), or more in
one than in the other (notes put in or left out). A step earns the bits of surprise of its interval
(`core.rights.surprise`) and, where both melodies keep the tempo ratio of the step before, those of its
rhythm (or of the step before that: a swung beat is a regular change); changes, and a rhythm that is
another, cost bits. So the score is how many bits more the passage says than chance would. It does not
depend on key, tempo or the scale of note values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.rights.lines import Line, Lines
from core.rights.surprise import SKIPS, Floats, Surprise

Ints = NDArray[np.int64]

SAME_TEMPO = 0.1
"""Two tempo ratios within this much of an octave (7%) are the same."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What changes cost, in bits: a note changed, a note put in or left out, a rhythm that is another."""

    change: float = 3.5
    gap: float = 9.0
    other_rhythm: float = 1.0

    def moves(self) -> tuple[tuple[int, int, float], ...]:
        """(notes on in the query, notes on in the piece, cost)."""
        return ((1, 1, 0.0), (2, 2, self.change), (3, 3, 2 * self.change), (1, 2, self.gap), (2, 1, self.gap))


class Match(NamedTuple):
    """The best passage in one piece: its bits, and the notes that are the same, by place in the query and in the piece."""

    bits: float
    here: tuple[int, ...]
    there: tuple[int, ...]


class _Places:
    """Where each value stands in an array, in rising order."""

    def __init__(self, values: Ints) -> None:
        self._order = np.argsort(values, kind="stable")
        self._values = values[self._order]

    def of(self, value: int) -> Ints:
        first, last = np.searchsorted(self._values, (value, value + 1))
        return self._order[first:last]


class Aligner:
    """A query, ready to be held against pieces."""

    def __init__(self, query: Line, surprise: Surprise, costs: Costs) -> None:
        self._query, self._moves, self._other = query, costs.moves(), costs.other_rhythm
        self._gains = surprise.gains(query)
        self._rhythm = surprise.rhythm(query)

    def bits(self, lines: Lines) -> Floats:
        """(pieces,): the bits of the best passage in each piece."""
        best, _ends, _back = self._run(lines, trace=False)
        return np.maximum.reduceat(best, lines.starts[:-1]) if len(lines) else np.zeros(0)

    def matches(self, lines: Lines) -> tuple[Match, ...]:
        """The best passage in each piece, note by note; one without any has no bits and no notes."""
        best, ends, back = self._run(lines, trace=True)
        return tuple(self._trace(lines, piece, best, ends, back) for piece in range(len(lines)))

    def _run(self, lines: Lines, trace: bool) -> tuple[Floats, Ints, NDArray[np.int8]]:
        """For every note of the pieces the bits of the best passage that ends there, its note of the query, and moves."""
        size, count = self._query.size, len(lines.pitches)
        # A passage never goes on from one piece into the next.
        starts = np.repeat(lines.starts[:-1], np.diff(lines.starts))
        place = np.arange(count)
        steps, times = [_Places(np.zeros(0, np.int64))], [np.zeros(0)]
        for skip in range(1, SKIPS + 1):
            before = np.maximum(place - skip, 0)
            steps.append(_Places(np.where(place - skip >= starts, lines.pitches - lines.pitches[before], 1000)))
            times.append(np.log2(np.maximum(1, lines.onsets - lines.onsets[before])))
        rows = [np.zeros(count + SKIPS) for _ in range(SKIPS + 1)]  # a few zeros in front: what is before the first note
        tempos = [np.zeros((2, count + SKIPS)) for _ in range(SKIPS + 1)]  # of the last step, and of the one before
        best, ends = np.zeros(count), np.zeros(count, np.int64)
        back = np.full((size if trace else 0, count), -1, np.int8)
        pitches, onsets = self._query.pitches, self._query.onsets
        for i in range(size):
            row, tempo = np.zeros(count + SKIPS), np.zeros((2, count + SKIPS))
            for number, (up, on, cost) in enumerate(self._moves):
                if i < up:
                    continue
                same = steps[on].of(int(pitches[i] - pitches[i - up]))
                before, gain = rows[up - 1][same - on + SKIPS], self._gains[up, i] - cost
                if gain <= 0:  # no passage begins with it
                    goes_on = before > 0
                    same, before = same[goes_on], before[goes_on]
                ratio = np.log2(max(1, onsets[i] - onsets[i - up])) - times[on][same]
                known = tempos[up - 1][:, same - on + SKIPS]
                kept = (np.abs(ratio - known[0]) < SAME_TEMPO) | (np.abs(ratio - known[1]) < SAME_TEMPO)
                earned = np.where(before > 0, np.where(kept, self._rhythm[i], -self._other), 0.0)
                total = before + gain + earned
                better = total > row[same + SKIPS]
                same, total = same[better], total[better]
                row[same + SKIPS] = total
                tempo[0, same + SKIPS], tempo[1, same + SKIPS] = ratio[better], np.where(before > 0, known[0], ratio)[better]
                if trace:
                    back[i, same] = number
            rows, tempos = [row, *rows[:-1]], [tempo, *tempos[:-1]]
            higher = row[SKIPS:] > best
            best[higher], ends[higher] = row[SKIPS:][higher], i
        return best, ends, back

    def _trace(self, lines: Lines, piece: int, best: Floats, ends: Ints, back: NDArray[np.int8]) -> Match:
        first, last = int(lines.starts[piece]), int(lines.starts[piece + 1])
        j = first + int(best[first:last].argmax())
        if best[j] <= 0:
            return Match(0.0, (), ())
        i, here, there = int(ends[j]), [int(ends[j])], [j - first]
        # Where a move began from nothing its first note has no move of its own.
        while (number := int(back[i, j])) >= 0:
            up, on, _cost = self._moves[number]
            i, j = i - up, j - on
            here.append(i)
            there.append(j - first)
        return Match(float(best[first + there[0]]), tuple(reversed(here)), tuple(reversed(there)))
