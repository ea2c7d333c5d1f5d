"""Measures of melody against chord symbols, and of the chords; all NaN for a piece without chords."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.analysis.features.melody import Melody
from core.score import CHORD_QUALITIES, ChordSymbol, Key


def clash_share(melody: Melody) -> float:
    """Share of the sounding time, where there is a chord, on pitches that are not in it."""
    fits, weight = _fits(melody)
    return _share(~fits, weight)


def strong_chord_tones(melody: Melody) -> float:
    """Share of the notes on beats that are chord tones."""
    fits, weight = _fits(melody)
    return _share(fits, (weight > 0) & (melody.level <= 2))


def weak_chord_tones(melody: Melody) -> float:
    """Share of the notes off the beat that are chord tones."""
    fits, weight = _fits(melody)
    return _share(fits, (weight > 0) & (melody.level > 2))


def chord_tone_accent(melody: Melody) -> float:
    """How much likelier a note on a beat is a chord tone than one off the beat, -1..1."""
    return strong_chord_tones(melody) - weak_chord_tones(melody)


def chords_per_bar(melody: Melody) -> float:
    """Changes of chord over the number of full bars."""
    sounding = _spans(melody)
    changes = sum(a[2].pitch_classes != b[2].pitch_classes for a, b in pairwise(sounding))
    return (changes + 1) / max(melody.bar_count, 1) if sounding else float("nan")


def used_chords(melody: Melody) -> float:
    """Number of different chords (root and quality)."""
    found = {(chord.root, chord.quality) for _, _, chord in _spans(melody)}
    return float(len(found)) if found else float("nan")


def tonic_time(melody: Melody) -> float:
    """Share of the time under chords that is under a chord on the tonic."""
    return _root_time(melody, 0)


def subdominant_time(melody: Melody) -> float:
    """Share of the time under chords that is under a chord a fourth above the tonic."""
    return _root_time(melody, 5)


def dominant_time(melody: Melody) -> float:
    """Share of the time under chords that is under a chord a fifth above the tonic."""
    return _root_time(melody, 7)


def minor_time(melody: Melody) -> float:
    """Share of the time under chords with a minor third."""
    return _time(melody, lambda chord, key: 3 in CHORD_QUALITIES[chord.quality])


def rich_time(melody: Melody) -> float:
    """Share of the time under chords of four notes or more."""
    return _time(melody, lambda chord, key: len(chord.pitch_classes) > 3)


def outside_time(melody: Melody) -> float:
    """Share of the time under chords with a note outside the scale."""
    return _time(melody, lambda chord, key: not chord.pitch_classes <= key.scale)


def fifth_motion(melody: Melody) -> float:
    """Share of root changes that fall a fifth."""
    roots = [chord.root or 0 for _, _, chord in _spans(melody)]
    moves = [(b - a) % 12 for a, b in pairwise(roots) if a != b]
    return sum(move == 5 for move in moves) / len(moves) if moves else float("nan")


def _fits(melody: Melody) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """For each note whether it is in the chord at its onset, and its ticks (0 where there is no chord)."""
    ticks = [chord.tick for chord in melody.chords]
    fits, weight = np.zeros(len(melody.pitch), bool), np.zeros(len(melody.pitch), np.int64)
    for i, (pitch, start) in enumerate(zip(melody.pitch, melody.start, strict=True)):
        index = bisect_right(ticks, start) - 1
        if index >= 0 and melody.chords[index].root is not None:
            fits[i] = int(pitch) % 12 in melody.chords[index].pitch_classes
            weight[i] = melody.duration[i]
    return fits, weight


def _share(values: NDArray[np.bool_], weight: NDArray) -> float:
    total = weight.sum()
    return float((values * weight).sum() / total) if total else float("nan")


def _spans(melody: Melody) -> list[tuple[int, int, ChordSymbol]]:
    ends = [chord.tick for chord in melody.chords[1:]] + [melody.end]
    spans = zip(melody.chords, ends, strict=False)
    return [(chord.tick, end, chord) for chord, end in spans if chord.root is not None and end > chord.tick]


def _root_time(melody: Melody, step: int) -> float:
    return _time(melody, lambda chord, key: ((chord.root or 0) - key.tonic) % 12 == step)


def _time(melody: Melody, holds: Callable[[ChordSymbol, Key], bool]) -> float:
    spans = _spans(melody)
    total = sum(end - start for start, end, _ in spans)
    held = sum(end - start for start, end, chord in spans if holds(chord, _key_at(melody, start)))
    return held / total if total else float("nan")


def _key_at(melody: Melody, tick: int) -> Key:
    return melody.keys[max(bisect_right([key.tick for key in melody.keys], tick) - 1, 0)]
