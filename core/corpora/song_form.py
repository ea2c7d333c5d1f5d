"""The form of a song bar by bar, as a band needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.analysis.sections import Section, SectionKind, full_bars, sections
from core.score import Score


@dataclass(frozen=True, slots=True)
class Form:
    """One entry a bar, the pick-up left out. `letters` are equal where the melody nearly is; `fills` marks bars that lead
    into another section.
    """

    letters: tuple[str, ...]
    kinds: tuple[SectionKind, ...]
    fills: tuple[bool, ...]


def form_of(found: Sequence[Section], bars: int) -> Form:
    """The form that sections say, for so many bars; the last bar of every section but the last leads into the next."""
    letters: list[str] = []
    kinds: list[SectionKind] = []
    fills: list[bool] = []
    for number, section in enumerate(found):
        letters += [section.letter] * section.bars
        kinds += [section.kind] * section.bars
        fills += [False] * (section.bars - 1) + [number + 1 < len(found)]
    return Form(tuple(letters[:bars]), tuple(kinds[:bars]), tuple(fills[:bars]))


def song_form(score: Score) -> Form:
    """The form of a piece by its melody (`core.analysis.sections`)."""
    return form_of(sections(score), len(full_bars(score)))
