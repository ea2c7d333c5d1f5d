"""Bars of steps: where each step of a piece lies in ticks.

A step is a sixteenth note. Every bar takes `BAR` places in a row of steps, whatever its metre: shorter bars leave the last
places unused, so that bars of all metres lie in one tensor and a whole piece is one row. In a band that swings, the places of
a beat lie where its eighths are played: at 0, 1/3, 2/3 and 5/6 of the beat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.corpora.band_styles import Feel
from core.score import TICKS_PER_QUARTER, Metre, Score

BAR = 16
"""Places of a bar."""
STEP_TICKS = TICKS_PER_QUARTER // 4
METRES: dict[str, int] = {"4/4": 16, "3/4": 12, "6/8": 12, "2/4": 8}
"""Metre to its steps a bar; their order is that of the conditions."""
_SWING = (0, TICKS_PER_QUARTER // 3, TICKS_PER_QUARTER * 2 // 3, TICKS_PER_QUARTER * 5 // 6)


@dataclass(frozen=True)
class Grid:
    """The places of a piece that are used, B bars of it.

    `places` (N,): index into the row of B * BAR places; `ticks` (N + 1,): where each begins, and where the last ends;
    `metres` (B,): index in `METRES`; `bar_ticks` (B + 1,): where bars begin, and where the last ends; `feel` of its eighths.
    """

    places: NDArray[np.int64]
    ticks: NDArray[np.int64]
    metres: NDArray[np.int64]
    bar_ticks: NDArray[np.int64]
    feel: Feel

    @property
    def bars(self) -> int:
        return len(self.metres)

    @property
    def row(self) -> int:
        """Places in all, used or not."""
        return self.bars * BAR

    def nearest(self, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The used step (0..N) nearest to each tick, the later one of two; N is the end."""
        after = np.searchsorted(self.ticks, ticks, side="left").clip(1, len(self.ticks) - 1)
        late = self.ticks[after] - ticks <= ticks - self.ticks[after - 1]
        return after - 1 + late

    def at(self, ticks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The used step (0..N - 1) during which each tick falls."""
        found = np.searchsorted(self.ticks, ticks, side="right") - 1
        return np.clip(found, 0, len(self.places) - 1)


def metre_name(metre: Metre) -> str | None:
    """The metre in `METRES` whose places a bar takes: alla breve those of 4/4. None where it has no place."""
    name = "4/4" if str(metre) == "2/2" else str(metre)
    return name if name in METRES else None


def grid_of(score: Score, feel: Feel) -> Grid | None:
    """The grid of a score without its pick-up; None where a metre has no place or a bar is not whole."""
    bars = score.bars[1:] if score.pickup and len(score.bars) > 1 else score.bars
    named = [(start, metre_name(metre)) for start, end, metre in bars if end - start == metre.bar_ticks]
    whole = [(start, name) for start, name in named if name is not None]
    return grid_for(whole, feel) if len(whole) == len(bars) else None


def grid_for(bars: list[tuple[int, str]], feel: Feel) -> Grid:
    """The grid of whole bars, each given by its first tick and its metre."""
    places, ticks = [], []
    for number, (start, metre) in enumerate(bars):
        steps = np.arange(METRES[metre])
        places.append(number * BAR + steps)
        swung = feel == "swing" and metre != "6/8"
        ticks.append(start + (steps // 4 * TICKS_PER_QUARTER + np.array(_SWING)[steps % 4] if swung else steps * STEP_TICKS))
    order = list(METRES)
    end = bars[-1][0] + METRES[bars[-1][1]] * STEP_TICKS
    return Grid(np.concatenate(places), np.append(np.concatenate(ticks), end),
                np.array([order.index(metre) for _, metre in bars]), np.array([*(start for start, _ in bars), end]), feel)
