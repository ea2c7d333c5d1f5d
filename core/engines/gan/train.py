"""`songloom train gan`: trains one of the weight sets, on GPU or CPU, and writes it with its card."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from core import card, weights
from core.corpora.band_made import SONGS, TIERS
from core.corpora.band_pieces import load_band_pieces
from core.corpora.folder import DataFolder
from core.corpora.types import Tier
from core.engines.gan import training
from core.engines.gan.conditions import BAND_IDS
from core.engines.gan.cutting import Limits, calibrated
from core.engines.gan.data import Example, Examples, Windows, load
from core.engines.gan.loaded import ALL, FREE
from core.engines.gan.loaded import load as load_weights
from core.engines.gan.network import SIZES, Critic, Encoder, Generator
from core.engines.gan.validate import BARS, validator
from core.engines.lstm.training import pick_device
from core.errors import DataMissingError

FREE_SOURCES = (*(name for name in SONGS if TIERS[name] == Tier.FREE), "freedoom-music", "groove")
"""Collections that have pieces in the free tier; the others need not be made into band pieces for them."""


@dataclass(frozen=True)
class Run:
    """One training run. `free_only` takes free music alone, and names the set so."""

    folder: DataFolder
    out: Path
    checkpoint: Path
    free_only: bool = False
    minutes: float = 50.0
    device: str = "auto"
    seed: int = 0
    steps: int | None = None
    """Stands in for `minutes`: the same whatever else the machine does."""
    start: Path | None = None
    """Checkpoint of another run to begin from instead of chance."""

    @property
    def command(self) -> str:
        """That makes the set again, whatever folders are used."""
        budget = f"--steps {self.steps}" if self.steps else f"--minutes {self.minutes:g}"
        start = f" --start {self.start.name}" if self.start else ""
        return f"songloom train gan{' --free' if self.free_only else ''} {budget}{start}"

    @property
    def name(self) -> str:
        return set_name(self.free_only)


def set_name(free_only: bool) -> str:
    return FREE if free_only else ALL


def run(job: Run) -> str:
    """Train, write weights, configuration and card to `job.out`; returns the weights' hash.

    Raises:
        DataMissingError: a collection is not at hand, or none has a piece for a band.
    """
    pieces = load_band_pieces(job.folder, free_only=job.free_only, sources=FREE_SOURCES if job.free_only else None)
    data = load(pieces, say=print)
    train_set, valid_set = data.of("train"), data.of("valid")
    if not train_set or not valid_set:
        raise DataMissingError("Pieces for bands are needed, to train and to validate", "there are none",
                               "See: songloom corpora")
    device = pick_device(job.device)
    budget = training.Recipe(steps=job.steps, validate_every=100) if job.steps else training.Recipe(minutes=job.minutes)
    if job.start:
        # What uses its noise already need not be coaxed, and the critic has something to judge at once.
        budget = replace(budget, rate=budget.rate / 2, alone=0.1, cheap=0.05)
    windows = Windows(train_set, BARS)
    generator, done = training.train(windows, replace(budget, seed=job.seed), job.checkpoint, device,
                                     validate=validator(valid_set, device), start=job.start)
    limits = calibrated(generator, valid_set, device, job.seed)
    config = config_of(data, train_set, limits, done)
    return weights.save(job.name, generator.state_dict(), config, _card(job, train_set, windows, done, device), job.out)


def recalibrate(job: Run) -> str:
    """Find the limits of cells anew for weights that are there; returns their hash.

    Raises:
        WeightsMissingError, DataMissingError: what it needs is not at hand.
    """
    data = load(load_band_pieces(job.folder, free_only=job.free_only, sources=FREE_SOURCES if job.free_only else None), say=print)
    loaded = load_weights(job.name, job.out)
    limits = calibrated(loaded.generator, data.of("valid"), torch.device("cpu"), job.seed)
    path = job.out / f"{job.name}.json"
    path.write_text(json.dumps({**loaded.config, "limits": limits}, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return loaded.hash


def config_of(data: Examples, train_set: Sequence[Example], limits: dict[str, dict[str, Limits]],
              done: training.Progressed) -> dict[str, Any]:
    """What the code must know beside the tensors."""
    bands = [band for band in BAND_IDS if any(example.band == band for example in train_set)]
    return {"kind": "gan", "sizes": SIZES, "bands": bands, "bars": BARS, "limits": limits, "intensity": data.intensity,
            "kits": data.kits, "swing": data.swing,
            "sources": dict(Counter(example.source for example in train_set)), "history": done.history,
            "machine_made": round(sum(e.bars for e in train_set if e.machine_made) / sum(e.bars for e in train_set), 4)}


def _card(job: Run, train_set: Sequence[Example], windows: Windows, done: training.Progressed, device: torch.device) -> str:
    bars = Counter(example.band for example in train_set for _ in range(example.bars))
    made = sum(example.bars for example in train_set if example.machine_made)
    last = done.history[-1]
    counts = {part: sum(p.numel() for p in net.parameters()) for part, net in
              (("generator", Generator()), ("encoder", Encoder()), ("critic", Critic()))}
    return card.write(
        title=job.name, what="Parts of a band over a melody and its chords (`core/engines/gan/network.py`).",
        parameters=counts["generator"], sources=dict(Counter(example.source for example in train_set)),
        split=f"by melody cluster; {len(train_set)} pieces, {sum(bars.values())} bars for training",
        notes=[f"Encoder ({counts['encoder']:,} parameters) and critic ({counts['critic']:,}) serve in training alone",
               "Bars by band: " + ", ".join(f"{band} {count}" for band, count in bars.items()),
               f"Machine-made: in {made / sum(bars.values()):.1%} of the bars the parts under the melody were written by the "
               "program mma with its own library of grooves (GPL-2.0-or-later, not distributed here; docs/gan.md says what that "
               "means)",
               f"Shares of the loss: {training.Recipe().shares}"],
        figures={name: f"{last[name]:g}" for name in last if name not in ("step", "seconds")} | {"steps": str(done.step)},
        command=job.command, seconds=done.seconds, device=str(device))
