"""Makes the bars of printed tunes whole, as a player would.

Tune books print sections with bars that are short by the pick-up of a repeat, or set a pick-up
after a full bar. Read from first to last, such bars push everything after them off the beat.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from core.score import Metre, Note, Score


def odd_bars(score: Score) -> list[int]:
    """Indices of the bars that are shorter than their metre; a pick-up is none."""
    first = 1 if score.pickup else 0
    return [
        index for index, (start, end, metre) in enumerate(score.bars) if index >= first and end - start != metre.bar_ticks
    ]


def mend_bars(score: Score) -> Score | None:
    """The score with every bar as long as its metre says, None where that cannot be done.

    A short bar of at most half a bar that follows a full one is a pick-up: it takes its time from
    the last note or rest before it. A bar that lacks at most half is filled with a rest.
    """
    for _ in range(16):
        odd = odd_bars(score)
        if not odd:
            return _plain_metres(score)
        mended = _mend_one(score, odd[0])
        if mended is None:
            return None
        score = mended
    return None


def _mend_one(score: Score, index: int) -> Score | None:
    start, end, metre = score.bars[index]
    full, length = metre.bar_ticks, end - start
    changes = any(a.tick < b.tick == start and str(a) != str(b) for a, b in pairwise(score.metres))
    if 2 * length <= full and index > 0 and len(score.tracks) == 1 and not changes:
        before = max((note for note in score.tracks[0].notes if note.start < start), key=lambda note: note.start, default=None)
        room = start - before.start if before else 0
        if before is not None and room >= 2 * length and before.end <= start:
            return _shift(score, start, -length, before)
    if 2 * (full - length) <= full:
        return _shift(score, end, full - length, None)
    return None


def _shift(score: Score, tick: int, by: int, cut: Note | None) -> Score:
    """Everything from `tick` on moved by `by`; `cut` is shortened to make room where it must."""

    def moved(note: Note) -> Note:
        if note.start >= tick:
            return replace(note, start=note.start + by)
        if note == cut and note.end > tick + by:
            return replace(note, duration=tick + by - note.start)
        if note.end > tick and by > 0:
            return replace(note, duration=note.duration + by)
        return note

    def later(at: int) -> int:
        return at + by if at >= tick else at

    tracks = tuple(
        replace(
            track,
            notes=tuple(map(moved, track.notes)),
            lyrics=tuple(replace(lyric, tick=later(lyric.tick)) for lyric in track.lyrics),
        )
        for track in score.tracks
    )
    return replace(
        score,
        tracks=tracks,
        metres=tuple(replace(metre, tick=later(metre.tick)) for metre in score.metres if by > 0 or metre.tick != tick),
        keys=tuple(replace(key, tick=later(key.tick)) for key in score.keys),
        tempos=tuple(replace(tempo, tick=later(tempo.tick)) for tempo in score.tempos),
        chords=tuple(replace(chord, tick=later(chord.tick)) for chord in score.chords),
    )


def _plain_metres(score: Score) -> Score:
    """Metres only where they change; for scores whose bars are all whole."""
    metres: list[Metre] = []
    for metre in score.metres:
        if not metres or str(metres[-1]) != str(metre):
            metres.append(metre)
    return replace(score, metres=tuple(metres))
