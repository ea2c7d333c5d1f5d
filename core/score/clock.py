"""Ticks to seconds and back, through every tempo change of a piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
import numpy.typing as npt

from core.score.types import TICKS_PER_QUARTER, Score, Tempo


class Clock:
    """The clock of a piece: tempo events become a piecewise linear map, exact to float64."""

    def __init__(self, tempos: Sequence[Tempo]) -> None:
        """`tempos` in order of tick, the first at tick 0, as a `Score` has them."""
        self._ticks = np.array([tempo.tick for tempo in tempos], dtype=np.float64)
        self._per_tick = np.array([60.0 / (tempo.bpm * TICKS_PER_QUARTER) for tempo in tempos])
        self._seconds = np.concatenate([[0.0], np.cumsum(np.diff(self._ticks) * self._per_tick[:-1])])

    @classmethod
    def of(cls, score: Score) -> Clock:
        return cls(score.tempos)

    @overload
    def seconds(self, ticks: float) -> float: ...
    @overload
    def seconds(self, ticks: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]: ...
    def seconds(self, ticks: float | npt.NDArray[np.generic]) -> float | npt.NDArray[np.float64]:
        """Seconds from the start at `ticks` (a number, or an array of any shape, 0 and up)."""
        found = self._map(ticks, self._ticks, self._seconds, self._per_tick)
        return found if isinstance(ticks, np.ndarray) else float(found)

    @overload
    def ticks(self, seconds: float) -> int: ...
    @overload
    def ticks(self, seconds: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]: ...
    def ticks(self, seconds: float | npt.NDArray[np.generic]) -> int | npt.NDArray[np.int64]:
        """The nearest tick at `seconds` from the start (a number, or an array of any shape)."""
        found = np.rint(self._map(seconds, self._seconds, self._ticks, 1.0 / self._per_tick)).astype(np.int64)
        return found if isinstance(seconds, np.ndarray) else int(found)

    @staticmethod
    def _map(
        values: float | npt.NDArray[np.generic],
        knots: npt.NDArray[np.float64],
        images: npt.NDArray[np.float64],
        slopes: npt.NDArray[np.float64],
    ) -> npt.NDArray[np.float64]:
        points = np.asarray(values, dtype=np.float64)
        segment = np.maximum(np.searchsorted(knots, points, side="right") - 1, 0)
        return np.asarray(images[segment] + (points - knots[segment]) * slopes[segment])


def seconds_long(score: Score) -> float:
    """Seconds from the start to the end of the last bar."""
    return Clock.of(score).seconds(score.length)
