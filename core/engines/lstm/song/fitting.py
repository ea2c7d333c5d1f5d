"""A melody for other words: the notes of a line, made to carry more or fewer syllables with as little change as can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from core.engines.lstm.leadsheet import DURATIONS

SHORTEST = 6
"""Units: a note is not parted into shorter ones."""


@dataclass(frozen=True, slots=True)
class SungNote:
    """One note of a line: units of rest before it and of its own, the number of its syllable in the line, and its pitch above
    the reference where it is known."""

    gap: int
    duration: int
    carries: int
    pitch: int = 0


Line = tuple[SungNote, ...]


def fitted(line: Line, syllables: int, may_rest: list[bool]) -> Line:
    """The line for so many syllables.

    Args:
        line: as it was.
        syllables: that it has to carry, at least one.
        may_rest: for each of them whether a rest may come before it.

    Where there are too few notes the longest ones are parted; where there are too many, the shortest neighbours are sung to one
    syllable.
    """
    groups = [[note for note in line if note.carries == at] for at in range(line[-1].carries + 1)]
    while len(groups) < syllables:
        at = _longest(groups)
        groups[at : at + 1] = _parted(groups[at])
    while len(groups) > syllables:
        pairs = [(bool(after[0].gap), _units(group + after)) for group, after in pairwise(groups)]
        at = pairs.index(min(pairs))
        groups[at : at + 2] = [groups[at] + groups[at + 1]]
    notes: list[SungNote] = []
    for at, group in enumerate(groups):
        for nth, note in enumerate(group):
            gap = note.gap
            if gap and notes and (nth or not may_rest[at]):
                # What may not rest is held.
                notes[-1] = replace(notes[-1], duration=notes[-1].duration + gap)
                gap = 0
            notes.append(replace(note, gap=gap, carries=at))
    return tuple(notes)


def _units(notes: list[SungNote]) -> int:
    return sum(note.duration for note in notes)


def _longest(groups: list[list[SungNote]]) -> int:
    """The syllable to part: one of several notes, else the longest note, the line's last one only where nothing else is long."""
    def weight(at: int) -> tuple[bool, bool, int]:
        longest = max(note.duration for note in groups[at])
        return (len(groups[at]) > 1 or longest >= 2 * SHORTEST, at < len(groups) - 1, _units(groups[at]))

    return max(range(len(groups)), key=weight)


def _parted(group: list[SungNote]) -> list[list[SungNote]]:
    if len(group) > 1:
        half = len(group) // 2
        return [group[:half], group[half:]]
    note = group[0]
    half = max((units for units in DURATIONS if units <= note.duration // 2), default=note.duration // 2)
    return [[replace(note, duration=note.duration - half)], [replace(note, gap=0, duration=half)]]
