"""Two passages that are alike, one above the other: the second brought to the time of the first."""

from __future__ import annotations

from dataclasses import replace

from core.analysis.difficulty.types import line
from core.rights.originality import Passage
from core.score import TICKS_PER_QUARTER, Note, Score, Tempo, Track
from core.score.edits import trim

GRID = TICKS_PER_QUARTER // 4
"""Sixteenths, to which notes of another length are moved so that they can be read."""


def on_two_staves(score: Score, other: Score, passage: Passage) -> Score:
    """The bars of a passage: the query's melody above, the other piece's below, at the same places.

    The lower staff keeps its own pitches; where its notes take longer or shorter it is written in the upper one's time.

    Raises:
        RequestError: the bars are not in the piece.
    """
    assert passage.there is not None
    here = trim(score, passage.here.first_bar, passage.here.last_bar)
    offset = score.bars[passage.here.first_bar][0]
    first_here, first_there = passage.pairs[0]
    stretch = passage.stretch or 1.0

    def moved(tick: int) -> int:
        return round(((tick - first_there) / stretch + first_here - offset) / GRID) * GRID

    below = []
    for note in line(other.melody.notes):
        if passage.there.start <= note.start < passage.there.end:
            start = moved(note.start)
            if 0 <= start < here.length:
                end = min(max(moved(note.end), start + GRID), here.length)
                below.append(Note(start, note.pitch, end - start, note.velocity))
    # Without names: they would stand left of the staves in a font whose width the engraver does not know.
    tracks = (Track(here.melody.notes, program=here.melody.program), Track(_apart(below)))
    return replace(here, tracks=tracks, chords=(), title="", tempos=(Tempo(0, round(here.tempos[0].bpm)),))


def _apart(notes: list[Note]) -> tuple[Note, ...]:
    """One note at a time, each ended where the next begins."""
    kept: list[Note] = []
    for note in sorted(notes):
        if kept and kept[-1].start == note.start:
            kept.pop()
        elif kept and kept[-1].end > note.start:
            kept[-1] = replace(kept[-1], duration=note.start - kept[-1].start)
        kept.append(note)
    return tuple(kept)
