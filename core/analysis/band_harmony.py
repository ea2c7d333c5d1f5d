"""Whether what accompanies fits the chords, and whether it follows the form of the song."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from core.analysis.band_figures import DRUMS, Bar
from core.score import ChordSymbol, Note, Score

ACCOMPANIMENT = ("chords", "pad", "bass")
_STEP = 2
"""Semitones."""


def chord_at(chords: Sequence[ChordSymbol], tick: int) -> ChordSymbol | None:
    """The chord in force at a tick; None before the first and where there is none."""
    index = bisect_right(chords, tick, key=_tick) - 1
    return chords[index] if index >= 0 and chords[index].root is not None else None


def _tick(chord: ChordSymbol) -> int:
    return chord.tick


def fitting(score: Score, parts: Sequence[str] = ACCOMPANIMENT) -> tuple[int, int]:
    """Notes of some parts that fit the chord in force as they begin, and notes in all; notes without a chord are left out.

    A note fits that is a tone of the chord or its written bass, or that passes: in its part a note of the onset before
    and one of the onset after lie no more than a whole tone away from it.
    """
    fit = total = 0
    for track in score.tracks:
        if track.name not in parts:
            continue
        onsets: dict[int, list[Note]] = {}
        for note in track.notes:
            onsets.setdefault(note.start, []).append(note)
        ticks = sorted(onsets)
        for place, tick in enumerate(ticks):
            chord = chord_at(score.chords, tick)
            if chord is None:
                continue
            inside = chord.pitch_classes | ({chord.bass} if chord.bass is not None else set())
            before = onsets[ticks[place - 1]] if place else []
            after = onsets[ticks[place + 1]] if place + 1 < len(ticks) else []
            for note in onsets[tick]:
                total += 1
                fit += note.pitch % 12 in inside or (_near(note, before) and _near(note, after))
    return fit, total


def _near(note: Note, others: Iterable[Note]) -> bool:
    return any(0 < abs(note.pitch - other.pitch) <= _STEP for other in others)


def bass_on_changes(score: Score) -> tuple[int, int, int]:
    """(changes where the bass begins with the root or the written bass, changes where it begins a note at all, changes).

    A change is a chord symbol with another root, quality or bass than the one before. The bass answers with the first note
    that begins within a beat of it, before the next change.
    """
    bass = next((track.notes for track in score.tracks if track.name == "bass"), ())
    beat = score.metres[0].beat_ticks
    right = answered = changes = 0
    last: tuple[int | None, str, int | None] | None = None
    for index, chord in enumerate(score.chords):
        now = (chord.root, chord.quality, chord.bass)
        if chord.root is None or now == last:
            last = now
            continue
        last = now
        if chord.tick >= score.length:
            break
        changes += 1
        end = chord.tick + beat
        if index + 1 < len(score.chords):
            end = min(end, score.chords[index + 1].tick)
        first = next((note for note in bass if chord.tick <= note.start < end), None)
        if first is not None:
            answered += 1
            right += first.pitch % 12 in (chord.root, chord.bass)
    return right, answered, changes


def likeness(a: Bar, b: Bar, parts: Sequence[str]) -> float | None:
    """Mean over parts of shared over all (place in the bar, pitch) of notes; None where both are silent in all parts."""
    values = []
    for part in parts:
        one = {(note.start - a.start, note.pitch) for note in a.notes.get(part, ())}
        other = {(note.start - b.start, note.pitch) for note in b.notes.get(part, ())}
        if one or other:
            values.append(len(one & other) / len(one | other))
    return sum(values) / len(values) if values else None


def structure(bars: Sequence[Bar], letters: Sequence[str], parts: Sequence[str]) -> tuple[list[float], list[float]]:
    """Likeness of pairs of bars at the same place of their sections: of sections with one letter, and with different ones.

    `letters` has one entry a bar; a section is a stretch of one letter, cut after eight bars; bars with "" are in none.
    """
    sections: list[list[int]] = []
    for index, letter in enumerate(letters[: len(bars)]):
        if not letter:
            continue
        fresh = not sections or letters[sections[-1][0]] != letter or sections[-1][-1] != index - 1 or len(sections[-1]) == 8
        if fresh:
            sections.append([])
        sections[-1].append(index)
    same: list[float] = []
    other: list[float] = []
    for one, two in combinations(sections, 2):
        where = same if letters[one[0]] == letters[two[0]] else other
        for i, j in zip(one, two, strict=False):
            value = likeness(bars[i], bars[j], parts)
            if value is not None:
                where.append(value)
    return same, other


def phrase_distance(phrases: Sequence[Sequence[Bar]], parts: Sequence[str], pairs: int, seed: int = 0) -> float:
    """Mean Hamming distance of `pairs` random pairs of phrases of equal length, per bar and part.

    Counted on the onset rolls: places (part, tick from the phrase's beginning, pitch) at which exactly one of the two
    begins a note. 0 for fewer than two phrases.
    """
    cells = [
        frozenset(
            (part, note.start - phrase[0].start, note.pitch if part != DRUMS else -note.pitch)
            for bar in phrase for part in parts for note in bar.notes.get(part, ())
        )
        for phrase in phrases
    ]  # fmt: skip
    if len(cells) < 2:
        return 0.0
    rng = np.random.default_rng(seed)
    total = 0.0
    for _ in range(pairs):
        a, b = rng.choice(len(cells), 2, replace=False)
        total += len(cells[a] ^ cells[b])
    return total / pairs / len(phrases[0]) / len(parts)
