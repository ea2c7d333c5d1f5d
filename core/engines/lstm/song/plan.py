"""Which lines of a song get music of their own, and which come back: same words, same music."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.lyrics import Lyrics
from core.lyrics.structure import twins

MOST_APART = 0.34
"""Share of its syllables by which a line may differ from its model and still be sung to its melody."""


@dataclass(frozen=True, slots=True)
class LinePlan:
    """Where the music of a line comes from.

    Attributes:
        first, last: its syllables among all, the last one not with them.
        model: the earlier line whose music comes back; None for music of its own.
        how: `new`, `same` (the words are the same) or `twin` (another verse).
    """

    first: int
    last: int
    how: Literal["new", "same", "twin"] = "new"
    model: int | None = None


def plan(lyrics: Lyrics) -> tuple[LinePlan, ...]:
    """A plan for every line. A line returns with its section or where its words return; verses are sung to the first one's
    melody, where their lines are near enough in length."""
    lines = lyrics.lines
    models: dict[int, tuple[int, Literal["same", "twin"]]] = {}
    for number, section in enumerate(lyrics.sections):
        if section.repeats is not None and section.repeats < number:
            back = lyrics.sections[section.repeats].lines
            models |= {line.number: (back[at].number, "same") for at, line in enumerate(section.lines) if at < len(back)}
    for line in lines:
        if line.repeats is not None and line.number not in models:
            models[line.number] = (line.repeats, "same")
    for twin in twins(lyrics):
        if twin.other is not None and twin.line not in models:
            models[twin.line] = (twin.other, "twin")
    found: list[LinePlan] = []
    first = 0
    for line in lines:
        count = len(line.syllables)
        own = LinePlan(first, first + count)
        if line.number in models:
            model, how = models[line.number]
            other = len(lines[model].syllables)
            if abs(count - other) <= max(1, MOST_APART * min(count, other)):
                own = LinePlan(first, first + count, how, model)
        found.append(own)
        first += count
    return tuple(found)
