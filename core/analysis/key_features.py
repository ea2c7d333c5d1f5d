"""What a key is heard by: what sounds in every bar, and what begins, ends and leads in the piece.

All features are counted in pitch classes, so that one set of weights serves all twelve tonics: they are
turned to count from each tonic in turn (`turned`).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.score import CHORD_QUALITIES, ChordSymbol, Note, Score

Array = NDArray[np.float32]

LOCAL = {"sounding": 12, "bass": 12, "melody": 12, "downbeat": 12, "chord": 24}
"""Blocks of a bar, each twice: of the bar itself and of the bars around it."""
WHOLE = {
    "sounding": 12, "bass": 12, "chord": 24, "given": 24, "last": 12, "last bass": 12, "last chord": 24, "first": 12,
    "first chord": 24, "eighth bars": 12, "fourth bars": 12, "long": 12, "opening chords": 24, "closing chords": 24,
    "steps": 144, "progression": 576,
}  # fmt: skip
"""Blocks of the whole piece. `steps` are pairs of pitch classes in the melody, `progression` pairs of triads;
`opening chords` and `closing chords` stand in the first and the last bar of every four."""

AROUND = 3
"""Bars before and after that count as around a bar."""
_MINOR_THIRDS = tuple(name for name, steps in CHORD_QUALITIES.items() if 3 in steps)


@dataclass(frozen=True, slots=True)
class KeyFeatures:
    """`bars` (T, 12, 2 × local width) and `whole` (12, whole width), each turned to every tonic; `starts` (T,) ticks.

    `several` says that more than one voice sounds, `given` that the piece has chord symbols.
    """

    bars: Array
    whole: Array
    starts: NDArray[np.int64]
    several: bool
    given: bool

    def sounding(self, first: int, last: int, tonic: int) -> Array:
        """(12,) mean share of each degree above a tonic in what sounds in the bars from `first` up to `last`."""
        shares: Array = self.bars[first:last, tonic, : LOCAL["sounding"]].mean(0)
        return shares


def key_features(score: Score, heard: Sequence[ChordSymbol] = ()) -> KeyFeatures:
    """The features of a score with pitched notes; its own `keys` are not looked at.

    Args:
        heard: chords from its notes (`chords_from_notes`), used where the score has no chord symbols.
    """
    spans = score.bars
    starts = np.array([start for start, _, _ in spans], dtype=np.int64)
    ends = np.array([end for _, end, _ in spans], dtype=np.int64)
    tracks = [track for track in score.tracks if not track.is_drum and track.notes]
    notes = [note for track in tracks for note in track.notes]
    melody = _top(tracks[0].notes)
    given = bool(score.chords)
    chords = [chord for chord in (score.chords or heard) if chord.root is not None]
    sounding = _over(notes, starts, ends)
    several = len(tracks) > 1 or not tracks[0].is_monophonic
    bass = _over(_bottom(notes), starts, ends) if several else np.zeros_like(sounding)
    by_chord = _chord_bars(chords, starts, ends)
    downbeat = np.zeros_like(sounding)
    bar = np.searchsorted(starts, [note.start for note in melody], "right") - 1
    for note, at in zip(melody, bar.tolist(), strict=True):
        if note.start == starts[at]:
            downbeat[at, note.pitch % 12] = 1
    local = [_shares(sounding), _shares(bass), _shares(_over(melody, starts, ends)), downbeat, _shares(by_chord)]
    around = [_shares(_window(table)) for table in (sounding, bass, _over(melody, starts, ends), downbeat, by_chord)]
    whole = _whole(score, notes, melody, several, chords, given, sounding, bass, by_chord, bar)
    return KeyFeatures(
        turned(np.hstack([*local, *around]), (*LOCAL.values(), *LOCAL.values())),
        turned(np.concatenate(whole)[None], tuple(WHOLE.values()))[0],
        starts,
        several,
        given,
    )


def _whole(
    score: Score, notes: Sequence[Note], melody: Sequence[Note], several: bool, chords: Sequence[ChordSymbol], given: bool,
    sounding: Array, bass: Array, by_chord: Array, bar: NDArray[np.int64],
) -> list[Array]:  # fmt: skip
    first_bar = 1 if score.pickup else 0
    phrase = {4: np.zeros(12, np.float32), 8: np.zeros(12, np.float32)}
    for at in range(first_bar + 3, len(score.bars), 4):
        inside = np.flatnonzero(bar == at)
        if len(inside):
            phrase[4 if (at - first_bar) % 8 == 3 else 8][melody[int(inside[-1])].pitch % 12] += 1
    usual = float(np.median([note.duration for note in melody]))
    long = np.zeros(12, np.float32)
    for note in melody:
        if note.duration >= 2 * usual:
            long[note.pitch % 12] += note.duration
    steps = np.zeros((12, 12), np.float32)
    for a, b in itertools.pairwise(melody):
        steps[a.pitch % 12, b.pitch % 12] += 1
    end = max(note.end for note in notes)
    closing = [note for note in notes if note.end >= end - 240]
    lowest = min(closing, key=lambda note: note.pitch).pitch % 12 if several else -1
    share = _shares(by_chord.sum(0)[None])[0]
    follows = np.zeros((2, 2, 12, 12), np.float32)
    for one, two in zip(map(_state, chords), map(_state, chords[1:]), strict=False):
        follows[one // 12, two // 12, one % 12, two % 12] += 1
    number = np.arange(len(score.bars)) - first_bar
    opening, closing = (by_chord[(number >= 0) & (number % 4 == place)].sum(0) for place in (0, 3))
    first = next((note for note in melody if note.start >= score.pickup), melody[0])
    nothing = np.zeros(24, np.float32)
    return [
        _shares(sounding.sum(0)[None])[0], _shares(bass.sum(0)[None])[0], share, share if given else nothing,
        _one(12, melody[-1].pitch % 12), _one(12, lowest), _one(24, _state(chords[-1]) if chords else -1),
        _one(12, first.pitch % 12), _one(24, _state(chords[0]) if chords else -1),
        _shares(phrase[8][None])[0], _shares(phrase[4][None])[0], _shares(long[None])[0],
        _shares(opening[None])[0], _shares(closing[None])[0], _shares(steps.reshape(1, -1))[0],
        _shares(follows.reshape(1, -1))[0],
    ]  # fmt: skip


def turned(table: Array, blocks: Sequence[int]) -> Array:
    """(T, F) in pitch classes to (T, 12, F) counted from each tonic. Blocks are rows of twelve, or squares of 12 × 12."""
    out = np.empty((len(table), 12, table.shape[1]), np.float32)
    at = 0
    for width in blocks:
        part = table[:, at : at + width]
        square = width % 144 == 0
        shaped = part.reshape(len(table), -1, 12, 12) if square else part.reshape(len(table), -1, 12)
        for tonic in range(12):
            moved = np.roll(shaped, -tonic, axis=(2, 3) if square else 2)
            out[:, tonic, at : at + width] = moved.reshape(len(table), width)
        at += width
    return out


def _top(notes: Sequence[Note]) -> list[Note]:
    best: dict[int, Note] = {}
    for note in notes:
        if note.start not in best or note.pitch > best[note.start].pitch:
            best[note.start] = note
    return [best[start] for start in sorted(best)]


def _bottom(notes: Sequence[Note]) -> list[Note]:
    """The lowest note of each onset, left out where a lower one still sounds."""
    best: dict[int, Note] = {}
    for note in notes:
        if note.start not in best or note.pitch < best[note.start].pitch:
            best[note.start] = note
    kept: list[Note] = []
    for start in sorted(best):
        note = best[start]
        if kept and kept[-1].end > start and kept[-1].pitch < note.pitch:
            continue
        kept.append(note)
    return kept


def _over(notes: Sequence[Note], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Array:
    """(T, 12) ticks that each pitch class sounds in each bar."""
    table = np.zeros((len(starts), 12), np.float32)
    if not notes:
        return table
    begin = np.array([note.start for note in notes])
    stop = np.minimum(np.array([note.end for note in notes]), ends[-1])
    pitch = np.array([note.pitch % 12 for note in notes])
    bar = np.searchsorted(starts, begin, "right") - 1
    while len(begin):
        np.add.at(table, (bar, pitch), np.minimum(stop, ends[bar]) - begin)
        rest = stop > ends[bar]
        begin, stop, pitch, bar = ends[bar][rest], stop[rest], pitch[rest], bar[rest] + 1
    return table


def _chord_bars(chords: Sequence[ChordSymbol], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Array:
    """(T, 24) ticks under each triad: major roots, then minor ones."""
    table = np.zeros((len(starts), 24), np.float32)
    stops = [*(chord.tick for chord in chords[1:]), int(ends[-1])]
    for chord, stop in zip(chords, stops, strict=False):
        begin = chord.tick
        bar = int(np.searchsorted(starts, begin, "right")) - 1
        while begin < stop and bar < len(starts):
            table[bar, _state(chord)] += min(stop, int(ends[bar])) - begin
            begin, bar = int(ends[bar]), bar + 1
    return table


def _state(chord: ChordSymbol) -> int:
    return int(chord.root or 0) + 12 * (chord.quality in _MINOR_THIRDS)


def _window(table: Array) -> Array:
    total = np.vstack([np.zeros((1, table.shape[1]), np.float32), np.cumsum(table, axis=0)])
    at = np.arange(len(table))
    window: Array = total[np.minimum(at + AROUND + 1, len(table))] - total[np.maximum(at - AROUND, 0)]
    return window


def _shares(table: Array) -> Array:
    return (table / np.maximum(table.sum(axis=1, keepdims=True), 1e-9)).astype(np.float32)


def _one(width: int, place: int) -> Array:
    row = np.zeros(width, np.float32)
    if place >= 0:
        row[place] = 1
    return row
