"""From rows to what a band plays: notes in range, loudness, and an ending that ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from core.corpora.band_styles import BACKING, Band
from core.engines.gan.conditions import Harmony
from core.engines.gan.cutting import ONE_VOICE
from core.engines.gan.grid import BAR, Grid
from core.engines.gan.rolls import AXES, DRUMS, ROWS, Roll, decode
from core.score import CHORD_QUALITIES, TICKS_PER_QUARTER, Note, Track

VELOCITY = {"melody": 96, "chords": 70, "pad": 58, "bass": 84}
"""Of a note off the beat; beats are `ACCENT` louder, bar lines twice as much."""
ACCENT = 6
DRUM_VELOCITY = {"kick": 92, "snare": 90, "stick": 74, "closed": 62, "open": 66, "crash": 92, "ride": 66, "shaker": 56,
                 "triangle": 56}
_CLASS_OF = {pitch: name for name, pitches in DRUMS.items() for pitch in pitches}
_CLOSE = ("kick", "crash")
"""Drums that end a piece."""


def play(rows: Roll, grid: Grid, harmony: Harmony, band: Band, kit: dict[str, int], close_at: int) -> tuple[Track, ...]:
    """The backing of a band, a track for each of its parts.

    Args:
        rows: (HEIGHT, steps), True where a cell is set.
        close_at: the used step of the last bar from which on the closing chord is held.
    """
    rows = closed(rows, grid, harmony, close_at)
    tracks = []
    for part in BACKING:
        if part == "drums":
            notes = decode(rows[ROWS[part]], part, grid, harmony.roots, kit=kit)
            tracks.append(Track(tuple(loud(notes, part, grid)), part, is_drum=True))
            continue
        low, high = band.ranges[part]
        notes = decode(rows[ROWS[part]], part, grid, harmony.roots, (low, high))
        notes = one_voice(notes) if part in ONE_VOICE else notes
        tracks.append(Track(tuple(loud(notes, part, grid)), part, band.programs[part]))
    return tuple(tracks)


def one_voice(notes: Sequence[Note]) -> list[Note]:
    """The lowest of notes that begin together, each let go where the next begins."""
    lowest = {note.start: note for note in sorted(notes, key=lambda note: -note.pitch)}
    line = [lowest[start] for start in sorted(lowest)]
    return [replace(a, duration=min(a.duration, b.start - a.start)) for a, b in pairwise(line)] + line[-1:]


def loud(notes: Sequence[Note], part: str, grid: Grid) -> list[Note]:
    """Notes with a loudness by part and place: as loud as can be said without hearing a player."""
    bars = set(grid.bar_ticks.tolist())
    found = []
    for note in notes:
        base = DRUM_VELOCITY.get(_CLASS_OF.get(note.pitch, ""), 76) if part == "drums" else VELOCITY[part]
        bar = int(grid.bar_ticks[np.searchsorted(grid.bar_ticks, note.start, "right") - 1])
        accent = 2 * ACCENT if note.start in bars else ACCENT if (note.start - bar) % TICKS_PER_QUARTER == 0 else 0
        found.append(replace(note, velocity=min(127, base + accent)))
    return found


def close_step(melody: Sequence[Note], grid: Grid) -> int:
    """The used step at which the piece closes: where the melody's last note begins, in the last bar; its first step otherwise."""
    first = int(np.searchsorted(grid.places, (grid.bars - 1) * BAR))
    last = max((note.start for note in melody), default=0)
    return max(first, int(grid.at(np.array([last]))[0]))


def closed(rows: Roll, grid: Grid, harmony: Harmony, step: int) -> Roll:
    """The rows with an ending: from `step` on nothing begins any more, and a chord over its bass is held to the end."""
    rows = rows.copy()
    at, after = grid.places[step], grid.places[step + 1 :]
    chord = harmony.chords[harmony.index[step]]
    root = int(harmony.roots[step])
    tones = CHORD_QUALITIES[chord.quality] if chord.root is not None else (0,)
    for part in BACKING:
        where = ROWS[part]
        own = rows[where]
        if part == "drums":
            own[:, after] = False
            if own[:, max(0, at - 2 * BAR) :].any():
                own[[list(DRUMS).index(name) for name in _CLOSE], at] = True
            continue
        cells = AXES[part].size
        played = own[:, max(0, at - 2 * BAR) : at + 1].any()
        begun, held = own[:cells], own[cells:]
        begun[:, after] = False
        sounding = held[:, at].copy() | begun[:, at]
        if part == "bass":
            above = 0 if chord.bass is None or chord.root is None else (chord.bass - root) % 12
            wanted = _cell(part, above, sounding)
            sounding[:] = False
            sounding[wanted] = True
            fresh = ~held[:, at]
            held[:, at] = False
            held[:, at] |= sounding
            begun[:, at] = sounding & (fresh | begun[:, at])
        elif played and not sounding.any():
            sounding[[_cell(part, tone, sounding) for tone in tones[:4]]] = True
            begun[:, at] = sounding
        held[:, at] |= sounding
        moved = AXES[part].first(harmony.roots[step : step + 1])[0] - AXES[part].first(harmony.roots[step + 1 :])
        for place, shift in zip(after, moved, strict=True):
            held[:, place] = False
            kept = np.nonzero(sounding)[0] + shift
            held[kept[(kept >= 0) & (kept < cells)], place] = True
    return rows


def _cell(part: str, above: int, sounding: np.ndarray) -> int:
    """The cell of a pitch class above the root: nearest to what sounds, or to the middle of the axis's range."""
    axis = AXES[part]
    cells = np.arange(axis.size)
    right = cells[(cells + axis.low) % 12 == above]
    centre = np.nonzero(sounding)[0].mean() if sounding.any() else -axis.low
    return int(right[np.abs(right - centre).argmin()])
