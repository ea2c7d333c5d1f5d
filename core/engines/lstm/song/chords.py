"""Chords under a sung melody: written by the lead-sheet network in stretches, and the same ones where the music returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from core.engines.lstm.song.plan import LinePlan
from core.score import ChordSymbol, Metre, Score, Track

MOST_BARS = 48
"""Of a stretch that is harmonised at once."""

Harmonise = Callable[[Score], tuple[ChordSymbol, ...]]


def with_chords(score: Score, plans: Sequence[LinePlan], harmonise: Harmonise) -> Score:
    """A song with chord symbols.

    Args:
        score: melody and words, one lyric a syllable.
        plans: of its lines.
        harmonise: gives the chords of a melody of up to `MOST_BARS` bars that begins at a bar line.
    """
    track = score.melody
    opens = [track.lyrics[line.first].tick for line in plans]
    bars = [_bar_of(score, tick) for tick in opens]
    ends = [*bars[1:], _bar_of(score, track.notes[-1].end - 1) + 1]
    chords: dict[int, ChordSymbol] = {}
    copied = [line.model is not None and ends[at] - bars[at] == ends[line.model] - bars[line.model]
              for at, line in enumerate(plans)]
    at = 0
    while at < len(plans):
        if copied[at]:
            at += 1
            continue
        last = at
        while last + 1 < len(plans) and not copied[last + 1] and ends[last + 1] - bars[at] <= MOST_BARS:
            last += 1
        offset, until = _tick(score, bars[at]), _tick(score, ends[last])
        for chord in harmonise(_part(score, bars[at], ends[last])):
            if chord.tick + offset < until:
                chords[chord.tick + offset] = replace(chord, tick=chord.tick + offset)
        at = last + 1
    for number, line in enumerate(plans):
        if copied[number] and line.model is not None:
            _bring_back(score, chords, (bars[line.model], ends[line.model]), bars[number])
    ordered = _without_repeats([chords[tick] for tick in sorted(chords)])
    is_silent = bool(ordered) and ordered[0].root is None  # before the first chord there is nothing to say
    return replace(score, chords=ordered[is_silent:])


def _tick(score: Score, bar: int) -> int:
    """Where a bar begins, from 0 at the first bar line; the pick-up is bar -1."""
    return max(0, score.pickup + bar * score.metres[0].bar_ticks)


def _bar_of(score: Score, tick: int) -> int:
    return (tick - score.pickup) // score.metres[0].bar_ticks


def _part(score: Score, first: int, last: int) -> Score:
    """The melody of bars `first` up to `last`, from tick 0, without words."""
    start, end = _tick(score, first), _tick(score, last)
    notes = tuple(replace(note, start=note.start - start, duration=min(note.duration, end - note.start))
                  for note in score.melody.notes if start <= note.start < end)
    metre = score.metres[0]
    return Score((Track(notes, program=score.melody.program),), tempos=score.tempos,
                 metres=(Metre(0, metre.numerator, metre.denominator),), keys=score.keys,
                 pickup=score.pickup if first < 0 else 0)


def _bring_back(score: Score, chords: dict[int, ChordSymbol], model: tuple[int, int], bar: int) -> None:
    """The chords of the bars of `model` once more from `bar` on."""
    start, end, there = _tick(score, model[0]), _tick(score, model[1]), _tick(score, bar)
    before = [chords[tick] for tick in sorted(chords) if tick <= start]
    taken = {tick - start: chord for tick, chord in chords.items() if start <= tick < end}
    if before and 0 not in taken:
        taken[0] = before[-1]
    for tick in [tick for tick in chords if there <= tick < there + end - start]:
        del chords[tick]
    for tick, chord in taken.items():
        chords[there + tick] = replace(chord, tick=there + tick)


def _without_repeats(chords: Sequence[ChordSymbol]) -> tuple[ChordSymbol, ...]:
    found: list[ChordSymbol] = []
    for chord in chords:
        if not found or (chord.root, chord.quality, chord.bass) != (found[-1].root, found[-1].quality, found[-1].bass):
            found.append(chord)
    return tuple(found)
