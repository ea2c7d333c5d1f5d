"""From what `mma` wrote to the parts of a band on the bars of a song."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from core.corpora.band_styles import Band
from core.corpora.beats import snap
from core.score import TICKS_PER_QUARTER, Note, Track

_SIXTEENTH = TICKS_PER_QUARTER // 4
_BASSES = ("Bass", "Walk")
_HIGHEST_BASS = 48
"""Mean pitch; `mma` calls the lower half of some guitars and pianos a bass too."""
_HELD = TICKS_PER_QUARTER * 3 // 2
"""Parts whose notes last as long on average are pads."""
_DRUMS = range(35, 82)
"""The keys that General MIDI gives a drum."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One bar of `mma`: where it begins in the song, how long it is there, and where it is cut off."""

    start: int
    length: int
    end: int


def backing(raw: Sequence[Track], stretches: Sequence[Stretch], beats: int, band: Band, ternary: bool) -> tuple[Track, ...]:
    """Tracks chords, pad, bass and drums; a part that does not play is there, and empty.

    Args:
        raw: what the program played, in bars of `beats` quarter notes.
        stretches: where each of its bars goes.
        ternary: whether a quarter of the song may be played in three (swing, triplets); else sixteenths are all there is.
    """
    sorted_out: dict[str, list[Note]] = {"chords": [], "pad": [], "bass": [], "drums": []}
    for track in raw:
        if track.notes:
            sorted_out[part_of(track)] += track.notes
    if not sorted_out["chords"]:
        sorted_out["chords"], sorted_out["pad"] = sorted_out["pad"], []
    tracks = []
    for part, notes in sorted_out.items():
        placed = _placed(notes, stretches, beats, ternary)
        if part == "drums":
            kept = [Note(n.start, n.pitch, _SIXTEENTH, n.velocity) for n in placed if n.pitch in _DRUMS]
            tracks.append(Track(tidy(kept), part, 0, is_drum=True))
            continue
        low, high = band.ranges[part]
        folded = [Note(n.start, fold(n.pitch, low, high), n.duration, n.velocity) for n in placed]
        tracks.append(Track(one_voice(folded) if part == "bass" else tidy(folded), part, band.programs[part]))
    return tuple(tracks)


def part_of(track: Track) -> str:
    """The part that one track of `mma` belongs to, by its name, range and the mean length of its notes."""
    if track.is_drum:
        return "drums"
    if track.name.startswith(_BASSES) and sum(note.pitch for note in track.notes) <= _HIGHEST_BASS * len(track.notes):
        return "bass"
    held = sum(note.duration for note in track.notes) / len(track.notes) >= _HELD and not track.name.startswith("Plectrum")
    return "pad" if held or track.name.endswith(("-Sus", "-Pad")) else "chords"


def _placed(notes: Sequence[Note], stretches: Sequence[Stretch], beats: int, ternary: bool) -> list[Note]:
    """The notes at their place in the song, on its grid; what begins behind the end of a cut bar is left out."""
    if not notes:
        return []
    bar = beats * TICKS_PER_QUARTER
    origin = stretches[0].start
    rows = [(n, stretches[n.start // bar]) for n in notes if n.start // bar < len(stretches)]
    begin = np.array([s.start - origin + (n.start % bar) * s.length / bar for n, s in rows]) / TICKS_PER_QUARTER
    length = np.array([n.duration * s.length / bar for n, s in rows]) / TICKS_PER_QUARTER
    first, last = on_grid(begin, begin + length, ternary)
    end = stretches[-1].end - origin
    found = []
    for (note, stretch), start, stop in zip(rows, first.tolist(), last.tolist(), strict=True):
        if start < min(stretch.end - origin, end):
            # Strings of a guitar ring on in the file for bars; a bar is what a player would let them.
            stop = min(stop, end, start + stretch.length)
            found.append(Note(start + origin, note.pitch, stop - start, note.velocity))
    return found


def on_grid(begin: np.ndarray, end: np.ndarray, ternary: bool) -> tuple[np.ndarray, np.ndarray]:
    """Starts and ends in quarters to ticks: sixteenths, and where `ternary` triplet eighths in quarters played so."""
    if ternary:
        return snap(begin, end)
    first = np.rint(begin * 4).astype(np.int64) * _SIXTEENTH
    return first, np.maximum(np.rint(end * 4).astype(np.int64) * _SIXTEENTH, first + _SIXTEENTH)


def fold(pitch: int, low: int, high: int) -> int:
    """The pitch by octaves into a range of an octave or more."""
    if pitch < low:
        return pitch + 12 * -((pitch - low) // 12)
    return pitch - 12 * -((high - pitch) // 12) if pitch > high else pitch


def tidy(notes: Sequence[Note]) -> tuple[Note, ...]:
    """One note for each start and pitch, the longest, let go where the same pitch is played again."""
    longest: dict[tuple[int, int], Note] = {}
    for note in notes:
        known = longest.get((note.pitch, note.start))
        if known is None or note.duration > known.duration:
            longest[note.pitch, note.start] = note
    ordered = [longest[key] for key in sorted(longest)]
    for index, (a, b) in enumerate(pairwise(ordered)):
        if a.pitch == b.pitch and a.end > b.start:
            ordered[index] = Note(a.start, a.pitch, b.start - a.start, a.velocity)
    return tuple(sorted(ordered))


def one_voice(notes: Sequence[Note]) -> tuple[Note, ...]:
    """The lowest of notes that begin together, each let go where the next begins."""
    lowest: dict[int, Note] = {}
    for note in notes:
        if note.start not in lowest or note.pitch < lowest[note.start].pitch:
            lowest[note.start] = note
    line = [lowest[start] for start in sorted(lowest)]
    cut = [
        Note(a.start, a.pitch, min(a.duration, b.start - a.start), a.velocity) for a, b in pairwise(line)
    ]
    return (*cut, *line[-1:])


def highest_voice(notes: Sequence[Note]) -> tuple[Note, ...]:
    """The highest of notes that begin together, each let go where the next begins."""
    mirrored = one_voice([replace(note, pitch=127 - note.pitch) for note in notes])
    return tuple(replace(note, pitch=127 - note.pitch) for note in mirrored)
