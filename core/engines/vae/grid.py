"""Bars on a grid of steps: the representation between a lead sheet and the autoencoders.

A step is a sixteenth (`straight`) or a sixth of a quarter note (`triplet`, in simple metres that are
played so). Each step of a bar is a rest, a hold or an onset with its pitch; each beat has a chord.
Pitches and chords are counted from the tonic, as in the lead sheet that a window is cut from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.engines.lstm.leadsheet import (
    HOLD,
    PITCHES,
    REST,
    UNKNOWN_CHORD,
    Event,
    LeadSheet,
    bar_units,
    parse_metre,
    split_duration,
)
from core.errors import FormatError

GRIDS = ("straight", "triplet")
UNITS = {"straight": 6, "triplet": 4}
"""Units (1/24 of a quarter note) in a step."""
METRES = ("4/4", "2/4", "3/4", "2/2", "6/8", "9/8", "12/8", "3/8", "6/4", "3/2")
MAX_STEPS = 24
MAX_BEATS = 6
MAX_BARS = 16
"""Of one window; longer pieces are taken window by window."""
START = PITCHES
"""Token before the first step of a bar."""
TOKENS = PITCHES + 1

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Shape:
    """A bar of a metre on a grid. `beat_of` is the beat that each step lies in, (steps,);
    `place` the position of each step in the bar in twelfths of a quarter note, (steps,)."""

    metre: str
    grid: str
    steps: int
    beats: int
    beat_of: Ints
    place: Ints

    @property
    def beat_starts(self) -> Ints:
        """The first step of each beat, (beats,)."""
        return np.searchsorted(self.beat_of, np.arange(self.beats))


@lru_cache(maxsize=64)
def shape_of(metre: str, grid: str) -> Shape:
    """The steps of a bar.

    Raises:
        FormatError: this metre has no such grid.
    """
    if metre not in METRES or grid not in grids_of(metre):
        raise FormatError(f"A metre of {', '.join(METRES)} is needed", f"got {metre} on a {grid} grid")
    unit = UNITS[grid]
    steps = bar_units(metre) // unit
    found = parse_metre(metre)
    per_beat = bar_units(metre) * found.beat_ticks // found.bar_ticks // unit
    beat_of = np.arange(steps) // per_beat
    return Shape(metre, grid, steps, int(beat_of[-1]) + 1, beat_of, np.arange(steps) * unit // 2)


@lru_cache(maxsize=64)
def grids_of(metre: str) -> tuple[str, ...]:
    """The grids that a metre is written on: triplets have no place in compound and very long bars."""
    compound = metre in ("6/8", "9/8", "12/8", "3/8", "6/4")
    fits = bar_units(metre) // UNITS["triplet"] <= MAX_STEPS
    return ("straight", "triplet") if fits and not compound else ("straight",)


@dataclass(frozen=True, slots=True)
class Window:
    """Some bars of one piece: `tokens` (bars, steps) and `chords` (bars, beats)."""

    tokens: Ints
    chords: Ints
    metre: str
    mode: str
    grid: str

    @property
    def shape(self) -> Shape:
        return shape_of(self.metre, self.grid)


def windows(sheet: LeadSheet, bars: int, hop: int) -> list[Window]:
    """The windows of a piece, its pick-up left out: `bars` bars each, beginning `hop` bars apart, the last at its end.

    A shorter piece is one window; one in another metre has none.
    """
    if sheet.metre not in METRES:
        return []
    whole = sheet.bars[1:] if sheet.pickup else sheet.bars
    starts = sorted({*range(0, len(whole) - bars, hop), max(0, len(whole) - bars)})
    return [encode(whole[start : start + bars], sheet.metre, sheet.mode) for start in starts]


def encode(bars: Sequence[Sequence[Event]], metre: str, mode: str, grid: str | None = None) -> Window:
    """Bars of events on the grid that fits them better, or on `grid`."""
    grid = grid or best_grid(bars, metre)
    shape = shape_of(metre, grid)
    unit = UNITS[grid]
    tokens = np.full((len(bars), shape.steps), REST, np.int64)
    chords = np.full((len(bars), shape.beats), UNKNOWN_CHORD, np.int64)
    for bar, events in enumerate(bars):
        position = 0
        for event in events:
            first, last = round(position / unit), round((position + event.duration) / unit)
            if event.pitch > HOLD and first < shape.steps and last > first:
                tokens[bar, first] = event.pitch
                tokens[bar, first + 1 : last] = HOLD
            elif last > first:
                tokens[bar, first:last] = event.pitch
            begin, end = (int(shape.beat_of[min(step, shape.steps - 1)]) for step in (first, max(last - 1, first)))
            on_beat = begin == 0 or shape.beat_of[min(first, shape.steps - 1) - 1] != begin
            chords[bar, begin + (not on_beat) : end + 1] = event.chord
            position += event.duration
    return Window(tied(tokens), chords, metre, mode, grid)


def tied(tokens: Ints) -> Ints:
    """Tokens (…, bars, steps) in which every hold after a rest is a rest."""
    flat = tokens.reshape(*tokens.shape[:-2], -1)
    began = np.maximum.accumulate(np.where(flat == HOLD, 0, np.arange(flat.shape[-1])), -1)
    sounds = np.take_along_axis(flat, began, -1)
    return np.where((flat == HOLD) & (sounds == REST), REST, flat).reshape(tokens.shape)


def best_grid(bars: Sequence[Sequence[Event]], metre: str) -> str:
    """Triplets where more onsets lie on them exactly than on sixteenths."""
    if "triplet" not in grids_of(metre):
        return "straight"
    onsets: list[int] = []
    for events in bars:
        position = 0
        for event in events:
            if event.pitch > HOLD:
                onsets.append(position)
            position += event.duration
    off = {grid: sum(onset % UNITS[grid] != 0 for onset in onsets) for grid in GRIDS}
    return "triplet" if off["triplet"] < off["straight"] else "straight"


def decode(window: Window, reference: int) -> LeadSheet:
    """The window as a lead sheet with the tonic at the MIDI pitch `reference`."""
    shape, unit = window.shape, UNITS[window.grid]
    bars: list[tuple[Event, ...]] = []
    for tokens, chords in zip(window.tokens.tolist(), window.chords.tolist(), strict=True):
        bars.append(tuple(_bar(tokens, [chords[beat] for beat in shape.beat_of], unit)))
    return LeadSheet(tuple(bars), window.metre, window.mode, reference)


def _bar(tokens: Sequence[int], chords: Sequence[int], unit: int) -> list[Event]:
    """Steps joined to events: a new one at each onset, at a change of chord and between sound and rest."""
    events: list[Event] = []
    start = 0
    for step in range(1, len(tokens) + 1):
        goes_on = step < len(tokens) and chords[step] == chords[start] and (
            (tokens[step] == HOLD and tokens[start] != REST) or tokens[step] == tokens[start] == REST)
        if goes_on:
            continue
        symbol = tokens[start]
        for part in split_duration((step - start) * unit):
            events.append(Event(chords[start], part, symbol))
            symbol = HOLD if symbol != REST else REST
        start = step
    return events
