"""How like two melodies to the same words are, by the definitions of TeleMelody (Ju et al., 2021; muzic's evaluation).

PD and DD are the shared area of two songs' histograms: of pitches, folded into the two octaves from middle C, and of the time
from syllable to syllable, rests with it, in multiples of the song's shortest. MD is dynamic time warping between curves of
pitch with their means taken off, sampled at each song's shortest duration, by the length of what was written.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from core.score import TICKS_PER_QUARTER, Note, Track

STEP = TICKS_PER_QUARTER // 4
"""Ticks of a sixteenth, the finest that is told apart."""
LOW, HIGH = 60, 84
"""Pitches outside are moved by octaves to the lower or the upper octave of these."""
MOST = 130
"""Multiples of the shortest time that are told apart."""


def pitch_overlap(made: Track, real: Track) -> float:
    """PD: 0 to 1."""
    return _overlap(*(Counter(_folded(note.pitch) for note in track.notes) for track in (made, real)))


def duration_overlap(made: Track, real: Track) -> float:
    """DD: 0 to 1."""
    return _overlap(*(_times(track) for track in (made, real)))


def melody_distance(made: Track, real: Track) -> float:
    """MD: semitones a point of the warped curves, 0 for equal ones."""
    one, other = _curve(made), _curve(real)
    cost = np.abs(one[:, None] - other[None])
    total = np.full((len(one) + 1, len(other) + 1), np.inf)
    total[0, 0] = 0
    for row in range(len(one)):
        above = np.minimum(total[row, 1:], total[row, :-1]) + cost[row]
        left = np.inf
        for column in range(len(other)):
            left = min(above[column], left + cost[row, column])
            total[row + 1, column + 1] = left
    return float(total[-1, -1] / len(one))


def _overlap(one: Counter[int], other: Counter[int]) -> float:
    return sum(min(one[key] / one.total(), other[key] / other.total()) for key in one)


def _folded(pitch: int) -> int:
    return LOW + pitch % 12 if pitch <= LOW else HIGH - 12 + pitch % 12 if pitch >= HIGH else pitch


def _sixteenths(ticks: int) -> int:
    return max(1, ticks // STEP)


def _times(track: Track) -> Counter[int]:
    """From each syllable to the next one, the last to the melody's end, in multiples of the shortest; notes without words where
    there are none."""
    starts = [lyric.tick for lyric in track.lyrics] or [note.start for note in track.notes]
    ends = [*starts[1:], track.notes[-1].end]
    times = [_sixteenths(end - start) for start, end in zip(starts, ends, strict=True)]
    return Counter(min(time // min(times), MOST) for time in times)


def _curve(track: Track) -> NDArray[np.float64]:
    """Pitch at every one of the song's shortest durations; a rest holds the note before it. Its mean is taken off."""
    notes: tuple[Note, ...] = track.notes
    spans = []
    for note, then in zip(notes, [*notes[1:], None], strict=True):
        rest = then.start - note.end if then is not None else 0
        spans.append((_sixteenths(note.duration), _sixteenths(rest) if rest > 0 else 0))
    shortest = min(span for pair in spans for span in pair if span)
    curve = np.repeat([float(_folded(note.pitch)) for note in notes], [sum(pair) for pair in spans])[::shortest]
    return curve - curve.mean()
