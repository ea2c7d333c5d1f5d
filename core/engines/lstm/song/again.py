"""A song that was written before, taken apart again: its lines as notes with syllables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.engines.lstm.leadsheet import TICKS_PER_UNIT
from core.engines.lstm.song.fitting import Line, SungNote
from core.engines.lstm.song.plan import LinePlan
from core.errors import RequestError
from core.score import Score
from core.score.words import sung_notes


def kept_lines(song: Score, plans: Sequence[LinePlan], reference: int, again: int) -> dict[int, tuple[Line, int]]:
    """The lines of a song but one, and where in a bar each begins, in units.

    Args:
        song: the melody with one lyric for each syllable, as `compose` wrote it or as it was edited since.
        plans: of the lines of the same words.
        reference: the pitch that others are counted from.
        again: the number of the line that does not stay.

    Raises:
        RequestError: the song has other words.
    """
    track = song.melody
    ticks = [lyric.tick for lyric in track.lyrics]
    if len(ticks) != plans[-1].last:
        raise RequestError("A song to these words is needed", f"it has {len(ticks)} syllables, the words have {plans[-1].last}",
                           "Compose it anew")
    notes: list[SungNote] = []
    end = -_lead(song) if song.pickup else 0
    for syllable, (_, own) in enumerate(sung_notes(track)):
        for note in own:
            gap = max(0, note.start - end)
            notes.append(SungNote(round(gap / TICKS_PER_UNIT), max(1, round(note.duration / TICKS_PER_UNIT)), syllable,
                                  note.pitch - reference))
            end = note.end
    found = {}
    shift = _lead(song) if song.pickup else 0
    for number, line in enumerate(plans):
        kept = tuple(replace(note, carries=note.carries - line.first) for note in notes if line.first <= note.carries < line.last)
        if number != again and kept:
            place = (ticks[line.first] + shift) % song.metres[0].bar_ticks
            found[number] = (kept, round(place / TICKS_PER_UNIT))
    return found


def _lead(song: Score) -> int:
    """Ticks from the bar line before the pick-up to its first note."""
    return song.metres[0].bar_ticks - song.pickup
