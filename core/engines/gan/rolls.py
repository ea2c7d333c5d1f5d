"""Between the parts of a band and rolls: which pitch begins and which sounds at each step, counted from the chord.

The pitch axis of every pitched part is counted from the root of the chord of the moment, in the octave in which that root
lies nearest to the part's middle: a pattern over C, over F and in any key is the same cells. A note that is held over a change
of chord moves along the axis with it and comes back as one note. Drums have classes of instruments in place of pitches and
only beginnings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.corpora.band_styles import PARTS
from core.engines.gan.grid import Grid
from core.score import Note, Score

Roll = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Axis:
    """Cell 0 of a part is `low` semitones from the root that lies nearest to MIDI pitch `middle`; there are `size` cells."""

    middle: int
    low: int
    size: int

    def first(self, roots: NDArray[np.int64]) -> NDArray[np.int64]:
        """MIDI pitch of cell 0 under each root (pitch classes)."""
        return self.middle - 6 + (roots - self.middle + 6) % 12 + self.low


AXES: dict[str, Axis] = {"melody": Axis(68, -18, 42), "chords": Axis(60, -18, 40), "pad": Axis(62, -17, 36),
                         "bass": Axis(37, -7, 24)}

DRUMS: dict[str, tuple[int, ...]] = {
    "kick": (36, 35), "snare": (38, 40, 39), "stick": (37,), "closed": (42, 44), "open": (46,), "low tom": (45, 41, 43),
    "middle tom": (47, 48), "high tom": (50,), "crash": (49, 57, 52, 55), "ride": (51, 59, 53),
    "shaker": (70, 54, 69, 58, 73, 74, 82), "high hand": (62, 60, 63, 65, 78), "low hand": (64, 61, 66, 79),
    "wood": (75, 56, 76, 77, 67, 68, 71, 72), "triangle": (81, 80),
}  # fmt: skip
"""Class of drums to its General MIDI pitches, the usual one first."""

_CLASS_OF = {pitch: index for index, pitches in enumerate(DRUMS.values()) for pitch in pitches}


def _rows() -> tuple[dict[str, slice], int]:
    rows, at = {}, 0
    for part in PARTS:
        size = len(DRUMS) if part == "drums" else 2 * AXES[part].size
        rows[part] = slice(at, at + size)
        at += size
    return rows, at


ROWS, HEIGHT = _rows()
"""Part to its rows in a piece's tensor (HEIGHT, steps): beginnings, then what sounds."""


def encode(notes: Sequence[Note], part: str, grid: Grid, roots: NDArray[np.int64]) -> Roll:
    """The rows of one part, (its rows, grid.row). Notes beyond the axis come an octave or more nearer; notes that
    begin before the grid are left out.

    Args:
        roots: pitch class of the chord's root at each used step, (N,).
    """
    size = ROWS[part].stop - ROWS[part].start
    roll = np.zeros((size, grid.row), bool)
    notes = [note for note in notes if grid.ticks[0] - grid.ticks[0] % 2 - 60 <= note.start < grid.ticks[-1]]
    if not notes:
        return roll
    starts = np.minimum(grid.nearest(np.array([note.start for note in notes])), len(grid.places) - 1)
    if part == "drums":
        for note, start in zip(notes, starts, strict=True):
            if note.pitch in _CLASS_OF:
                roll[_CLASS_OF[note.pitch], grid.places[start]] = True
        return roll
    ends = np.maximum(grid.nearest(np.array([note.end for note in notes])), starts + 1)
    first, cells = AXES[part].first(roots), AXES[part].size
    for note, start, end in zip(notes, starts, ends, strict=True):
        pitch = _fold(note.pitch, int(first[start]), int(first[start]) + cells - 1)
        roll[pitch - first[start], grid.places[start]] = True
        steps = np.arange(start, end)
        cell = pitch - first[steps]
        held = (cell >= 0) & (cell < cells)
        inside = len(held) if held.all() else int(held.argmin())
        roll[cells + cell[:inside], grid.places[steps[:inside]]] = True
    return roll


def decode(roll: Roll, part: str, grid: Grid, roots: NDArray[np.int64], pitches: tuple[int, int] = (0, 127),
           kit: Mapping[str, int] | None = None) -> list[Note]:
    """The notes of one part's rows. What sounds without having begun is left out.

    Args:
        roll: (rows of the part, grid.row).
        pitches: lowest and highest pitch; notes beyond come back by octaves.
        kit: class of drums to the pitch it is played with, else its usual one.
    """
    roll = roll[:, grid.places]
    steps = roll.shape[1]
    if part == "drums":
        keys = [(kit or {}).get(name, pitches[0]) for name, pitches in DRUMS.items()]
        return sorted(Note(int(grid.ticks[step]), keys[row], int(grid.ticks[step + 1] - grid.ticks[step]))
                      for row, step in zip(*np.nonzero(roll), strict=True))
    first, cells = AXES[part].first(roots), AXES[part].size
    begins, sounds = np.zeros((steps, 128), bool), np.zeros((steps, 128), bool)
    for found, into in ((roll[:cells], begins), (roll[cells:], sounds)):
        cell, step = np.nonzero(found)
        key = first[step] + cell
        inside = (key >= 0) & (key <= 127)
        into[step[inside], key[inside]] = True
    sounds |= begins
    notes: dict[tuple[int, int], Note] = {}
    for pitch in np.nonzero(begins.any(0))[0]:
        starts = np.nonzero(begins[:, pitch])[0]
        silent = np.append(np.nonzero(~sounds[:, pitch])[0], steps)
        stops = np.minimum(np.append(starts[1:], steps), silent[np.searchsorted(silent, starts)])
        played = _fold(int(pitch), *pitches)
        for start, stop in zip(starts, stops, strict=True):
            note = Note(int(grid.ticks[start]), played, int(grid.ticks[stop] - grid.ticks[start]))
            other = notes.get((note.start, played))
            if other is None or other.duration < note.duration:
                notes[note.start, played] = note
    return _apart(sorted(notes.values()))


def _apart(notes: list[Note]) -> list[Note]:
    """No note sounds into the next of its pitch, which octaves that were brought nearer could do."""
    later: dict[int, int] = {}
    kept: list[Note] = []
    for note in reversed(notes):
        end = min(note.end, later.get(note.pitch, note.end))
        later[note.pitch] = note.start
        kept.append(note if end == note.end else Note(note.start, note.pitch, end - note.start, note.velocity))
    return kept[::-1]


def _fold(pitch: int, low: int, high: int) -> int:
    """The pitch, by octaves within low..high (at least an octave wide)."""
    if pitch < low:
        return pitch + -(-(low - pitch) // 12) * 12
    if pitch > high:
        return pitch - -(-(pitch - high) // 12) * 12
    return pitch


def encode_parts(score: Score, grid: Grid, roots: NDArray[np.int64]) -> tuple[Roll, tuple[bool, ...]]:
    """All parts of a band's score, (HEIGHT, grid.row), and which of `PARTS` have notes."""
    roll = np.zeros((HEIGHT, grid.row), bool)
    for track in score.tracks:
        if track.name in PARTS:
            roll[ROWS[track.name]] |= encode(track.notes, track.name, grid, roots)
    return roll, tuple(any(track.name == part and track.notes for track in score.tracks) for part in PARTS)
