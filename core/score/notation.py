"""The nearest music that notation can say: what the MusicXML writer writes.

Quantised are: notes, to 64ths or to triplets of each quarter note (whichever is nearer), at least
one step long; the lengths of a pick-up and of cut bars, to 64ths; changes of key, to the bar line
before. Left out are words without a note, events after the last bar, whether a track is muted, and
characters that XML cannot hold. Everything else is kept to the tick.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from core.score.barlines import lay_bars
from core.score.types import TICKS_PER_QUARTER, ChordSymbol, Key, Lyric, Metre, Note, Score, Track

STRAIGHT = TICKS_PER_QUARTER // 16
"""A 64th note."""
TRIPLET = TICKS_PER_QUARTER // 12
"""A 32nd note in a triplet."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """`text` in one line without what XML cannot hold."""
    return " ".join(_FORBIDDEN.sub("", text).split())


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar to write. `origin` is where a full bar that ends with it would begin: before a pick-up's start."""

    start: int
    end: int
    metre: Metre
    origin: int

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """The quarter notes of the bar as (start, end), the outer ones cut where the bar is."""
        first = self.start + (self.origin - self.start) % TICKS_PER_QUARTER
        edges = sorted({self.start, *range(first, self.end, TICKS_PER_QUARTER), self.end})
        return tuple(pairwise(edges))


def bars_of(score: Score) -> tuple[Bar, ...]:
    """The bars of a score, the pick-up first."""
    return tuple(
        Bar(start, end, metre, end - metre.bar_ticks if start == 0 and score.pickup else start)
        for start, end, metre in score.bars
    )


class _Timeline:
    """Moves ticks from the bars of a score to bars whose lengths are whole 64ths."""

    def __init__(self, score: Score) -> None:
        old = score.bars
        self._old = [start for start, _, _ in old]
        lengths = [max(STRAIGHT, (end - start + STRAIGHT // 2) // STRAIGHT * STRAIGHT) for start, end, _ in old]
        laid = lay_bars([(length, bar[2].numerator, bar[2].denominator) for length, bar in zip(lengths, old, strict=True)])
        self._new, self._lengths = laid.starts, lengths
        self.metres = laid.metres
        self.pickup = laid.pickup
        self.end = laid.starts[-1] + lengths[-1]

    def bar_start(self, tick: int) -> int:
        return self._new[self._place(tick)]

    def move(self, tick: int) -> int:
        place = self._place(tick)
        return self._new[place] + min(tick - self._old[place], self._lengths[place])

    def _place(self, tick: int) -> int:
        return bisect_right(self._old, tick) - 1


def notatable(score: Score) -> Score:
    """The score as it can be notated; one that can be already comes back equal."""
    line = _Timeline(score)
    old = score.tracks or (Track(),)
    moved = [[_moved(note, line) for note in track.notes] for track in old]
    shape = Score(tuple(Track(tuple(notes)) for notes in moved), metres=line.metres, pickup=line.pickup)
    bars = bars_of(shape)
    tracks = tuple(_track(track, notes, bars) for track, notes in zip(old, moved, strict=True))
    # Snapping may empty the last bars: what stands there goes with them.
    end = min(line.end, replace(shape, tracks=tracks).length)
    keys: dict[int, Key] = {}
    for key in score.keys:
        keys[line.bar_start(key.tick)] = replace(key, tick=line.bar_start(key.tick))
    return Score(
        tracks=tracks,
        tempos=tuple(replace(t, tick=line.move(t.tick)) for t in score.tempos if line.move(t.tick) < end),
        metres=tuple(metre for metre in line.metres if metre.tick < end),
        keys=_changes(key for key in keys.values() if key.tick < end) if any(not track.is_drum for track in tracks) else (),
        chords=tuple(_chord(c, line.move(c.tick)) for c in score.chords if line.move(c.tick) < end),
        pickup=line.pickup,
        title=xml_text(score.title),
        composer=xml_text(score.composer),
        texts=tuple(text for text in map(xml_text, score.texts) if text),
    )


def _moved(note: Note, line: _Timeline) -> Note:
    start = line.move(note.start)
    return replace(note, start=start, duration=max(1, line.move(note.end) - start))


def _changes(keys: Iterable[Key]) -> tuple[Key, ...]:
    """Keys in order of tick, without those that repeat the one before."""
    found: list[Key] = []
    for key in sorted(keys):
        if not found or (found[-1].tonic, found[-1].mode) != (key.tonic, key.mode):
            found.append(key)
    return tuple(found)


def _chord(chord: ChordSymbol, tick: int) -> ChordSymbol:
    if chord.root is None:
        return ChordSymbol(tick, None)
    return replace(chord, tick=tick, bass=None if chord.bass == chord.root else chord.bass)


def _track(old: Track, moved: list[Note], bars: tuple[Bar, ...]) -> Track:
    """The track on the grid of its quarter notes, each syllable with its note."""
    cells = [cell for bar in bars for cell in bar.cells]
    starts = [start for start, _ in cells]
    grids = _grids(moved, starts, cells)

    def snap(tick: int) -> int:
        place = min(bisect_right(starts, tick) - 1, len(starts) - 1)
        start, end = cells[place]
        return min(start + (tick - start + grids[place] // 2) // grids[place] * grids[place], end)

    notes, begins = [], {}
    for before, note in zip(old.notes, moved, strict=True):
        start = snap(note.start)
        place = bisect_right(starts, start) - 1
        if start >= cells[-1][1]:
            place = len(cells) - 1
            start = cells[-1][1] - grids[place]
        notes.append(replace(note, start=start, duration=max(snap(note.end) - start, grids[place])))
        begins[before.start] = start
    lyrics: dict[int, Lyric] = {}
    for lyric in old.lyrics:
        text = xml_text(lyric.text)
        if text and lyric.tick in begins:
            lyrics.setdefault(begins[lyric.tick], replace(lyric, tick=begins[lyric.tick], text=text))
    return replace(old, notes=tuple(notes), name=xml_text(old.name), muted=False, lyrics=tuple(lyrics.values()))


def _grids(notes: list[Note], starts: list[int], cells: list[tuple[int, int]]) -> list[int]:
    """`STRAIGHT` or `TRIPLET` for every cell, by the distance of what begins and ends in it."""
    misses: dict[int, list[int]] = {}
    for note in notes:
        for tick in (note.start, note.end):
            place = min(bisect_right(starts, tick) - 1, len(starts) - 1)
            offset = tick - cells[place][0]
            miss = misses.setdefault(place, [0, 0])
            for index, grid in enumerate((STRAIGHT, TRIPLET)):
                miss[index] += min(offset % grid, -offset % grid)
    grids = [STRAIGHT] * len(cells)
    for place, (straight, triplet) in misses.items():
        start, end = cells[place]
        if triplet < straight and (end - start) % (TICKS_PER_QUARTER // 2) == 0:
            grids[place] = TRIPLET
    return grids
