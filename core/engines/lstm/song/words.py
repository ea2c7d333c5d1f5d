"""What the network reads of a syllable: numbers for each column of `COLUMNS`, 0 where a thing is not known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.lyrics.types import Lyrics, Place

Ints = NDArray[np.int64]

FAR, MOST_LINES = 10, 7
COLUMNS = {
    "stress": 4,  # none, primary, secondary
    "syllabic": 5,
    "breath": 6,
    "breath_before": 6,
    "function": 3,
    "question": 3,
    "from_start": FAR + 2,
    "to_end": FAR + 2,
    "line": MOST_LINES + 2,
    "last": 4,  # a line among others, the last of its section, of the song
    "kind": 4,
    "language": 4,
}
"""Name to the number of values, the unknown with them."""
_SYLLABIC = ("single", "begin", "middle", "end")
_KINDS = ("verse", "chorus")
_LANGUAGES = ("en", "zh")


def read_words(lyrics: Lyrics) -> Ints:
    """(syllables, columns): every syllable of the lyrics in the order of singing."""
    places = lyrics.places
    last_line = places[-1].line
    before = [0, *(int(place.syllable.breath) for place in places[:-1])]
    return np.array([_row(place, last_line, breath) for place, breath in zip(places, before, strict=True)], np.int64)


def unknown_words(count: int) -> Ints:
    """The rows of so many notes of which nobody knows what is sung."""
    return np.zeros((count, len(COLUMNS)), np.int64)


def _row(place: Place, last_line: int, breath_before: int) -> list[int]:
    syllable = place.syllable
    is_last = place.line_in_section == place.lines_in_section - 1
    return [
        0 if syllable.stress is None else syllable.stress + 1,
        _SYLLABIC.index(place.syllabic) + 1,
        int(syllable.breath) + 1,
        breath_before + 1,
        place.is_function + 1,
        syllable.question + 1,
        min(place.at, FAR) + 1,
        min(place.of - 1 - place.at, FAR) + 1,
        min(place.line_in_section, MOST_LINES) + 1,
        1 + is_last + (place.line == last_line),
        1 + (_KINDS.index(place.kind) if place.kind in _KINDS else len(_KINDS)),
        1 + (_LANGUAGES.index(place.language) if place.language in _LANGUAGES else len(_LANGUAGES)),
    ]


def line_bounds(places: Sequence[Place]) -> list[tuple[int, int]]:
    """Where each line begins and ends among all syllables."""
    starts = [at for at, place in enumerate(places) if place.at == 0]
    return list(pairwise([*starts, len(places)]))
