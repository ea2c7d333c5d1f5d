"""How much each model counts in the hybrid: weights by length of history and size of the installation.

The weights are learned by coordinate ascent on NDCG (Metzler, Croft: Linear feature-based models
for information retrieval, 2007) over standardised scores of the parts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from core.errors import FormatError, MissingError
from core.taste.protocol import Floats

SHIPPED = Path(__file__).resolve().parents[3] / "assets" / "taste" / "blend.json"
STEPS = (0.0, 0.25, 0.5, 0.75, 1.33, 2.0, 4.0)
FIRST = (0.02, 0.1, 0.3)
ROUNDS = 4
LEAST_GAIN = 1e-5
LEAST_WEIGHT = 0.01
"""What counts less is not worth its time."""


@dataclass(frozen=True, eq=False)
class Blend:
    """Weights of `parts`, measured for histories of `lengths` items and `sizes` listeners.

    `table` is (sizes × lengths × parts), each line of parts sums to 1. Between the measured points
    weights go along the logarithm; beyond the ends they stay. `cold` (parts) are the weights for items that
    nobody heard yet; without them those of the others hold. `note` says what they were fitted on.
    """

    parts: tuple[str, ...]
    sizes: tuple[int, ...]
    lengths: tuple[int, ...]
    table: Floats
    note: str = ""
    cold: Floats | None = None

    def weights(self, length: NDArray[Any], size: int) -> Floats:
        """(B × parts) for histories of `length` (B) items where `size` listeners are known."""
        at = np.interp(np.log(max(size, 1)), np.log(self.sizes), np.arange(len(self.sizes)))
        low = int(at)
        high = min(low + 1, len(self.sizes) - 1)
        lines = (1 - (at - low)) * self.table[low] + (at - low) * self.table[high]
        where = np.log(np.maximum(length, 1))
        return np.stack([np.interp(where, np.log(self.lengths), lines[:, part]) for part in range(len(self.parts))],
                        axis=1).astype(np.float32)

    def as_dict(self) -> dict[str, Any]:
        return {"parts": list(self.parts), "sizes": list(self.sizes), "lengths": list(self.lengths),
                "table": np.round(self.table.astype(float), 4).tolist(), "note": self.note,
                **({} if self.cold is None else {"cold": np.round(self.cold.astype(float), 4).tolist()})}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """What `as_dict` gave.

        Raises:
            FormatError: something is missing or does not fit.
        """
        try:
            parts, sizes, lengths = tuple(values["parts"]), tuple(values["sizes"]), tuple(values["lengths"])
            table = np.asarray(values["table"], np.float32)
            if table.shape != (len(sizes), len(lengths), len(parts)) or not np.isfinite(table).all():
                raise ValueError(f"a table of shape {table.shape}")
            cold = np.asarray(values["cold"], np.float32) if "cold" in values else None
            if cold is not None and (cold.shape != (len(parts),) or not np.isfinite(cold).all()):
                raise ValueError(f"cold weights of shape {cold.shape}")
            return cls(parts, sizes, lengths, table, str(values.get("note", "")), cold)
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError("A blend has parts, sizes, lengths and a table of that shape", str(error)) from error

    @classmethod
    def shipped(cls, path: Path = SHIPPED) -> Self:
        """The blend that comes with Songloom.

        Raises:
            MissingError: the file is not there.
            FormatError: it is broken.
        """
        if not path.is_file():
            raise MissingError("The weights of the blend are needed", f"{path} is not there", "Fetch it with the repository")
        try:
            return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except ValueError as error:
            raise FormatError(f"{path.name} is JSON", str(error)) from error


def standardised(scores: Floats, out: Floats | None = None) -> Floats:
    """Every row with mean 0 and standard deviation 1 over the items; a row without differences is 0.
    `out`, which may be the scores themselves, takes the result: new memory costs as much time as the sums."""
    found: Floats = np.subtract(scores, scores.mean(axis=1, keepdims=True), out=out, dtype=np.float32)
    spread = np.sqrt(np.einsum("ij,ij->i", found, found) / max(scores.shape[1], 1))
    found *= np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 1e-9)[:, None]
    return found


def ascend(quality: Callable[[Floats], float], parts: int) -> Floats:
    """Weights ≥ 0 that sum to 1 and make `quality` high: one after the other is tried at other values."""
    best = np.full(parts, 1.0 / parts, np.float32)
    best_quality = quality(best)
    for _ in range(ROUNDS):
        before = best_quality
        for part in range(parts):
            tries = [best[part] * step for step in STEPS] if best[part] > 0 else list(FIRST)
            for value in tries:
                trial = best.copy()
                trial[part] = value
                if trial.sum() <= 0:
                    continue
                trial /= trial.sum()
                found = quality(trial)
                if found > best_quality + LEAST_GAIN:
                    best, best_quality = trial, found
        if best_quality - before < LEAST_GAIN:
            break
    best[best < LEAST_WEIGHT] = 0.0
    best_quality = quality(best / best.sum())
    for part in np.argsort(best):  # what gives nothing is left out
        trial = best.copy()
        trial[part] = 0.0
        if best[part] > 0 and trial.any() and (found := quality(trial / trial.sum())) >= best_quality:
            best, best_quality = trial, found
    return best / best.sum()
