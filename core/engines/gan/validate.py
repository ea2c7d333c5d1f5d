"""Figures by which training is watched and thresholds are set, on validation windows with noise from the prior."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.corpora.band_styles import PARTS
from core.engines.gan.conditions import BAND_IDS
from core.engines.gan.data import Example, Windows
from core.engines.gan.losses import with_melody
from core.engines.gan.network import Features, Generator, Told, part_mask
from core.engines.gan.rolls import AXES, HEIGHT, ROWS
from core.score import CHORD_QUALITIES

BARS, SIZE = 8, 32


def kinds_of_cells() -> dict[str, slice]:
    """Name to the rows that one threshold is for: beginnings and what sounds of each part, apart."""
    found = {}
    for part, rows in ROWS.items():
        if part == "drums":
            found["drums begin"] = rows
            continue
        middle = rows.start + AXES[part].size
        found[f"{part} begin"], found[f"{part} sound"] = slice(rows.start, middle), slice(middle, rows.stop)
    return found


KINDS_OF_CELLS = kinds_of_cells()


@torch.no_grad()
def calibrated(generator: Generator, examples: Sequence[Example], device: torch.device, seed: int = 0,
               limit: int = 60) -> dict[str, dict[str, float]]:
    """Band to kind of cells to the logit above which a cell is set, so that as many are as in the examples.

    Bands that have no example take the thresholds of all together, kept under "".
    """
    features = Features().to(device)
    torch.manual_seed(seed)
    pools: dict[tuple[str, str], list[tuple[NDArray[np.float32], float]]] = {}
    for band in BAND_IDS:
        own = [example for example in examples if example.band == band][:limit]
        if not own:
            continue
        for given in (True, False):
            for told, rows in Windows(own, BARS).in_order(SIZE, given):
                told, rows = told.to(device), rows.to(device)
                logits = generator(features(told), generator.draw(len(rows), BARS, device))
                for name, where in KINDS_OF_CELLS.items():
                    if given == (name.startswith("melody")):
                        continue  # a melody is written only where none is given
                    mask = part_mask(told)[:, where] > 0
                    found_here = logits[:, where][mask].cpu().numpy(), float(rows[:, where][mask].sum())
                    for key in (band, ""):
                        pools.setdefault((key, name), []).append(found_here)
    found: dict[str, dict[str, float]] = {}
    for (band, name), parts in pools.items():
        values = np.concatenate([logits for logits, _ in parts])
        count = round(sum(total for _, total in parts))
        if not len(values) or not 0 < count < len(values):
            continue
        found.setdefault(band, {})[name] = round(float(np.partition(values, len(values) - count)[len(values) - count]), 4)
    return found


def threshold_rows(thresholds: dict[str, dict[str, float]], band: str) -> NDArray[np.float32]:
    """(HEIGHT,): the threshold of every row; 0 where none was found, held within ±3 of it."""
    rows = np.zeros(HEIGHT, np.float32)
    for name, where in KINDS_OF_CELLS.items():
        own = thresholds.get(band, {}).get(name, thresholds.get("", {}).get(name, 0.0))
        rows[where] = np.clip(own, -3, 3)
    return rows


def validator(examples: Sequence[Example], device: torch.device, windows: int = 160) -> Callable[[Generator], dict[str, float]]:
    """A function that gives a generator's figures on some held-out windows, always the same ones.

    Of every part what begins over what begins in the data; `fit`, the share of sounding backing that is a chord tone over that
    of the data; `unlike`, the distance between two takes for one song over that between two songs of a band.
    """
    some = list(Windows(examples, BARS).in_order(SIZE))[: windows // SIZE]
    features = Features().to(device)

    def validate(generator: Generator) -> dict[str, float]:
        torch.manual_seed(0)
        made: list[Tensor] = []
        again: list[Tensor] = []
        real: list[Tensor] = []
        tolds: list[Told] = []
        for told, rows in some:
            told, rows = told.to(device), rows.to(device)
            mask = part_mask(told)
            seen = features(told)
            for into in (made, again):
                logits = generator(seen, generator.draw(len(rows), BARS, device))
                into.append((with_melody((logits > 0).float(), told) * mask).cpu())
            real.append((rows * mask).cpu())
            tolds.append(told)
        mine, other, theirs = (torch.cat(parts) for parts in (made, again, real))
        figures = {}
        for part in PARTS[1:]:
            rows_of = ROWS[part] if part == "drums" else slice(ROWS[part].start, ROWS[part].start + AXES[part].size)
            figures[f"{part} begin"] = float(mine[:, rows_of].sum() / theirs[:, rows_of].sum().clamp(min=1))
        figures["fit"] = _fit(mine, tolds) / max(_fit(theirs, tolds), 1e-6)
        backing = slice(ROWS["melody"].stop, HEIGHT)
        apart = (mine[:, backing] != other[:, backing]).float().mean()
        songs = (theirs[:-1, backing] != theirs[1:, backing]).float().mean()
        figures["unlike"] = float(apart / songs.clamp(min=1e-6))
        return figures

    return validate


def _fit(rows: Tensor, tolds: Sequence[Told]) -> float:
    """Share of sounding cells of chords, pad and bass that are tones of the chord."""
    tones = torch.zeros(len(CHORD_QUALITIES) + 1, 12)
    for row, above in enumerate(CHORD_QUALITIES.values()):
        tones[row, list(above)] = 1
    quality = torch.cat([told.steps[..., 1].cpu() for told in tolds])
    inside = tones[quality.long()].transpose(1, 2)
    hits = total = 0.0
    for part in ("chords", "pad", "bass"):
        axis = AXES[part]
        own = rows[:, ROWS[part].start + axis.size : ROWS[part].stop]
        hits += float((own * inside[:, (torch.arange(axis.size) + axis.low) % 12]).sum())
        total += float(own.sum())
    return hits / max(total, 1.0)
