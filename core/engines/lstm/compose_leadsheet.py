"""Lead sheets from a resolved request: with or without a seed, in the four ways to go on from one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from core.engines.lstm import leadsheet_sampler as sampler
from core.engines.lstm.leadsheet import (
    HIGH,
    HOLD,
    LOW,
    REST,
    TICKS_PER_UNIT,
    Event,
    LeadSheet,
    decode,
    encode,
    parse_metre,
)
from core.engines.lstm.leadsheet_features import Walker
from core.engines.lstm.leadsheet_rules import Rules
from core.engines.lstm.network import style_weights
from core.engines.lstm.resolve import reference_of
from core.engines.lstm.seed import given_back
from core.engines.protocol import Progress, Request
from core.score import Score
from core.weights import Weights

STYLE_GUIDANCE = 0.5
"""How far to go beyond a style, away from "no style told", where its statistics do not say: classifier-free
guidance (Ho & Salimans 2022), done on the style's embedding, where it costs nothing."""


def compose(request: Request, loaded: Weights, statistics: dict[str, Any], progress: Progress) -> list[tuple[Score, int]]:
    """(score, tick at which new music begins) for every take of a resolved request.

    Raises:
        GenerationError, Cancelled: see `core.engines.protocol.Engine.compose`.
    """
    style = _style(request, loaded)
    lines, sheet = _lines(request, statistics)
    sampler.write(loaded.tensors, style, lines, temperature=request.temperature, top_p=request.top_p, progress=progress)
    return [_result(request, line, sheet) for line in lines]


def _style(request: Request, loaded: Weights) -> torch.Tensor:
    names = loaded.config["styles"]
    shares = [(request.style, 1 - request.mix if request.style2 else 1.0)]
    if request.style2:
        shares.append((request.style2, request.mix))
    facts = loaded.config.get("statistics", {})
    beyond = [share * facts.get(style, {}).get("guidance", STYLE_GUIDANCE) for style, share in shares]
    pairs = [(names.index(style), share + more) for (style, share), more in zip(shares, beyond, strict=True)]
    pairs.append((len(names), -sum(beyond)))
    device = loaded.tensors["trunk.style.weight"].device
    return style_weights(len(names) + 1, pairs).to(device)


def _lines(request: Request, statistics: dict[str, Any]) -> tuple[list[sampler.Line], LeadSheet | None]:
    """One line a take, all set up alike but for their random numbers, and the seed as a lead sheet."""
    assert request.metre is not None
    assert request.mode is not None
    assert request.tonic is not None
    assert request.pitch_range is not None
    metre = str(request.metre)
    sheet = encode(request.seed, keep_empty_bars=True) if request.seed is not None else None
    prefix: list[Event] = []
    bars, pickup, first_bar = request.bars, 0, 0
    reference = reference_of(request.tonic, request.pitch_range, statistics)
    if sheet is not None:
        reference = sheet.reference
        if request.how in ("continue", "answer"):
            prefix = _filled(sheet)
            first_bar = len(sheet.bars) - (1 if sheet.pickup else 0)
            bars, pickup = first_bar + request.bars, sheet.pickup
        elif request.how == "harmonise":
            bars, pickup = len(sheet.bars) - (1 if sheet.pickup else 0), sheet.pickup
    elif request.pickup:
        pickup = statistics.get("pickups", {}).get(metre, 0)
    durations = statistics.get("durations", {}).get(metre) or (6, 12, 18, 24, 36, 48, 72, 96)
    low, high = (max(LOW, request.pitch_range[0] - reference), min(HIGH, request.pitch_range[1] - reference))
    bonus = float(statistics.get("repeat_bonus", 0.0))
    lines = []
    for take in range(request.takes):
        walker = Walker(metre, request.mode, bars, pickup)
        rules = Rules(walker, request.mode, (low, high), durations, first_bar)
        rng = np.random.default_rng((request.random_seed, take))
        guide = _guide(request, sheet, first_bar, rng) if sheet is not None else None
        lines.append(sampler.Line(walker, rules, rng, reference, prefix, guide, bonus))
    return lines, sheet


def _filled(sheet: LeadSheet) -> list[Event]:
    """The seed's events, its last bar filled up with rest."""
    events = sheet.events
    written = sum(event.duration for event in sheet.bars[-1])
    room = (sheet.pickup if sheet.pickup and len(sheet.bars) == 1 else sheet.bar_units) - written
    return [*events, Event(events[-1].chord, room, REST)] if room > 0 else events


