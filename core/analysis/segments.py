"""The stretches of a melody that get one chord each, and how alike two chord sequences are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.score import ChordSymbol, Key, Metre, Score

SEGMENTS: dict[tuple[int, int], int] = {
    (4, 4): 2, (2, 2): 2, (6, 4): 2, (3, 2): 3, (6, 8): 2, (12, 8): 2, (4, 2): 2, (4, 8): 2,
}  # fmt: skip
"""Metre to the number of chords that a bar may have; bars of other metres, and short bars, have one."""

_BAR, _HALF, _COMPOUND_HALF = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Segment:
    """Ticks `start` to `end` under one chord.

    `kind` says what line it begins at (0 bar, 1 half of a simple bar, 2 half of a compound one);
    `profile` is (12,) weighted beats of each pitch class above the tonic of `key`; `accent` is the
    pitch class above the tonic that sounds first within the first beat, None for silence.
    """

    start: int
    end: int
    kind: int
    key: Key
    profile: NDArray[np.float64]
    accent: int | None


FEATURES = 81
"""Width of `features`: six blocks of twelve pitch classes, eight places in the phrase, a constant."""


class ChordOverlap(NamedTuple):
    """Shares 0..1 of the time under compared chords; `ticks` is that time."""

    root: float
    """Same root."""
    majmin: float
    """Same root and same third, where the reference has a major or minor third."""
    ticks: int


def segments(score: Score, accent: float = 2.0, beat: float = 1.0, off: float = 0.7) -> list[Segment]:
    """Cut the melody's bars into segments, without a pick-up bar.

    A stretch of a note weighs its length in beats, times `accent` when it begins on the segment's
    first tick, `beat` on another beat, `off` elsewhere.

    Raises:
        FormatError: the score has no melody.
    """
    bars = score.bars[1:] if score.pickup and len(score.bars) > 1 else score.bars
    cuts = [cut for bar in bars for cut in _cuts(*bar)]
    notes = score.melody.notes
    found: list[Segment] = []
    first, key_index = 0, 0
    for start, end, kind, metre in cuts:
        while key_index + 1 < len(score.keys) and score.keys[key_index + 1].tick <= start:
            key_index += 1
        key = score.keys[key_index] if score.keys else Key(0, 0)
        while first < len(notes) and notes[first].end <= start:
            first += 1
        profile = np.zeros(12)
        heard: int | None = None
        for note in notes[first:]:
            if note.start >= end:
                break
            begin, step = max(note.start, start), (note.pitch - key.tonic) % 12
            length = min(note.end, end) - begin
            if length <= 0:
                continue
            place = begin - start
            weight = accent if place == 0 else beat if place % metre.beat_ticks == 0 else off
            profile[step] += weight * length / metre.beat_ticks
            if heard is None and place < metre.beat_ticks:
                heard = step
        found.append(Segment(start, end, kind, key, profile, heard))
    return found


def features(parts: Sequence[Segment]) -> NDArray[np.float32]:
    """What a chord is chosen by, (segments, FEATURES): the segment's profile, the same made to sum to
    one, the pitch class on its first beat; the profiles of the next and the previous segment and the
    pitch class on the next one's first beat; the place of the bar among four and in the bar; 1."""
    count = len(parts)
    profile = np.stack([part.profile for part in parts])
    share = profile / np.maximum(profile.sum(1, keepdims=True), 1e-6)
    accent, place = np.zeros((count, 12)), np.zeros((count, 9))
    bar = -1
    for i, part in enumerate(parts):
        if part.accent is not None:
            accent[i, part.accent] = 1
        bar += part.kind == _BAR
        place[i, bar % 4 * 2 + (part.kind != _BAR)] = 1
    place[:, 8] = 1
    nothing = np.zeros((1, 12))
    following, previous = np.vstack([share[1:], nothing]), np.vstack([nothing, share[:-1]])
    blocks = [profile, share, accent, following, previous, np.vstack([accent[1:], nothing]), place]
    return np.hstack(blocks).astype(np.float32)


def gold_states(score: Score, reduced: Mapping[str, str]) -> list[tuple[int, str] | None]:
    """For each of `segments(score)` the chord that sounds longest in it, as (root above the tonic,
    reduced quality); None where no chord does."""
    spans = _spans(score.chords, score.length)
    result: list[tuple[int, str] | None] = []
    for part in segments(score):
        time: defaultdict[ChordSymbol, int] = defaultdict(int)
        for start, end, chord in spans:
            if start < part.end and end > part.start:
                time[chord] += min(end, part.end) - max(start, part.start)
        longest = max(time, key=lambda symbol: time[symbol]) if time else None
        if longest is None or longest.root is None:
            result.append(None)
        else:
            result.append(((longest.root - part.key.tonic) % 12, reduced[longest.quality]))
    return result


def chord_overlap(found: Sequence[ChordSymbol], reference: Sequence[ChordSymbol], end: int) -> ChordOverlap:
    """How alike two chord sequences are, by time up to tick `end`; N.C. in either is left out.

    Root and maj/min as in MIREX audio chord estimation: sevenths count as their triads.
    """
    same_root = same_third = total = total_third = 0
    for start, stop, chord in _spans(reference, end):
        for begin, close, other in _spans(found, end):
            length = min(stop, close) - max(start, begin)
            if length <= 0 or chord.root is None or other.root is None:
                continue
            total += length
            same_root += length * (chord.root == other.root)
            third = _third(chord)
            if third is not None:
                total_third += length
                same_third += length * (chord.root == other.root and third == _third(other))
    return ChordOverlap(same_root / max(total, 1), same_third / max(total_third, 1), total)


def _third(chord: ChordSymbol) -> int | None:
    """3 or 4 semitones; None for chords without a third or with an altered fifth."""
    steps = ChordSymbol(0, 0, chord.quality).pitch_classes
    if 7 not in steps:
        return None
    return 4 if 4 in steps else 3 if 3 in steps else None


def _spans(chords: Sequence[ChordSymbol], end: int) -> list[tuple[int, int, ChordSymbol]]:
    ends = [chord.tick for chord in chords[1:]] + [end]
    return [(chord.tick, stop, chord) for chord, stop in zip(chords, ends, strict=False) if stop > chord.tick]


def _cuts(start: int, end: int, metre: Metre) -> list[tuple[int, int, int, Metre]]:
    parts = SEGMENTS.get((metre.numerator, metre.denominator), 1)
    if end - start != metre.bar_ticks or parts == 1:
        return [(start, end, _BAR, metre)]
    inner = _COMPOUND_HALF if metre.numerator % 3 == 0 and metre.denominator >= 8 else _HALF
    length = (end - start) // parts
    return [(start + i * length, start + (i + 1) * length, inner if i else _BAR, metre) for i in range(parts)]
