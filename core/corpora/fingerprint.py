"""What makes two melodies the same tune, whatever their key, note values and small changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from itertools import pairwise

from core.score import Note, Score

GRAM = 8
"""Intervals in a shingle: nine notes."""

COMMON = 60
"""Shingles in more pieces than this (scales, repeated notes) say nothing."""

SHARED = 0.3
"""Pieces that share this part of the smaller one's shingles are variants of one tune."""

OPENING = 14
"""Intervals at the beginning that, when equal, make two pieces variants of one tune."""


def melody_line(score: Score) -> tuple[Note, ...]:
    """The highest notes of the first pitched track, of the first track with notes where none is pitched."""
    tracks = [track for track in score.tracks if track.notes]
    track = next((track for track in tracks if not track.is_drum), tracks[0] if tracks else None)
    highest: dict[int, Note] = {}
    for note in track.notes if track else ():
        if note.start not in highest or note.pitch > highest[note.start].pitch:
            highest[note.start] = note
    return tuple(highest[start] for start in sorted(highest))


def intervals(line: Sequence[Note]) -> tuple[int, ...]:
    """Steps between successive notes in semitones."""
    return tuple(b.pitch - a.pitch for a, b in pairwise(line))


def fingerprint(score: Score) -> str:
    """Equal for melodies that differ only in key, tempo or the scale of their note values (16 hex digits)."""
    line = melody_line(score)
    onsets = [b.start - a.start for a, b in pairwise(line)]
    shortest = min(onsets, default=1)
    rhythm = tuple(round(12 * onset / shortest) for onset in onsets)
    return _hash((intervals(line), rhythm, () if len(line) > 1 else [note.pitch for note in line]))


def _hash(value: object) -> str:
    return sha256(repr(value).encode()).hexdigest()[:16]


def shingles(steps: Sequence[int]) -> frozenset[int]:
    """Every run of `GRAM` intervals as a number; a melody too short for one has itself."""
    if len(steps) < GRAM:
        return frozenset({int(_hash(tuple(steps)), 16)})
    packed = [min(max(step, -15), 16) + 15 for step in steps]
    found = set()
    for index in range(len(packed) - GRAM + 1):
        value = 1
        for step in packed[index : index + GRAM]:
            value = value << 5 | step
        found.add(value)
    return frozenset(found)


def clusters(melodies: Sequence[Sequence[int]]) -> list[int]:
    """For melodies given as intervals, the index of the first melody of each one's cluster of variants.

    Two melodies belong together when they share `SHARED` of the smaller one's shingles or their
    first `OPENING` intervals; clusters are the connected groups.
    """
    parent = list(range(len(melodies)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    def join(a: int, b: int) -> None:
        a, b = root(a), root(b)
        parent[max(a, b)] = min(a, b)

    openings: dict[tuple[int, ...], int] = {}
    holders: dict[int, list[int]] = defaultdict(list)
    sizes = []
    for index, steps in enumerate(melodies):
        if len(steps) >= OPENING:
            join(openings.setdefault(tuple(steps[:OPENING]), index), index)
        found = shingles(steps)
        sizes.append(len(found))
        for shingle in found:
            holders[shingle].append(index)
    common: dict[tuple[int, int], int] = defaultdict(int)
    for pieces in holders.values():
        if 1 < len(pieces) <= COMMON:
            for at, first in enumerate(pieces):
                for second in pieces[at + 1 :]:
                    common[first, second] += 1
    for (first, second), shared in common.items():
        if shared >= SHARED * min(sizes[first], sizes[second]):
            join(first, second)
    return [root(index) for index in range(len(melodies))]
