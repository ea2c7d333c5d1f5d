"""A weight set of this engine as a generator that is ready to play, and how it plays a piece."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core import weights
from core.corpora.band_styles import PARTS
from core.engines.gan.conditions import Conditions
from core.engines.gan.cutting import cut_all, steady
from core.engines.gan.data import told_of
from core.engines.gan.grid import BAR
from core.engines.gan.network import MELODY, Features, Generator, Noise
from core.engines.gan.rolls import Roll

FREE, ALL = "gan-band-free", "gan-band-all"
"""Names of the weight sets."""


@dataclass(frozen=True)
class Seeds:
    """Where noise comes from: one random seed for the band, and one for each of `PARTS`."""

    band: int
    parts: tuple[int, ...]

    @classmethod
    def all_from(cls, seed: int) -> Seeds:
        return cls(seed, (seed,) * len(PARTS))


@dataclass(frozen=True)
class Loaded:
    """Generator with the configuration and the hash of its weights."""

    generator: Generator
    config: dict[str, Any]
    hash: str

    def noise(self, told: Conditions, seeds: Seeds) -> Noise:
        """Noise for a piece: bars at the same place of sections with the same letter have the same."""
        sizes = self.generator.sizes
        places = told.bars[:, 4]
        part = np.stack([_normal(sizes["part"], seed, at, 0) for at, seed in enumerate(seeds.parts)])
        begins = np.maximum.accumulate(np.where(told.bars[:, 2] == 1, np.arange(len(places)), 0))
        own = np.stack([
            np.stack([_normal(sizes["part_bar"], seed, at, 1, int(letter), int(bar - begin), int(leads))
                      for bar, (letter, begin, leads) in enumerate(zip(told.letters, begins, told.bars[:, 3], strict=True))], 1)
            for at, seed in enumerate(seeds.parts)
        ])  # fmt: skip
        shared = _normal(sizes["shared"], seeds.band, len(PARTS), 2)
        return Noise(*(torch.from_numpy(array[None].astype(np.float32)) for array in (shared, part, own)))

    @torch.no_grad()
    def logits(self, told: Conditions, noise: Noise, melody: Roll | None = None) -> Tensor:
        """(HEIGHT, steps) of a whole piece; `melody` (2 * cells, steps) where it is given."""
        bars = len(told.bars)
        given = np.array([melody is not None], np.float32)
        rows = np.zeros((1, 2 * MELODY, bars * BAR), np.float32) if melody is None else melody[None].astype(np.float32)
        return self.generator(Features()(told_of([told], rows, given, bars)), noise)[0]

    def rows(self, told: Conditions, seeds: Seeds, band: str, melody: Roll | None = None) -> NDArray[np.bool_]:
        """The parts' rows of a piece, (HEIGHT, steps)."""
        logits = self.logits(told, self.noise(told, seeds), melody).numpy()
        return cut_all(steady(logits, told), self.config["limits"], band)


def _normal(size: int, *seed: int) -> NDArray[np.float64]:
    return np.random.default_rng([value % 2**63 for value in seed]).standard_normal(size)


def load(name: str, folder: Path = weights.FOLDER) -> Loaded:
    """Read a weight set.

    Raises:
        WeightsMissingError: files are missing or damaged.
    """
    found = weights.load(name, folder)
    generator = Generator(found.config["sizes"])
    generator.load_state_dict(found.tensors)
    return Loaded(generator.eval().requires_grad_(False), found.config, found.hash)
