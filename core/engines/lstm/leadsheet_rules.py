"""The hard wishes as masks: what the next chord, duration and pitch may be.

Every mask leaves at least one symbol, so a piece can always be finished: bars fill exactly, the
melody stays in range and on the scale, and the end is a cadence.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.engines.lstm.leadsheet import (
    CHORDS,
    DURATIONS,
    HIGH,
    HOLD,
    LOW,
    NO_CHORD,
    PITCHES,
    QUALITIES,
    REST,
    UNKNOWN_CHORD,
    Event,
    parse_metre,
)
from core.engines.lstm.leadsheet_features import Walker
from core.engines.lstm.network import NONE
from core.score import Key

OFF_SCALE_SHARE = 0.08
"""Of notes and of sounding time, kept below the promised tenth."""

Mask = NDArray[np.bool_]


@lru_cache(maxsize=256)
def fillable(durations: tuple[int, ...], units: int) -> tuple[bool, ...]:
    """For each length 0..units: can it be filled with these durations?"""
    able = [True] + [False] * units
    for length in range(1, units + 1):
        able[length] = any(d <= length and able[length - d] for d in durations)
    return tuple(able)


class Rules:
    """The wishes for one take, and the tally that keeps it on the scale.

    Args:
        walker: where the take is; read, never moved.
        mode: of the key.
        pitch_range: lowest and highest pitch, relative to the reference.
        durations: those the style uses, in units.
        first_bar: bar at which new music begins (after a seed).
    """

    def __init__(self, walker: Walker, mode: str, pitch_range: tuple[int, int], durations: Iterable[int],
                 first_bar: int = 0) -> None:
        assert walker.bars is not None
        key = Key(0, 0, mode)
        self.walker, self.bars, self.units = walker, walker.bars, walker.units
        self.beat = parse_metre(walker.metre).beat_ticks * self.units // parse_metre(walker.metre).bar_ticks
        self.first_bar = first_bar
        usable = tuple(sorted(set(durations)))
        if not fillable(usable, self.units)[self.units]:
            usable = tuple(sorted({*usable, 6, 12, 24, self.beat}))
        self.durations = usable
        self._usable = np.array([d in usable for d in DURATIONS])
        pitches = np.arange(LOW, HIGH + 1)
        self._in_range = (pitches >= pitch_range[0]) & (pitches <= pitch_range[1])
        self._on_scale = np.isin(pitches % 12, sorted(key.scale))
        self._on_triad = np.isin(pitches % 12, sorted(key.tonic_triad))
        third = "min" if 3 in key.tonic_triad else "maj"
        self.tonic_chord = QUALITIES.index(third)
        self.notes = self.off_notes = 0
        self.sounding_units = self.off_units = 0
        self._sound_end = -1

    @property
    def is_done(self) -> bool:
        return self.walker.bar >= self.bars

    @property
    def _in_last_bar(self) -> bool:
        return self.walker.bar == self.bars - 1

    def chord_mask(self) -> Mask:
        """Chords change on beats; in the last half bar only the tonic chord."""
        mask = np.ones(CHORDS, bool)
        mask[UNKNOWN_CHORD] = False
        current = self.walker.chord
        if self._in_last_bar and self.walker.position * 2 >= self.units:
            mask[:] = False
            mask[self.tonic_chord] = True
        elif current < NO_CHORD and self.walker.position % self.beat and self.walker.position:
            mask[:] = False
            mask[current] = True
        return mask

    def duration_mask(self, chord: int, cell_end: int | None = None) -> Mask:
        """Durations that stay in the bar (or before `cell_end`) and leave a rest that can be filled."""
        room = self.units - self.walker.position
        if cell_end is not None:
            room = min(room, cell_end - self.walker.position)
        able = fillable(self.durations, self.units)
        mask = self._usable & np.array([d <= room and able[room - d] for d in DURATIONS])
        if self._in_last_bar and chord != self.tonic_chord and self.walker.position * 2 < self.units:
            shorter = mask & (np.array(DURATIONS) < room)
            mask = shorter if shorter.any() else mask
        if not mask.any():  # a cell cut finer than the style's own durations
            mask = np.array([d == max(x for x in DURATIONS if x <= room) for d in DURATIONS])
        return mask

    def pitch_mask(self, duration: int) -> Mask:
        """Symbols (rest, hold, pitches) for an event of this duration."""
        walker = self.walker
        mask = np.zeros(PITCHES, bool)
        scale_only = not self._may_leave_scale(duration, 1)
        mask[2:] = self._in_range & self._on_scale if scale_only else self._in_range
        ends = self._in_last_bar and walker.position + duration >= self.units
        tonic_sounds = walker.sounding != NONE and bool(self._on_triad[walker.sounding - LOW])
        if walker.started and not walker.is_resting:
            off = walker.sounding != NONE and not self._on_scale[walker.sounding - LOW]
            mask[HOLD] = not (off and not self._may_leave_scale(duration, 0))
        mask[REST] = walker.started and duration < self.units and walker.offset != self.first_bar * self.units
        if self._in_last_bar:
            sounded_here = self._sound_end > (self.bars - 1) * self.units
            mask[REST] &= sounded_here and tonic_sounds
        if ends:
            mask[2:] &= self._on_triad
            mask[HOLD] &= tonic_sounds
        return mask

    def _may_leave_scale(self, duration: int, notes: int) -> bool:
        return (self.off_notes + notes <= OFF_SCALE_SHARE * (self.notes + notes)
                and self.off_units + duration <= OFF_SCALE_SHARE * (self.sounding_units + duration))

    def count(self, event: Event) -> None:
        """Tally a written event; call before the walker steps over it."""
        if event.pitch == REST:
            return
        pitch = self.walker.sounding if event.pitch == HOLD else event.pitch - 2 + LOW
        off = pitch != NONE and not self._on_scale[pitch - LOW]
        if event.pitch > HOLD:
            self.notes += 1
            self.off_notes += off
        self.sounding_units += event.duration
        self.off_units += event.duration * off
        self._sound_end = self.walker.offset + event.duration
