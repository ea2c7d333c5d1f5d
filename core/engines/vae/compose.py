"""From a resolved request to scores: windows drawn from the prior, or from near a seed's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.engines.lstm.leadsheet import MODES, TICKS_PER_UNIT, Event, LeadSheet, bar_units
from core.engines.lstm.leadsheet import decode as to_score
from core.engines.lstm.leadsheet import encode as to_sheet
from core.engines.protocol import Progress, Request
from core.engines.vae import latent
from core.engines.vae.grid import GRIDS, METRES, Window, decode, encode, shape_of
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import style_row
from core.engines.vae.rules import GridRules
from core.engines.vae.sampler import Row
from core.engines.vae.task import Labelled, collate
from core.score import Score
from core.score.join import append

KINSHIP = 0.7
"""What a window of a long piece shares with the one before it, and a continuation with its seed."""
ANSWER = 0.45
"""How far an answer goes from its call."""


@dataclass(frozen=True)
class Told:
    """What every window of a request has in common."""

    metre: str
    mode: str
    grid: str
    condition: Tensor
    """(1, condition)"""


def compose(request: Request, loaded: Loaded, statistics: dict[str, Any], progress: Progress) -> list[tuple[Score, int]]:
    """(score, tick at which new music begins) for every take of a resolved request.

    Raises:
        Cancelled: `progress` raised it.
    """
    assert request.mode is not None
    assert request.pitch_range is not None
    sheet = to_sheet(request.seed, keep_empty_bars=True) if request.seed is not None else None
    bars = _seed_bars(request, sheet)
    told = _told(request, loaded, bars)
    reference = sheet.reference if sheet else _reference(request, statistics)
    low, high = (pitch - reference for pitch in request.pitch_range)
    shape = shape_of(told.metre, told.grid)
    given = None
    if request.how == "harmonise" and bars:
        given = encode(bars, told.metre, told.mode, told.grid).tokens
    rows = [Row(np.random.default_rng((request.random_seed, take)),
                None if given is not None else GridRules(shape, request.bars, told.mode, (low, high)), given=given)
            for take in range(request.takes)]
    lengths = split(len(bars) if given is not None else request.bars, loaded.net.bars)
    points = _points(request, loaded, told, bars, lengths, rows)
    calm = request.strength if request.how == "vary" and sheet else 1.0
    condition = told.condition.expand(len(rows), -1)
    for at, length in enumerate(lengths):
        latents = loaded.prior.from_gaussian(points[:, at], condition)
        loaded.sampler.write(rows, latents, condition, shape, length, temperature=request.temperature * calm, top_p=request.top_p,
                             progress=partial(_go_on, progress, sum(lengths[:at]), sum(lengths)))
    return [_result(request, row.window(shape, told.mode), reference, sheet) for row in rows]


def _go_on(progress: Progress, before: int, total: int, done: int, _total: int) -> None:
    progress(before + done, total)


def split(bars: int, most: int) -> list[int]:
    """Lengths of the windows of a piece, as even as can be."""
    count = -(-bars // most)
    return [bars // count + (at < bars % count) for at in range(count)]


def _seed_bars(request: Request, sheet: LeadSheet | None) -> list[tuple[Event, ...]]:
    """The bars that new music starts from: for a variation as many as are asked for, from the front again when too few."""
    if sheet is None:
        return []
    bars = list(sheet.bars[1:] if sheet.pickup else sheet.bars)
    if request.how == "vary":
        return [bars[at % len(bars)] for at in range(request.bars)]
    return bars


def _told(request: Request, loaded: Loaded, bars: Sequence[tuple[Event, ...]]) -> Told:
    metre, mode = str(request.metre), str(request.mode)
    grid = encode(bars, metre, mode).grid if bars else "straight"
    if not bars:
        share = loaded.config["triplets"].get(request.style, {}).get(metre, 0.0)
        grid = "triplet" if np.random.default_rng((request.random_seed, 1 << 20)).random() < share else "straight"
    names = loaded.styles
    pairs = [(names.index(request.style), 1 - request.mix if request.style2 else 1.0)]
    if request.style2:
        pairs.append((names.index(request.style2), request.mix))
    style = style_row(len(names) + 1, pairs)[None]
    facts = torch.tensor([[METRES.index(metre), MODES.index(mode), GRIDS.index(grid)]])
    return Told(metre, mode, grid, loaded.net.condition(style, facts))


def _points(request: Request, loaded: Loaded, told: Told, bars: Sequence[tuple[Event, ...]], lengths: Sequence[int],
            rows: Sequence[Row]) -> Tensor:
    """Where each window of each take lies in the Gaussian, (takes, windows, latent)."""
    size = loaded.net.latent
    noise = torch.from_numpy(np.stack([row.rng.standard_normal((len(lengths), size)) for row in rows])).float()
    if not bars:
        return latent.joined(len(lengths), KINSHIP, noise)
    seed_lengths = lengths if request.how in ("vary", "harmonise") else split(len(bars), loaded.net.bars)
    places = where(loaded, told, bars, seed_lengths)
    if request.how == "harmonise":
        return latent.near(places[None], 0.5 * request.temperature / 2, noise)
    if request.how == "vary":
        return latent.near(places[None], request.strength, noise)
    first = latent.near(places[-1][None], (1 - KINSHIP**2) ** 0.5 if request.how == "continue" else ANSWER, noise[:, 0])
    return latent.joined(len(lengths), KINSHIP, torch.cat([first[:, None], noise[:, 1:]], 1))


def where(loaded: Loaded, told: Told, bars: Sequence[Sequence[Event]], lengths: Sequence[int]) -> Tensor:
    """The places of bars in the Gaussian, one for each window: (windows, latent)."""
    points = []
    at = 0
    for length in lengths:
        window = encode(bars[at : at + length], told.metre, told.mode, told.grid)
        points.append(place(loaded, window, told.condition))
        at += length
    return torch.cat(points)


def place(loaded: Loaded, window: Window, condition: Tensor) -> Tensor:
    """Where a window lies in the Gaussian, (1, latent)."""
    batch = collate([Labelled(window, 0)], len(loaded.styles))
    mean, _ = loaded.net.encode(batch, condition)
    point, _ = loaded.prior.to_gaussian(mean, condition)
    return point


def _reference(request: Request, statistics: dict[str, Any]) -> int:
    """The tonic's octave in which the style's usual range lies best in the allowed one."""
    assert request.pitch_range is not None
    assert request.tonic is not None
    low, high = statistics.get("relative_range", (-5, 14))
    middle = sum(request.pitch_range) / 2 - (low + high) / 2
    return round((middle - request.tonic) / 12) * 12 + request.tonic


def _result(request: Request, window: Window, reference: int, sheet: LeadSheet | None) -> tuple[Score, int]:
    """The written bars as a score, after the seed where it is wanted."""
    assert request.tempo is not None
    assert request.program is not None
    score = to_score(decode(window, reference), tempo=request.tempo, program=request.program)
    seed = request.seed
    if sheet is None or seed is None or request.how == "vary":
        return score, 0
    melody = replace(seed.melody, program=request.program, name="Melody")
    head = replace(seed, tracks=(melody,), tempos=score.tempos, texts=())
    if request.how == "harmonise":
        chords = tuple(replace(chord, tick=chord.tick + seed.pickup) for chord in score.chords)
        return replace(head, chords=chords, keys=score.keys), 0
    if not request.with_seed:
        return score, 0
    whole = len(sheet.bars) - bool(sheet.pickup)
    start = (whole * bar_units(sheet.metre) + sheet.pickup) * TICKS_PER_UNIT
    return append(head, score, start), start
