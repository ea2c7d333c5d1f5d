"""Figures by which training is watched, on validation windows with noise from the prior."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from core.corpora.band_styles import PARTS
from core.engines.gan.data import Example, Windows
from core.engines.gan.losses import with_melody
from core.engines.gan.network import Features, Generator, Told, part_mask
from core.engines.gan.rolls import AXES, HEIGHT, ROWS
from core.score import CHORD_QUALITIES

BARS, SIZE = 8, 32


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
