"""Where the spelling of a word is parted between its syllables, as it stands under notes: beau-ti-ful.

A boundary lies somewhere from the end of one vowel to the beginning of the next. Where hyphenation (pyphen's
patterns, which are Liang's of 1983 for TeX) has a point there, that is taken: it knows word stems. Else a doubled
consonant is parted and the rest follows the sound.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cache
from typing import Any

from core.lyrics.languages import HYPHENATED
from core.lyrics.scripts import folded

VOWELS = frozenset("aeiouy")
_PATTERNS = {"en": "en_US", **HYPHENATED}
_ONE_VOWEL = {
    "de": ("ie", "ei", "ai", "au", "eu", "äu", "aa", "ee", "oo"),
    "nl": ("ie", "ei", "ij", "ui", "ou", "au", "eu", "oe", "aa", "ee", "oo", "uu"),
    "fr": ("eau", "eai", "oeu", "œu", "ai", "ei", "oi", "ui", "au", "eu", "ou", "ie", "ée", "ue", "ay", "oy"),
    "es": ("ia", "ie", "io", "iu", "ua", "ue", "ui", "uo", "ai", "ei", "oi", "au", "eu", "ay", "ey", "oy", "uy"),
    "it": ("ia", "ie", "io", "iu", "ua", "ue", "ui", "uo", "ai", "ei", "oi", "au", "eu"),
    "pt": ("ai", "ei", "oi", "ui", "au", "eu", "ou", "ão", "ãe", "õe", "ua", "ue", "ia", "io"),
    "pl": ("ia", "ie", "io", "iu", "ią", "ię"),
    "ro": ("ea", "oa", "ai", "ei", "oi", "au", "ou", "ia", "ie"),
    "en": ("eau", "ai", "au", "ay", "ea", "ee", "ei", "eu", "ey", "ie", "oa", "oe", "oi", "oo", "ou", "oy", "ue", "ui"),
}  # fmt: skip
"""Vowel letters that are one vowel, the longest first. In other languages every vowel letter is a vowel of its own."""

_CLUSTERS = ("sch", "bl", "br", "cl", "cr", "dr", "fl", "fr", "gl", "gr", "pl", "pr", "tr", "ch", "ph", "th", "sh", "gn", "qu",
             "gu", "cz", "sz", "rz")  # fmt: skip
"""Consonants that stay together, the longest first."""


def is_vowel(letter: str) -> bool:
    return folded(letter)[:1] in VOWELS if folded(letter) else False


@cache
def _hyphenator(language: str) -> Any:
    import pyphen

    return pyphen.Pyphen(lang=_PATTERNS[language], left=1, right=1)


def hyphens(word: str, language: str) -> list[int]:
    """Where hyphenation parts a word, as positions in it, without parts that hold no vowel."""
    points, last = [], 0
    for point in _hyphenator(language).positions(word.casefold()) if len(word.casefold()) == len(word) else ():
        if any(map(is_vowel, word[last:point])) and any(map(is_vowel, word[point:])):
            points.append(int(point))
            last = point
    return points


def vowel_spans(word: str, language: str) -> list[tuple[int, int]]:
    """First and end position of every vowel of the spelling."""
    lower, joined = word.casefold(), _ONE_VOWEL.get(language, ())
    if len(lower) != len(word):
        lower = word
    spans, at = [], 0
    while at < len(word):
        size = next((len(group) for group in joined if lower.startswith(group, at)), 1)
        if size > 1 or is_vowel(word[at]):
            # y and i before another vowel are consonants (yes, Jahr, Maia); so is u after q.
            glide = lower[at] == "y" and at + 1 < len(word) and is_vowel(word[at + 1]) and size == 1
            after_q = lower[at] == "u" and at and lower[at - 1] == "q" and size == 1
            if not glide and not after_q:
                spans.append((at, at + size))
        at += size
    return spans


def part(
    word: str, spans: Sequence[tuple[int, int]], wanted: Sequence[int], language: str, stem: int = 0
) -> tuple[str, ...]:
    """The spelling of a word by syllables.

    Args:
        word: its letters.
        spans: first and end position of the vowel of each syllable, rising.
        wanted: for every boundary between two of them, where the sound has it.
        language: for the hyphenation.
        stem: where an ending begins (dwell-ing), which parts where hyphenation is silent; 0 for none.
    """
    points, bounds = hyphens(word, language), [0]
    for (_, end), (start, _), sound in zip(spans, spans[1:], wanted, strict=False):
        between = [point for point in points if end <= point <= start]
        at = between[-1] if between else stem if end <= stem <= start else _by_sound(word, end, start, sound)
        bounds.append(max(at, bounds[-1] + 1))
    bounds.append(len(word))
    return tuple(word[a:b] for a, b in itertools.pairwise(bounds))


def _by_sound(word: str, end: int, start: int, sound: int) -> int:
    at = min(max(sound, end), start)
    lower = word[end:start].lower()
    doubled = next((end + i + 1 for i in range(len(lower) - 1) if lower[i] == lower[i + 1]), None)
    return doubled if doubled is not None else at


def by_letters(word: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Boundaries where only letters are known: one consonant goes with the vowel behind it, or two that begin words."""
    bounds = []
    for (_, end), (start, _) in itertools.pairwise(spans):
        between = word[end:start].casefold()
        size = next((len(cluster) for cluster in _CLUSTERS if between.endswith(cluster)), min(1, len(between)))
        bounds.append(start - size)
    return bounds


def guess_spans(word: str, count: int, language: str) -> list[tuple[int, int]]:
    """Vowels of a spelling for a word that is known to have `count` syllables; where the letters do not show so many
    vowels, the word is shared out evenly."""
    spans = vowel_spans(word, language)
    if len(spans) == count + 1 and word[-1:].lower() == "e":
        spans = spans[:-1]  # a silent e at the end
    if len(spans) != count:
        edges = [round(i * len(word) / count) for i in range(count + 1)]
        spans = [(a, max(a + 1, b - 1) if b - a > 1 else b) for a, b in itertools.pairwise(edges)]
    return spans


def hyphenated(word: str, language: str) -> tuple[str, ...]:
    """The syllables of a word of a language that has no dictionary here: hyphenation, and between two vowels that it
    leaves together the last consonant begins the next syllable. A word without vowels is one syllable."""
    spans = vowel_spans(word, language)
    if len(spans) < 2:
        return (word,)
    return part(word, spans, by_letters(word, spans), language)