def _guide(request: Request, sheet: LeadSheet, first_bar: int, rng: np.random.Generator) -> sampler.Guide | None:
    if request.how == "continue":
        return None
    if request.how == "answer":
        return _answer_guide(sheet, first_bar, request.bars)
    if request.how == "vary":
        return _vary_guide(sheet, rng, request.bars, request.strength)
    return _harmonise_guide(sheet)


Place = tuple[int, int]
"""Bar (-1 is the pick-up) and position in it, in units."""


def _by_place(events: Sequence[Event], units: int, pickup: int) -> dict[Place, Event]:
    places: dict[Place, Event] = {}
    bar, position = (-1, units - pickup) if pickup else (0, 0)
    for event in events:
        places[bar, position] = event
        position += event.duration
        if position >= units:
            bar, position = bar + 1, 0
    return places


def _answer_guide(sheet: LeadSheet, first_bar: int, bars: int) -> sampler.Guide:
    """The first half of the answer takes up the rhythm of the call; its pitches and the rest are new."""
    places = _by_place(sheet.events, sheet.bar_units, sheet.pickup)
    echoed = min(first_bar, max(1, bars // 2))

    def guide(walker: Walker) -> sampler.Hint:
        bar = walker.bar - first_bar
        event = places.get((bar, walker.position)) if bar < echoed and bar < bars - 1 else None
        if event is None or event.pitch == REST:
            return sampler.Hint()
        return sampler.Hint(duration=event.duration, pitch=HOLD if event.pitch == HOLD else None)

    return guide


def _vary_guide(sheet: LeadSheet, rng: np.random.Generator, bars: int, strength: float) -> sampler.Guide:
    """Beats drawn by lot keep what the seed has there; the others are written anew, up to the next kept one."""
    places = _by_place(sheet.events, sheet.bar_units, sheet.pickup)
    metre = parse_metre(sheet.metre)
    beat = metre.beat_ticks // TICKS_PER_UNIT
    kept = {(bar, cell) for bar in range(bars) for cell in range(0, sheet.bar_units, beat) if rng.random() >= strength}
    known = len(sheet.bars) - (1 if sheet.pickup else 0)

    def guide(walker: Walker) -> sampler.Hint:
        bar = walker.bar % max(known, 1)
        cell = walker.position - walker.position % beat
        event = places.get((bar, walker.position))
        if (walker.bar, cell) in kept and event is not None and (event.pitch != HOLD or not walker.is_resting):
            return sampler.Hint(duration=event.duration, pitch=event.pitch)
        later = [c for c in range(cell + beat, sheet.bar_units, beat) if (walker.bar, c) in kept and (bar, c) in places]
        return sampler.Hint(cell_end=later[0] if later else None)

    return guide


def _harmonise_guide(sheet: LeadSheet) -> sampler.Guide:
    """The melody stays to the note; the chords are the network's."""
    units = sheet.bar_units
    grid = units // 2 if sheet.metre in ("4/4", "12/8", "4/2") else units
    lead = units - sheet.pickup if sheet.pickup else 0
    places = _by_place(sampler.resplit(sheet.events, units, grid, lead), units, sheet.pickup)

    def guide(walker: Walker) -> sampler.Hint:
        event = places.get((walker.bar, walker.position))
        if event is None:  # behind the melody's end
            return sampler.Hint(duration=sampler.longest(walker.units - walker.position), pitch=REST, binding=True)
        return sampler.Hint(duration=event.duration, pitch=event.pitch, binding=True)

    return guide


def _result(request: Request, line: sampler.Line, sheet: LeadSheet | None) -> tuple[Score, int]:
    """The written events as a score, after the seed where it is wanted."""
    assert request.tonic is not None
    assert request.mode is not None
    assert request.tempo is not None
    assert request.program is not None
    pickup = 0 if line.prefix else line.walker.pickup
    written = LeadSheet((tuple(line.events),), str(request.metre), request.mode, line.reference, pickup)
    score = decode(written, tempo=request.tempo, program=request.program)
    if sheet is None:
        return score, 0
    return given_back(request, score, sum(event.duration for event in line.prefix) * TICKS_PER_UNIT)
