"""What the chorale network sees before each voice of each frame: one row of categorical features.

As with lead sheets, one walker serves training and sampling. Every pitch enters as its class above
the tonic and as intervals to other notes, never as a register, so a chorale sounds alike in all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.engines.lstm.chorale import HIGH, HOLD, LOW, ORDER, REST, Chorale, Frame
from core.engines.lstm.network import NONE

SPAN = 36
_INTERVALS = 2 * SPAN + 2
_CLASSES = 13
AHEAD = (1, 2, 3, 4, 6, 8)
"""Frames ahead at which a given soprano is shown."""

_ONE_VOICE: tuple[tuple[str, int], ...] = (
    ("own class", _CLASSES),
    ("own motion", _INTERVALS),
    ("own age", 10),
    ("own turn", _INTERVALS),
    ("frame of 4", 4),
    ("frame of 16", 32),
    ("beginning", 8),
    ("in bar", 2 * 8 + 4 + 1),
    ("bars left", 10),
    ("mode", 3),
    *((f"{what} {k}", size) for k in range(3)
      for what, size in (("class", _CLASSES), ("above", _INTERVALS), ("motion", _INTERVALS), ("age", 10), ("starts", 3))),
    *((f"{what} ahead {k}", size) for k in AHEAD for what, size in (("class", _CLASSES + 1), ("above", _INTERVALS))),
)
_SIZES = np.array([size for _, size in _ONE_VOICE])
_VOICE_ROWS = int(_SIZES.sum())
OFFSETS = np.stack([np.cumsum([0, *_SIZES])[:-1] + step * _VOICE_ROWS for step in range(4)])
"""(4, features): each step of a frame has rows of its own."""
ROWS = 4 * _VOICE_ROWS
SYMBOLS = HIGH - LOW + 3


def _interval(a: int, b: int) -> int:
    if a == NONE or b == NONE:
        return _INTERVALS - 1
    return min(max(a - b, -SPAN), SPAN) + SPAN


def _pitch_class(pitch: int) -> int:
    return _CLASSES - 1 if pitch == NONE else pitch % 12


@dataclass
class Walker:
    """Walks through a chorale, voice by voice.

    Args:
        eighths, metre_frames, mode, start: as in `Chorale`; `metre_frames` is frames in a bar or None.
        bars: number of bars, None when not told.
        soprano: the whole soprano when it is given and may be looked ahead in, else None.
    """

    eighths: bool
    metre_frames: int | None
    mode: str | None
    start: int = 0
    bars: int | None = None
    soprano: list[int] | None = None

    def __post_init__(self) -> None:
        silent: Frame = (NONE,) * 4
        self.time = self.step = 0
        self.last, self.before = list(silent), list(silent)
        self.turn = list(silent)
        """For each voice, the pitch before the last change."""
        self.age = [0] * 4
        self.now = list(silent)
        self.starts = [2] * 4

    @property
    def voice(self) -> int:
        return ORDER[self.step]

    @property
    def frame_in_bar(self) -> int:
        return (self.start + self.time) % self.metre_frames if self.metre_frames else 0

    @property
    def bar(self) -> int:
        return (self.start + self.time) // self.metre_frames if self.metre_frames else 0

    def row(self) -> tuple[list[int], list[int]]:
        """(features without offsets, four reference pitches) for the voice whose turn it is."""
        v, t = self.voice, self.time
        own = self.last[v]
        in_bar = 20
        if self.metre_frames:
            in_bar = self.frame_in_bar + (8 if self.metre_frames in (6, 3) else 0)
        left = 9 if self.bars is None else min(max(self.bars - 1 - self.bar, 0), 8)
        row = [
            _pitch_class(own),
            _interval(own, self.before[v]),
            min(self.age[v], 9),
            _interval(own, self.turn[v]),
            t % 4,
            t % 16 + (16 if self.eighths else 0),
            min(t, 7),
            in_bar,
            left,
            2 if self.mode is None else int(self.mode == "minor"),
        ]
        references = [own]
        done = ORDER[: self.step]
        for u in range(4):
            if u == v:
                continue
            known = u in done
            pitch = self.now[u] if known else self.last[u]
            motion = _interval(pitch, self.last[u]) if known else _interval(self.last[u], self.before[u])
            row += (_pitch_class(pitch), _interval(pitch, own), motion, min(self.age[u], 9), self.starts[u] if known else 2)
            references.append(pitch)
        for k in AHEAD:
            if self.soprano is None:
                row += (_CLASSES, _INTERVALS - 1)
            else:
                pitch = self.soprano[t + k] if t + k < len(self.soprano) else NONE
                row += (_pitch_class(pitch), _interval(pitch, own))
        return row, references

    def push(self, symbol: int) -> None:
        """Give the voice whose turn it is a symbol: REST, HOLD or pitch - LOW + 2."""
        v = self.voice
        self.now[v] = NONE if symbol == REST else self.last[v] if symbol == HOLD else symbol - 2 + LOW
        self.starts[v] = int(symbol != HOLD)
        self.step += 1
        if self.step == 4:
            self._close()

    def _close(self) -> None:
        for v in range(4):
            if self.now[v] != self.last[v]:
                self.turn[v] = self.last[v]
                self.age[v] = 0
            else:
                self.age[v] += 1
        self.before, self.last = self.last, list(self.now)
        self.step, self.time = 0, self.time + 1


def symbol_of(chorale: Chorale, time: int, voice: int) -> int:
    pitch = chorale.frames[time][voice]
    if pitch == NONE:
        return REST
    if chorale.eighths and time and not chorale.onsets[time][voice] and chorale.frames[time - 1][voice] == pitch:
        return HOLD
    return min(max(pitch, LOW), HIGH) - LOW + 2


def walk(chorale: Chorale, *, soprano_given: bool = False) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(steps, features) table indices, (steps, 4) references, (steps,) target symbols."""
    per_bar = chorale.frames_per_bar
    bars = None if per_bar is None else -(-(len(chorale.frames) + chorale.start) // per_bar)
    soprano = [frame[0] for frame in chorale.frames] if soprano_given else None
    walker = Walker(chorale.eighths, per_bar, chorale.mode, chorale.start, bars, soprano)
    rows, references, targets = [], [], []
    for time in range(len(chorale.frames)):
        for voice in ORDER:
            row, reference = walker.row()
            symbol = symbol_of(chorale, time, voice)
            rows.append(OFFSETS[walker.step] + row)
            references.append(reference)
            targets.append(symbol)
            walker.push(symbol)
    return np.asarray(rows, np.int64), np.asarray(references, np.int64), np.asarray(targets, np.int64)
