"""What the lead-sheet network sees before each event: one row of categorical features.

The same walker makes the rows for training and for sampling, so the two can never differ.
Besides the usual (position in the bar, the last notes), the walker looks back 1, 2, 4, 8 and 16
bars at the same position and counts for how many events the melody has been repeating that bar:
the lookback idea of Magenta's improv and lookback RNNs, as features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.engines.lstm.leadsheet import (
    CHORDS,
    DURATION_INDEX,
    DURATIONS,
    HOLD,
    LOW,
    METRES,
    MODES,
    PITCHES,
    REST,
    UNKNOWN_CHORD,
    Event,
    LeadSheet,
    bar_units,
)
from core.engines.lstm.network import NONE

LAGS = (1, 2, 4, 8, 16)
MAX_POSITION = 192
_START = PITCHES  # one more than the pitch symbols: nothing yet
_ABSENT, _NO_BAR = PITCHES, PITCHES + 1
_NO_DURATION = len(DURATIONS)
_SPAN = 24
_INTERVALS = 2 * _SPAN + 2
_FAR, _UNKNOWN_LENGTH = 17, 18

COLUMNS: tuple[tuple[str, int], ...] = (
    ("metre", len(METRES)),
    ("mode", len(MODES)),
    ("position", len(METRES) * (MAX_POSITION + 1)),
    ("bars left", _UNKNOWN_LENGTH + 1),
    ("bar of eight", 8),
    ("bar number", 34),
    ("last symbol", PITCHES + 1),
    ("symbol before", PITCHES + 1),
    ("last duration", len(DURATIONS) + 1),
    ("sounding", PITCHES + 1),
    ("last interval", _INTERVALS),
    ("chord", CHORDS + 1),
    *((f"{what} {lag} bars ago", size) for lag in LAGS
      for what, size in (("symbol", PITCHES + 2), ("duration", len(DURATIONS) + 1), ("agreed with", 10))),
    ("chord 4 bars ago", CHORDS + 1),
    ("chord 8 bars ago", CHORDS + 1),
)
NAMES = tuple(name for name, _ in COLUMNS)
OFFSETS = np.cumsum([0, *(size for _, size in COLUMNS)])[:-1]
ROWS = int(sum(size for _, size in COLUMNS))
"""Size of the feature table."""
REFERENCES = 1 + 4
"""Reference pitches of the pitch head: the last note, and those 1, 2, 4 and 8 bars ago."""

_BARS_LEFT = NAMES.index("bars left")
_CHORD_COLUMNS = tuple(NAMES.index(name) for name in ("chord", "chord 4 bars ago", "chord 8 bars ago"))


@dataclass
class Walker:
    """Walks through one lead sheet, event by event.

    Args:
        metre, mode: as in `LeadSheet`.
        bars: total number of bars without the pick-up; None when the length is not known.
        pickup: units before the first bar.
    """

    metre: str
    mode: str
    bars: int | None
    pickup: int = 0
    bar: int = 0
    position: int = 0

    def __post_init__(self) -> None:
        self.units = bar_units(self.metre)
        if self.pickup:
            self.bar, self.position = -1, self.units - self.pickup
        self._metre, self._mode = METRES.index(self.metre), MODES.index(self.mode)
        self._history: dict[int, dict[int, Event]] = {}
        self._runs = [0] * len(LAGS)
        self._symbol = self._before = _START
        self._duration = _NO_DURATION
        self.sounding = NONE
        """Relative pitch of the note that sounds or sounded last, `NONE` before the first."""
        self._interval = _INTERVALS - 1
        self.chord = CHORDS
        """The chord of the last event; CHORDS before the first."""

    @property
    def offset(self) -> int:
        """Units since the first bar line (negative in the pick-up)."""
        return self.bar * self.units + self.position

    @property
    def started(self) -> bool:
        return self._symbol != _START

    @property
    def is_resting(self) -> bool:
        return self._symbol in (REST, _START)

    def row(self) -> tuple[list[int], list[int]]:
        """(feature indices into the table, reference pitches for the pitch head)."""
        left = _UNKNOWN_LENGTH if self.bars is None else min(max(self.bars - 1 - self.bar, 0), _FAR)
        sounding = _START if self.sounding == NONE else self.sounding - LOW + 2
        row = [
            self._metre,
            self._mode,
            self._metre * (MAX_POSITION + 1) + min(self.position, MAX_POSITION),
            left,
            self.bar % 8,
            min(self.bar, 32) + 1,
            self._symbol,
            self._before,
            self._duration,
            sounding,
            self._interval,
            self.chord,
        ]
        references = [self.sounding]
        old_chords = {4: CHORDS, 8: CHORDS}
        for index, lag in enumerate(LAGS):
            bar = self._history.get(self.bar - lag)
            event = bar.get(self.position) if bar is not None else None
            if event is None:
                row += (_ABSENT if bar is not None else _NO_BAR, _NO_DURATION, 0)
                pitch = NONE
            else:
                row += (event.pitch, DURATION_INDEX[event.duration], 1 + min(self._runs[index], 8))
                pitch = event.pitch - 2 + LOW if event.pitch > HOLD else NONE
                if lag in old_chords:
                    old_chords[lag] = event.chord
            if index < REFERENCES - 1:
                references.append(pitch)
        row += (old_chords[4], old_chords[8])
        return row, references

    def echo(self) -> Event | None:
        """The event to come if the melody goes on repeating the bar that it has been repeating longest.

        At the start of a bar, where nothing repeats yet, the bar eight, four or two before may be taken up.
        """
        candidates = []
        for index, lag in enumerate(LAGS):
            event = self._history.get(self.bar - lag, {}).get(self.position)
            if event is not None and (self._runs[index] or (self.position == 0 and lag in (2, 4, 8))):
                candidates.append((self._runs[index], lag if lag <= 8 else 0, event))
        return max(candidates, key=lambda c: c[:2])[2] if candidates else None

    def push(self, event: Event) -> None:
        """Step over one event."""
        for index, lag in enumerate(LAGS):
            bar = self._history.get(self.bar - lag)
            old = bar.get(self.position) if bar is not None else None
            same = old is not None and old.pitch == event.pitch and old.duration == event.duration
            self._runs[index] = self._runs[index] + 1 if same else 0
        self._history.setdefault(self.bar, {})[self.position] = event
        if event.pitch > HOLD:
            pitch = event.pitch - 2 + LOW
            if self.sounding != NONE:
                self._interval = min(max(pitch - self.sounding, -_SPAN), _SPAN) + _SPAN
            self.sounding = pitch
        self._before, self._symbol = self._symbol, event.pitch
        self._duration, self.chord = DURATION_INDEX[event.duration], event.chord
        self.position += event.duration
        if self.position >= self.units:
            self.bar, self.position = self.bar + 1, 0


def table_indices(rows: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """(events, features) indices into the shared table."""
    return np.asarray(rows, np.int64) + OFFSETS


@dataclass(frozen=True, slots=True)
class Encoded:
    """One piece as arrays over its events: what goes in, what should come out."""

    features: NDArray[np.int16]
    """(events, features), without the table's offsets."""
    references: NDArray[np.int16]
    """(events, REFERENCES) relative pitches or `NONE`."""
    targets: NDArray[np.int16]
    """(events, 3): chord, duration index, pitch symbol."""


def walk(sheet: LeadSheet) -> Encoded:
    """Teacher-forced features and targets of a whole lead sheet."""
    bars = len(sheet.bars) - (1 if sheet.pickup else 0)
    walker = Walker(sheet.metre, sheet.mode, bars, sheet.pickup)
    rows, references, targets = [], [], []
    for event in sheet.events:
        row, reference = walker.row()
        rows.append(row)
        references.append(reference)
        targets.append((event.chord, DURATION_INDEX[event.duration], event.pitch))
        walker.push(event)
    return Encoded(np.asarray(rows, np.int16), np.asarray(references, np.int16), np.asarray(targets, np.int16))


def forget_length(features: NDArray[np.int64]) -> None:
    """In place: the length of the piece is not told."""
    features[..., _BARS_LEFT] = _UNKNOWN_LENGTH


def forget_chords(features: NDArray[np.int64]) -> None:
    """In place: no chord is told."""
    features[..., list(_CHORD_COLUMNS)] = UNKNOWN_CHORD
