"""Putting scores one after another."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from core.score.types import ChordSymbol, Key, Lyric, Metre, Score, Tempo, Track

_Event = TypeVar("_Event", Tempo, Metre, Key, ChordSymbol, Lyric)


def append(first: Score, second: Score, at: int) -> Score:
    """`second` after `first`, its tick 0 at tick `at`, track by track.

    Tempo, metre and key of `second` are written where they differ from what holds there; a note of
    `first` that still sounds at `at` is cut. Its pick-up is taken as part of the bar before.
    """
    tracks = []
    for index in range(max(len(first.tracks), len(second.tracks))):
        a = first.tracks[index] if index < len(first.tracks) else replace(second.tracks[index], notes=(), lyrics=())
        b = second.tracks[index] if index < len(second.tracks) else Track()
        kept = tuple(replace(n, duration=min(n.duration, at - n.start)) for n in a.notes if n.start < at)
        moved = tuple(replace(n, start=n.start + at) for n in b.notes)
        lyrics = (*(x for x in a.lyrics if x.tick < at), *_moved(b.lyrics, at))
        tracks.append(replace(a, notes=kept + moved, lyrics=lyrics))
    return replace(
        first, tracks=tuple(tracks), tempos=_joined(first.tempos, second.tempos, at),
        metres=_joined(first.metres, second.metres, at), keys=_joined(first.keys, second.keys, at),
        chords=tuple(c for c in first.chords if c.tick < at) + _moved(second.chords, at),
    )


def _moved(events: tuple[_Event, ...], at: int) -> tuple[_Event, ...]:
    return tuple(replace(event, tick=event.tick + at) for event in events)


def _joined(first: tuple[_Event, ...], second: tuple[_Event, ...], at: int) -> tuple[_Event, ...]:
    before = tuple(event for event in first if event.tick < at)
    after = _moved(second, at)
    if before and after and replace(before[-1], tick=0) == replace(after[0], tick=0):
        after = after[1:]
    return before + after
