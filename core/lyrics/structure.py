"""What comes again in a song: rhymes, lines, choruses; and whether the verses fit one melody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from core.lyrics.rhyme import rhyme_key
from core.lyrics.types import Line, Lyrics, Section

NEAR = 0.75
"""Share of syllables in order that two lines have in common to be one line with a word changed."""

_LEAST = 4  # syllables; shorter lines must be equal to repeat
_SECTION_SHARE = 0.6
_AGREES = 0.75


@dataclass(frozen=True, slots=True)
class Twin:
    """Two lines that are sung to one melody: the same line of two sections of one kind.

    Attributes:
        line, other: numbers of the later line and of its model in the first section of the kind; `other` is None
            where that section has no such line.
        syllables, other_syllables: how many each has.
        agreement: share of their syllables, in order, whose stress does not clash, 0 to 1. A clash is a stressed syllable
            against an unstressed one of a longer word; words of one syllable that only serve go with both. 1 where
            one of the lines is not English.
        fits: equal counts, and at most one syllable in four that clashes.
    """

    line: int
    other: int | None
    syllables: int
    other_syllables: int
    agreement: float

    @property
    def fits(self) -> bool:
        return self.syllables == self.other_syllables and self.agreement >= _AGREES


def with_structure(lyrics: Lyrics) -> Lyrics:
    """The same with rhymes, repeated lines, sections that come back and choruses found."""
    lines = lyrics.lines
    repeats = _repeats(lines)
    rhymes = _rhymes(lines)
    marked = [replace(line, repeats=repeats[line.number], rhyme=rhymes[line.number]) for line in lines]
    sections = [
        replace(section, lines=tuple(marked[line.number] for line in section.lines)) for section in lyrics.sections
    ]
    return Lyrics(tuple(_with_choruses(sections)))


def _rhymes(lines: Sequence[Line]) -> list[int | None]:
    keys = [rhyme_key(line.words[-1]) for line in lines]
    numbers: dict[str, int] = {}
    for key in keys:
        if key and keys.count(key) > 1:
            numbers.setdefault(key, len(numbers))
    return [numbers.get(key) for key in keys]


def _repeats(lines: Sequence[Line]) -> list[int | None]:
    """For each line the first one that it repeats."""
    found: list[int | None] = []
    firsts: list[tuple[int, list[str], frozenset[str]]] = []
    exact: dict[tuple[str, ...], int] = {}
    for line in lines:
        own = [syllable.text.casefold() for syllable in line.syllables]
        number = exact.get(tuple(own))
        if number is None and len(own) >= _LEAST:
            kinds = frozenset(own)
            number = next((n for n, other, those in firsts if _near(own, kinds, other, those)), None)
        if number is None:
            firsts.append((line.number, own, frozenset(own)))
            exact[tuple(own)] = line.number
        found.append(number)
    return found


def _near(own: list[str], kinds: frozenset[str], other: list[str], those: frozenset[str]) -> bool:
    if min(len(own), len(other)) < _LEAST or 2 * min(len(own), len(other)) < NEAR * (len(own) + len(other)):
        return False
    # Most pairs share next to nothing; only the rest is worth matching in order.
    if len(kinds & those) < (2 * NEAR - 1) * min(len(kinds), len(those)):
        return False
    return SequenceMatcher(None, own, other, autojunk=False).ratio() >= NEAR


def _with_choruses(sections: list[Section]) -> list[Section]:
    sources = [line.number if line.repeats is None else line.repeats for section in sections for line in section.lines]
    lines = [[sources[line.number] for line in section.lines] for section in sections]
    back: list[int | None] = []
    for at, own in enumerate(lines):
        back.append(next((n for n in range(at) if back[n] is None and _same_section(own, lines[n])), None))
    out = [replace(section, repeats=source) for section, source in zip(sections, back, strict=True)]
    returning = {source for source in back if source is not None}
    group = {at for at in range(len(out)) if at in returning or back[at] is not None}
    if len(group) < len(out):  # one text sung over and over has no chorus
        for at in group:
            if out[at].is_guess and len(out[at].lines) > 1:
                out[at] = replace(out[at], kind="chorus")
    return out


def _same_section(own: list[int], other: list[int]) -> bool:
    if abs(len(own) - len(other)) > 1 + len(other) // 6:
        return False
    ratio = SequenceMatcher(None, own, other, autojunk=False).ratio()
    return ratio >= _SECTION_SHARE


def twins(lyrics: Lyrics) -> tuple[Twin, ...]:
    """Every line of the second and later sections of a kind beside the same line of the first. Sections that repeat an
    earlier one word for word or nearly are left out, since their melody returns with them; so are `other` ones."""
    models: list[Section] = []
    found = []
    for section in lyrics.sections:
        if section.kind == "other" or section.repeats is not None:
            continue
        model = next((other for other in models if _shares_melody(section, other)), None)
        if model is None:
            models.append(section)
            continue
        for at, line in enumerate(section.lines):
            other = model.lines[at] if at < len(model.lines) else None
            found.append(_twin(line, other))
    return tuple(found)


def _shares_melody(section: Section, model: Section) -> bool:
    """Whether a section is likely sung to the melody of an earlier one: it is of its kind, and of its length unless both have
    headings."""
    named = not section.is_guess and not model.is_guess
    return section.kind == model.kind and (named or len(section.lines) == len(model.lines))


def misfits(lyrics: Lyrics) -> tuple[Twin, ...]:
    """The twins that do not fit one melody as they are."""
    return tuple(twin for twin in twins(lyrics) if not twin.fits)


def _twin(line: Line, other: Line | None) -> Twin:
    own = line.syllables
    if other is None:
        return Twin(line.number, None, len(own), 0, 0.0)
    return Twin(line.number, other.number, len(own), len(other.syllables), agreement(line, other))


def agreement(line: Line, other: Line) -> float:
    """The share of syllables of two lines, in order, whose stress does not clash: see `Twin`."""
    pairs = list(zip(_beats(line), _beats(other), strict=False))
    return 1 - sum({a, b} == {True, False} for a, b in pairs) / len(pairs)


def _beats(line: Line) -> list[bool | None]:
    """For each syllable whether it asks for a strong beat; None where it goes with any."""
    return [
        bool(syllable.stress) if word.language == "en" and (syllable.stress or len(word.syllables) > 1) else None
        for word in line.words
        for syllable in word.syllables
    ]


def scheme(section: Section) -> str:
    """The rhymes of a section as letters, `-` where a line's end has no other in the section: ABAB, AABA."""
    classes = [line.rhyme for line in section.lines]
    letters: dict[int, str] = {}
    out = ""
    for own in classes:
        if own is None or classes.count(own) < 2:
            out += "-"
        else:
            out += letters.setdefault(own, chr(ord("A") + len(letters) % 26))
    return out
