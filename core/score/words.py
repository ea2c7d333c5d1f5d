"""The words of a part, line by line, as they are read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from core.score.types import TICKS_PER_QUARTER, Lyric, Note, Track

_WIDE = 0x2E80
"""Characters from here on are Chinese, Japanese or Korean, which put no space between words."""


def lyric_lines(track: Track) -> tuple[tuple[Lyric, ...], ...]:
    """The syllables of a part by lines. Where no line end is known, a rest of a quarter or more ends a line.

    Returns:
        Lines of at least one syllable; () for a part without words.
    """
    known = any(lyric.ends_line for lyric in track.lyrics)
    breaks = frozenset() if known else _after_rests(track)
    lines: list[tuple[Lyric, ...]] = []
    line: list[Lyric] = []
    for lyric in track.lyrics:
        if line and lyric.tick in breaks and line[-1].syllabic in ("single", "end"):
            lines.append(tuple(line))
            line = []
        line.append(lyric)
        if lyric.ends_line:
            lines.append(tuple(line))
            line = []
    return (*lines, tuple(line)) if line else tuple(lines)


def sung_notes(track: Track) -> tuple[tuple[Lyric, tuple[Note, ...]], ...]:
    """Every syllable of a part with the notes that it is sung to: those from its tick up to the next syllable's."""
    starts = [note.start for note in track.notes]
    places = [bisect_left(starts, lyric.tick) for lyric in track.lyrics] + [len(starts)]
    return tuple((lyric, track.notes[first:last]) for lyric, (first, last) in zip(track.lyrics, pairwise(places), strict=True))


def _after_rests(track: Track) -> frozenset[int]:
    """Ticks at which a note begins after a rest of a quarter or more."""
    found, end = set(), 0
    for note in track.notes:
        if note.start - end >= TICKS_PER_QUARTER:
            found.add(note.start)
        end = max(end, note.end)
    return frozenset(found)


def spaced(line: Sequence[Lyric]) -> tuple[str, ...]:
    """Each syllable with the space that follows it, if one does: joined, they are the line as it is read."""
    out = []
    for lyric, following in zip(line, [*line[1:], None], strict=True):
        goes_on = lyric.syllabic in ("begin", "middle")
        close = following is None or goes_on or (_is_wide(lyric.text[-1:]) and _is_wide(following.text[:1]))
        out.append(lyric.text if close else f"{lyric.text} ")
    return tuple(out)


def _is_wide(letter: str) -> bool:
    return letter >= chr(_WIDE)
