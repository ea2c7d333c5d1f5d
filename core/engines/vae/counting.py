"""What the sliders are about, counted: in a score, and in many windows side by side.

Both ways of counting give the same numbers. The second looks at tokens alone, so that a search can try
thousands of windows in the time that one score takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.analysis.features import repetition, rhythm
from core.analysis.features.melody import Melody, metrical_level
from core.analysis.features.pitch import pitch_range
from core.engines.lstm.leadsheet import HOLD, LOW, REST, TICKS_PER_UNIT, parse_metre
from core.engines.vae.grid import UNITS, Ints, Shape
from core.score import Score

Floats = NDArray[np.float64]

COUNTED = ("density", "range", "syncopation", "brightness")
ATTRIBUTES = (*COUNTED, "repetition")
NEVER = 1 << 30
"""A step that no note sounds through."""


def measured(score: Score) -> Floats:
    """What the sliders are about, (5,) in the order of `ATTRIBUTES`: notes a beat, semitones from the lowest to the highest
    note, strength of syncopation, mean height above the tonic, share of repeated bars; zeros without notes."""
    if not score.note_count:
        return np.zeros(len(ATTRIBUTES))
    melody = Melody.of(score)
    return np.array([rhythm.notes_per_beat(melody), pitch_range(melody), rhythm.syncopation(melody), melody.height.mean(),
                     repetition.repeated_bars(melody)])


@dataclass(frozen=True)
class Sounding:
    """When the notes of windows sound, (M, bars * steps) each but for what is the same in all, (bars * steps,).

    `onset` says where a note begins and `end` is the step at which what sounds in a step ends if it is the last of the note's
    own; `pitch` is counted from the tonic and means something at onsets only. `place` is the step in the bar, `level` the
    metrical level there and `beat` the steps of a beat.
    """

    onset: NDArray[np.bool_]
    end: Ints
    pitch: Ints
    at: Ints
    place: Ints
    level: Ints
    beat: int

    @classmethod
    def of(cls, tokens: Ints, shape: Shape) -> Sounding:
        """Of `tied` tokens (M, bars, steps)."""
        count, bars, steps = tokens.shape
        flat, whole = tokens.reshape(count, -1), bars * steps
        at = np.arange(whole)
        told = _metrical(shape.metre, shape.grid, steps)
        end = _next(flat != HOLD)
        return cls(flat > HOLD, end, flat - 2 + LOW, at, at % steps, np.tile(told.level, bars), told.beat)

    def following(self) -> tuple[NDArray[np.bool_], Ints]:
        """Whether another note comes, and the step at which it begins; the last step where there is none."""
        after = _next(self.onset)
        whole = after.shape[1]
        return self.onset & (after < whole), np.minimum(after, whole - 1)


def _next(there: NDArray[np.bool_]) -> Ints:
    """For each step of (M, steps) the next later one that is there, or the number of steps."""
    count, whole = there.shape
    found = np.minimum.accumulate(np.where(there, np.arange(whole), whole)[:, ::-1], 1)[:, ::-1]
    return np.concatenate([found[:, 1:], np.full((count, 1), whole)], 1)


@dataclass(frozen=True)
class _Metrical:
    """For each step of a bar its metrical level, and the steps from the bar line at which a note that began there sounds
    through a stronger place: the next beat, the middle of the bar."""

    beat: int
    level: Ints
    next_beat: Ints
    middle: Ints


@lru_cache(maxsize=64)
def _metrical(metre: str, grid: str, steps: int) -> _Metrical:
    found = parse_metre(metre)
    ticks = UNITS[grid] * TICKS_PER_UNIT
    beat, place = found.beat_ticks // ticks, np.arange(steps)
    level = np.array([metrical_level(int(at) * ticks, found) for at in place])
    has_middle = found.bar_ticks // found.beat_ticks % 2 == 0
    middle = np.where((place < steps // 2) & has_middle, steps // 2, NEVER)
    return _Metrical(beat, level, (place // beat + 1) * beat, middle)


def count_windows(tokens: Ints, shape: Shape) -> Floats:
    """As `measured`, of `tied` windows (M, bars, steps) written at the tonic nearest middle C: (M, 5)."""
    _, bars, steps = tokens.shape
    told = _metrical(shape.metre, shape.grid, steps)
    heard = Sounding.of(tokens, shape)
    onset, end, pitch = heard.onset, heard.end, heard.pitch
    notes = np.maximum(onset.sum(1), 1)
    first, last = onset.argmax(1), bars * steps - 1 - onset[:, ::-1].argmax(1)
    span = np.take_along_axis(end, last[:, None], 1)[:, 0] - first
    highest = np.where(onset, pitch, -NEVER).max(1)
    lowest = np.where(onset, pitch, NEVER).min(1)
    stop = end - heard.at + heard.place
    passed = np.full(stop.shape, 9)
    passed[np.tile(told.next_beat, bars) < stop] = 2
    passed[np.tile(told.middle, bars) < stop] = 1
    passed[steps < stop] = 0
    off = np.where(onset, np.maximum(heard.level - passed, 0), 0).sum(1)
    found = np.stack([notes / span * told.beat, highest - lowest, off / notes, np.where(onset, pitch, 0).sum(1) / notes,
                      _repeated(tokens, end.reshape(tokens.shape))], 1)
    found[~onset.any(1)] = 0.0
    return found


def _repeated(tokens: Ints, end: Ints) -> Floats:
    """Share of bars with notes that repeat an earlier one, (M,)."""
    _, bars, steps = tokens.shape
    onset = tokens > HOLD
    heard = np.cumsum(onset, 2) > 0
    over = np.maximum(end[:, :, -1] - (np.arange(bars) + 1) * steps, 0)
    names = np.where(heard, tokens, REST)
    keys = np.concatenate([names, over[:, :, None]], 2)
    filled = onset.any(2)
    mixing = np.random.default_rng(0).integers(1, 1 << 62, keys.shape[2], dtype=np.int64)
    hashed = np.sort(np.where(filled, (keys * mixing).sum(2), 0), 1)
    distinct = ((hashed[:, 1:] != hashed[:, :-1]) & (hashed[:, 1:] != 0)).sum(1) + (hashed[:, 0] != 0)
    whole = filled.sum(1)
    return np.where(whole > 0, 1 - distinct / np.maximum(whole, 1), 0.0)
