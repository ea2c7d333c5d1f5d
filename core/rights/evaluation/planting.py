"""Passages of one melody planted in another, with known changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.rights.lines import Line

SHORTEST, LONGEST = 8, 16
CHANGED = 0.1
SCALES = (2.0, 0.5, 1.5, 2 / 3)
"""Other grids: note values doubled, halved, into dotted ones and into triplets."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What is done to a passage before it is planted.

    `grid`: its note values are scaled, or every pair of equal ones is swung (2:1), by chance one in five.
    """

    name: str
    transposed: bool = False
    changed: bool = False
    grid: bool = False


KINDS = (
    Kind("as it is"),
    Kind("transposed", transposed=True),
    Kind("10% of the notes changed", changed=True),
    Kind("other rhythm grid", grid=True),
    Kind("transposed, changed", transposed=True, changed=True),
    Kind("transposed, other grid", transposed=True, grid=True),
    Kind("all three", transposed=True, changed=True, grid=True),
)
ALL = KINDS[-1]


class Planted(NamedTuple):
    """A melody with a passage of another in it: notes `first` to `first + size`, from note `origin` of the other on."""

    line: Line
    first: int
    size: int
    origin: int
    swung: bool


def plant(host: Line, source: Line, kind: Kind, rng: np.random.Generator, size: int | None = None) -> Planted:
    """Put a passage of `source` between two notes of `host`; what comes after moves on.

    The passage lies in the host's register; `size` notes long, by lot where it is None. Of its notes
    `CHANGED`, at least one, become another within a major third.
    """
    size = int(rng.integers(SHORTEST, LONGEST + 1)) if size is None else size
    size = min(size, source.size)
    origin = int(rng.integers(0, source.size - size + 1))
    pitches = source.pitches[origin : origin + size].copy()
    times = np.diff(source.onsets[origin : origin + size + 1]).astype(float)
    if len(times) < size:  # the last note of the piece has no next one
        times = np.append(times, times[-1])
    octave = 12 * round((host.pitches.mean() - pitches.mean()) / 12)
    pitches += octave + (int(rng.choice([-5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6])) if kind.transposed else 0)
    if kind.changed:
        for place in rng.choice(size, max(1, round(CHANGED * size)), replace=False):
            pitches[place] += int(rng.choice([-4, -3, -2, -1, 1, 2, 3, 4]))
    swung = bool(kind.grid and rng.random() < 1 / 5)
    if swung:
        times = _swung(times)
    elif kind.grid:
        times = times * rng.choice(SCALES)
    times = np.maximum(1, np.rint(times)).astype(np.int64)
    first = int(rng.integers(1, host.size))
    begins = int(host.onsets[first])
    onsets = begins + np.concatenate([[0], np.cumsum(times)])
    line = Line(
        np.concatenate([host.pitches[:first], pitches, host.pitches[first:]]),
        np.concatenate([host.onsets[:first], onsets[:-1], host.onsets[first:] - begins + onsets[-1]]),
    )
    return Planted(line, first, size, origin, swung)


def _swung(times: np.ndarray) -> np.ndarray:
    """Of every two equal neighbours the first takes two thirds of their time."""
    swung, place = times.copy(), 0
    while place + 1 < len(times):
        if times[place] == times[place + 1]:
            swung[place], swung[place + 1] = times[place] * 4 / 3, times[place] * 2 / 3
            place += 1
        place += 1
    return swung
