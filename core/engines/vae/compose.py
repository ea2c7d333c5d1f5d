"""From a resolved request to scores: windows drawn from the prior, or from near a seed's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from core.engines.lstm.leadsheet import CHORDS, MODES, TICKS_PER_UNIT, Event, LeadSheet, bar_units
from core.engines.lstm.leadsheet import decode as to_score
from core.engines.lstm.leadsheet import encode as to_sheet
from core.engines.lstm.resolve import reference_of
from core.engines.lstm.seed import given_back
from core.engines.protocol import Progress, Request
from core.engines.vae import forms, latent
from core.engines.vae.grid import GRIDS, METRES, START, Ints, Window, decode, encode, shape_of
from core.engines.vae.loaded import Loaded
from core.engines.vae.network import style_row
from core.engines.vae.render import Pull
from core.engines.vae.rules import GridRules
from core.engines.vae.sampler import Style
from core.score import Score

PULL = 4.0
"""Nats by which the smallest variation favours its seed's own notes."""
CALM = 0.7
"""How wide points are drawn at temperature 1: what lies far out is learned worst, and overlaps less with real pieces."""
GUIDE = 0.3
"""How much farther from no style than its own a new piece goes (guidance; Ho and Salimans, 2022): the prior learns
what styles have in common before what sets them apart."""
AGAIN = 12.0
"""Nats by which the notes of a bar that is to come back are favoured."""
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
    assert request.tonic is not None
    sheet = to_sheet(request.seed, keep_empty_bars=True) if request.seed is not None else None
    bars = _seed_bars(request, sheet)
    told = _told(request, loaded, bars)
    reference = sheet.reference if sheet else reference_of(request.tonic, request.pitch_range, statistics)
    low, high = (pitch - reference for pitch in request.pitch_range)
    window = encode(bars, told.metre, told.mode, told.grid) if bars else None
    rngs = [np.random.default_rng((request.random_seed, take)) for take in range(request.takes)]
    known = loaded.config["forms"].get(request.style, [])
    form = None if bars else np.stack([forms.choose(known, request.bars, rng) for rng in rngs])
    latents = _latents(request, loaded, told, bars, rngs, form)
    made = _write(request, loaded, told, latents, rngs, (low, high), window, form, progress)
    return [_result(request, written, reference, sheet) for written in made]


def _write(request: Request, loaded: Loaded, told: Told, latents: Tensor, rngs: Sequence[np.random.Generator],
           pitch_range: tuple[int, int], seed: Window | None, form: Ints | None, progress: Progress) -> list[Window]:
    """The bars of every take, one bar after another, since the rules count what was written before."""
    given = seed.tokens if seed and request.how == "harmonise" else None
    varied = seed if request.how == "vary" else None
    shape = shape_of(told.metre, told.grid)
    count, bars, _ = latents.shape
    codes = loaded.codes(latents, told.condition.expand(count, -1))
    rules = None if given is not None else [GridRules(shape, bars, told.mode, pitch_range) for _ in rngs]
    how = Style(request.temperature * (request.strength if varied else 1.0), request.top_p)
    pull = Pull(varied, PULL * (1 - request.strength)).bonus(bars) if varied else None
    rows: list[tuple[Ints, Ints]] = []
    for bar in range(bars):
        progress(bar, bars)
        points = np.stack([rng.random((2, shape.steps)) for rng in rngs])
        kept = None if given is None else np.repeat(given[bar][None], count, 0)
        token_bias, chord_bias = (part[bar] for part in pull) if pull else (None, None)
        if form is not None and (form[:, bar] >= 0).any():
            token_bias, chord_bias = _again(rows, form[:, bar])
        rows.append(loaded.sampler.bars(codes[:, bar], shape, points, how, rules=rules, given=kept, token_bias=token_bias,
                                        chord_bias=chord_bias))
    progress(bars, bars)
    tokens, chords = (np.stack(parts, 1) for parts in zip(*rows, strict=True))
    return [Window(tokens[take], chords[take], told.metre, told.mode, told.grid) for take in range(count)]


def _again(rows: Sequence[tuple[Ints, Ints]], models: Ints) -> tuple[Tensor, Tensor]:
    """Bonuses for the symbols of the bars `models` (takes,) of the bars written so far, as `Sampler.bars` takes them."""
    parts = []
    for kind, symbols in enumerate((START, CHORDS)):
        own = torch.from_numpy(np.stack([rows[max(bar, 0)][kind][take] for take, bar in enumerate(models)]))[..., None]
        bonus = torch.from_numpy(AGAIN * (models >= 0))[:, None, None].expand(own.shape).float()
        parts.append(torch.zeros(*own.shape[:2], symbols).scatter_(2, own, bonus))
    return parts[0], parts[1]


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
    if not bars:
        pairs = [(at, (1 + GUIDE) * weight) for at, weight in pairs] + [(len(names), -GUIDE)]
    style = style_row(len(names) + 1, pairs)[None]
    facts = torch.tensor([[METRES.index(metre), MODES.index(mode), GRIDS.index(grid)]])
    return Told(metre, mode, grid, loaded.net.condition(style, facts))


def _latents(request: Request, loaded: Loaded, told: Told, bars: Sequence[tuple[Event, ...]],
             rngs: Sequence[np.random.Generator], form: Ints | None) -> Tensor:
    """The latents of the bars that will be written, (takes, bars, latent)."""
    count = len(bars) if request.how == "harmonise" and bars else request.bars
    noise = torch.from_numpy(np.stack([rng.standard_normal((count, loaded.net.latent)) for rng in rngs])).float()
    condition = told.condition.expand(len(rngs), -1)
    if not bars:
        copies = None if form is None else torch.from_numpy(form)
        return loaded.prior.from_gaussian(noise * CALM * request.temperature, condition, copies=copies)
    before = loaded.place(encode(bars, told.metre, told.mode, told.grid), told.condition)
    if request.how == "harmonise":
        return before + 0.3 * request.temperature * loaded.prior.scale * noise
    heard = before.expand(len(rngs), -1, -1)
    if request.how == "continue":
        return loaded.prior.from_gaussian(noise * CALM * request.temperature, condition, heard)
    points, _ = loaded.prior.to_gaussian(before, told.condition)
    if request.how == "vary":
        return loaded.prior.from_gaussian(latent.near(points, request.strength, noise), condition)
    last = points[:, [at % len(bars) for at in range(-min(count, len(bars)), count - min(count, len(bars)))]]
    return loaded.prior.from_gaussian(latent.near(last, ANSWER, noise), condition, heard)


def _result(request: Request, window: Window, reference: int, sheet: LeadSheet | None) -> tuple[Score, int]:
    """The written bars as a score, after the seed where it is wanted."""
    assert request.tempo is not None
    assert request.program is not None
    score = to_score(decode(window, reference), tempo=request.tempo, program=request.program)
    if sheet is None or request.seed is None:
        return score, 0
    whole = len(sheet.bars) - bool(sheet.pickup)
    start = (whole * bar_units(sheet.metre) + sheet.pickup) * TICKS_PER_UNIT
    return given_back(request, score, start, request.seed.pickup)
