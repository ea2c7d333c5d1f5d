"""Piano-roll arrays: a track as a picture of time by pitch, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.errors import LimitError, RequestError
from core.score.types import TICKS_PER_QUARTER, Note, Track

PITCHES = 128
MAX_STEPS = 200_000
"""Longer rolls (25 MB and up) are refused: ask for a coarser step."""


@dataclass(frozen=True, slots=True)
class PianoRoll:
    """A track on a grid of `step` ticks.

    velocities: uint8 of shape (steps, 128), 0 where a pitch is silent, else 1..127.
    onsets: bool of shape (steps, 128), where a note begins, so that repeated notes stay apart.
    """

    velocities: npt.NDArray[np.uint8]
    onsets: npt.NDArray[np.bool_]
    step: int

    def __post_init__(self) -> None:
        if self.velocities.ndim != 2 or self.velocities.shape[1] != PITCHES or self.velocities.shape != self.onsets.shape:
            shapes = f"got {self.velocities.shape} and {self.onsets.shape}"
            raise RequestError(f"A piano roll needs two arrays of shape (steps, {PITCHES})", shapes)
        if self.step < 1:
            raise RequestError("A piano roll needs a step of at least one tick", f"got {self.step}")


def to_roll(track: Track, step: int = TICKS_PER_QUARTER // 4, steps: int | None = None) -> PianoRoll:
    """Draw a track on a grid.

    Starts and ends go to the nearest grid line and each note fills at least one step; where notes
    of one pitch overlap, the later one shows.

    Args:
        track: the part.
        step: ticks a step.
        steps: length of the roll; None for as long as the notes last.

    Raises:
        LimitError: the roll would have more than `MAX_STEPS` steps.
        RequestError: `step` is below 1.
    """
    spans = [(_line(note.start, step), _line(note.end, step), note) for note in track.notes] if step >= 1 else []
    length = max((max(end, start + 1) for start, end, _ in spans), default=0) if steps is None else steps
    if length > MAX_STEPS:
        raise LimitError(f"Piano rolls of up to {MAX_STEPS} steps can be made", f"this one has {length}", "Use a longer step")
    roll = PianoRoll(np.zeros((length, PITCHES), np.uint8), np.zeros((length, PITCHES), np.bool_), step)
    for start, end, note in spans:
        if start < length:
            stop = min(max(end, start + 1), length)
            roll.velocities[start:stop, note.pitch] = note.velocity
            roll.onsets[start + 1 : stop, note.pitch] = False
            roll.onsets[start, note.pitch] = True
    return roll


def from_roll(roll: PianoRoll) -> tuple[Note, ...]:
    """The notes that a roll shows: each begins at an onset, or where a silent pitch starts to sound,
    and lasts until the next onset or silence; its velocity is that of its first step (at most 127).
    """
    sounding = roll.velocities > 0
    before = np.zeros_like(sounding)
    before[1:] = sounding[:-1]
    begins = sounding & (roll.onsets | ~before)
    breaks = begins | ~sounding
    notes = []
    for pitch in np.flatnonzero(sounding.any(axis=0)):
        stops = np.append(np.flatnonzero(breaks[:, pitch]), len(sounding))
        for start in np.flatnonzero(begins[:, pitch]):
            stop = stops[np.searchsorted(stops, start, side="right")]
            velocity = min(int(roll.velocities[start, pitch]), 127)
            notes.append(Note(int(start) * roll.step, int(pitch), int(stop - start) * roll.step, velocity))
    return tuple(sorted(notes))


def _line(tick: int, step: int) -> int:
    return (2 * tick + step) // (2 * step)
