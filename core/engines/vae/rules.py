"""The hard wishes on a grid of steps: what the next chord and the next step may be.

The same promises as the lead sheets of the LSTM engine keep, said of steps: the melody stays in range
and on the scale, begins at once, and closes on the tonic triad in the last bar. Every mask leaves at
least one symbol.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.engines.lstm.leadsheet import CHORDS, HIGH, HOLD, LOW, QUALITIES, REST, UNKNOWN_CHORD
from core.engines.vae.grid import START, Shape
from core.score import Key

OFF_SCALE_SHARE = 0.08
"""Of notes and of sounding steps, kept below the promised tenth."""

Mask = NDArray[np.bool_]


class GridRules:
    """The wishes for one take, and the tally that keeps it on the scale; told each step in turn.

    Args:
        shape: of every bar.
        bars: of the whole take.
        mode: of the key.
        pitch_range: lowest and highest pitch, relative to the tonic reference.
    """

    def __init__(self, shape: Shape, bars: int, mode: str, pitch_range: tuple[int, int]) -> None:
        key = Key(0, 0, mode)
        self.shape, self.bars = shape, bars
        pitches = np.arange(LOW, HIGH + 1)
        self._in_range = (pitches >= pitch_range[0]) & (pitches <= pitch_range[1])
        self._on_scale = np.isin(pitches % 12, sorted(key.scale))
        self._on_triad = np.isin(pitches % 12, sorted(key.tonic_triad))
        self._tonic_chord = QUALITIES.index("min" if 3 in key.tonic_triad else "maj")
        self.notes = self.off_notes = self.sounding_steps = self.off_steps = 0
        self.bar = self.step = 0
        self.sounding: int | None = None
        """Index in LOW..HIGH of the note that sounds, None in a rest."""
        self._last: int | None = None
        self._heard_in_bar = False

    @property
    def _in_last_bar(self) -> bool:
        return self.bar == self.bars - 1

    @property
    def _in_last_beat(self) -> bool:
        return self._in_last_bar and self.step >= self.shape.beat_starts[-1]

    def chord_mask(self) -> Mask:
        """Every chord there is; from the middle of the last bar the tonic's."""
        mask = np.ones(CHORDS, bool)
        mask[UNKNOWN_CHORD] = False
        if self._in_last_bar and (self.step * 2 >= self.shape.steps or self.shape.beats == 1):
            mask[:] = False
            mask[self._tonic_chord] = True
        return mask

    def token_mask(self) -> Mask:
        """Rest, hold and onsets, (START,)."""
        mask = np.zeros(START, bool)
        onsets = self._in_range & self._on_scale if not self._may_leave(1) else self._in_range.copy()
        if self._in_last_beat:
            onsets &= self._on_triad
        mask[2:] = onsets
        if not mask.any():
            mask[2:] = self._in_range & self._on_triad
        closed = self._last is not None and bool(self._on_triad[self._last])
        if self.sounding is not None:
            mask[HOLD] = (self._on_scale[self.sounding] or self._may_leave(0)) and (not self._in_last_beat or closed)
        mask[REST] = self._may_rest(closed)
        return mask

    def _may_rest(self, closed: bool) -> bool:
        if self._last is None:
            return False
        if self._in_last_bar:
            return self._heard_in_bar and closed
        return self._heard_in_bar or self.step * 2 < self.shape.steps

    def _may_leave(self, notes: int) -> bool:
        return (self.off_notes + notes <= OFF_SCALE_SHARE * (self.notes + notes)
                and self.off_steps + 1 <= OFF_SCALE_SHARE * (self.sounding_steps + 1))

    def count(self, token: int) -> None:
        """Tally a written step and go on to the next."""
        if token == REST:
            self.sounding = None
        else:
            if token > HOLD:
                self.sounding = self._last = token - 2
                self.notes += 1
                self.off_notes += not self._on_scale[token - 2]
            self._heard_in_bar = True
            self.sounding_steps += 1
            self.off_steps += self.sounding is not None and not self._on_scale[self.sounding]
        self.step += 1
        if self.step == self.shape.steps:
            self.bar, self.step, self._heard_in_bar = self.bar + 1, 0, False
