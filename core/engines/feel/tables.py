"""How drummers play around the grid: timing in milliseconds and velocity, by band, drum and place in the bar.

Tables of quantiles from the training takes of the Groove MIDI Dataset (Gillick et al., "Learning to Groove with Inverse
Sequence Transformations", ICML 2019), and how much of the deviation a drummer keeps through a take.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core import weights
from core.errors import WeightsMissingError
from core.score import TICKS_PER_QUARTER

NAME = "band-feel"
ANY = "*"

DRUMS = {
    "kick": (35, 36), "snare": (38, 40), "stick": (37, 39), "hat": (42, 44), "open hat": (46,),
    "ride": (51, 53, 59), "crash": (49, 52, 55, 57), "tom": (41, 43, 45, 47, 48, 50),
}  # fmt: skip
"""Classes of drums by their General MIDI keys; every other key is percussion, played as a hi-hat."""
_CLASS = {pitch: name for name, pitches in DRUMS.items() for pitch in pitches}

SLOTS = (0, 120, 160, 240, 320, 360)
"""Places within a quarter, in ticks: sixteenths and triplets."""
PLACES = 4 * len(SLOTS)
"""Places in a bar of four quarters."""


def drum_class(pitch: int) -> str:
    return _CLASS.get(pitch, "hat")


def place_of(tick: int) -> int:
    """The place of a tick counted from the bar line: quarter (after the fourth from the first again) and slot."""
    quarter, rest = divmod(tick, TICKS_PER_QUARTER)
    slot = min(range(len(SLOTS)), key=lambda index: abs(SLOTS[index] - rest))
    return quarter % 4 * len(SLOTS) + slot


@dataclass(frozen=True)
class Cell:
    """Quantiles, equally spaced from 0 to 1: `timing` in milliseconds (late positive), `velocity` 1 to 127."""

    timing: NDArray[np.float64]
    velocity: NDArray[np.float64]


@dataclass(frozen=True)
class Feel:
    """All tables. `kept` is the share of variance of (timing, velocity) that is one drummer's in one take, `shared` the
    correlation of both between drums that are hit together.
    """

    cells: dict[tuple[str, str, int], Cell]
    """By band (or `ANY`), class of drum, and place (or -1 for any)."""
    kept: tuple[float, float]
    shared: tuple[float, float]

    def cell(self, band: str, drum: str, place: int) -> Cell:
        """The most special cell that was learned from enough notes."""
        for key in ((band, drum, place), (ANY, drum, place), (band, drum, -1), (ANY, drum, -1), (ANY, "hat", -1)):
            if key in self.cells:
                return self.cells[key]
        raise KeyError(band)

    def as_config(self) -> dict[str, Any]:
        """For JSON: timing in tenths of milliseconds."""
        rows: dict[str, list[list[int]]] = {}
        for (band, drum, place), cell in sorted(self.cells.items()):
            rows[f"{band}/{drum}/{place}"] = [
                np.rint(cell.timing * 10).astype(int).tolist(), np.rint(cell.velocity).astype(int).tolist(),
            ]  # fmt: skip
        return {"cells": rows, "kept": list(self.kept), "shared": list(self.shared)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Feel:
        cells = {}
        for name, (timing, velocity) in config["cells"].items():
            band, drum, place = name.split("/")
            cells[band, drum, int(place)] = Cell(np.array(timing) / 10, np.array(velocity, dtype=float))
        return cls(cells, tuple(config["kept"]), tuple(config["shared"]))


def quantiles(values: Sequence[float] | NDArray[np.float64], count: int) -> NDArray[np.float64]:
    return np.quantile(np.asarray(values, dtype=float), np.linspace(0, 1, count))


def drawn(table: NDArray[np.float64], at: float) -> float:
    """The value at quantile `at`, 0 to 1, between the table's entries in a straight line."""
    return float(np.interp(at, np.linspace(0, 1, len(table)), table))


def load(folder: Path = weights.FOLDER) -> Feel:
    """The tables that Songloom ships.

    Raises:
        WeightsMissingError: they are not in the folder.
    """
    path = folder / f"{NAME}.json"
    if not path.is_file():
        raise WeightsMissingError(f"The tables {NAME} are needed", f"they are not in {folder}",
                                  "Fetch them with the repository, or fit them with: songloom train feel")
    return _read(path, path.stat().st_mtime_ns)


@cache
def _read(path: Path, changed: int) -> Feel:
    del changed  # a file written anew is read anew
    return Feel.from_config(json.loads(path.read_text("utf-8")))
