"""What the user put right: syllables, stress or pinyin of a word, kept apart from the text and applied when it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from core.errors import FormatError, RequestError
from core.lyrics.chinese import is_chinese, is_pinyin

EVERYWHERE = 0
"""As `nth`: every place where the word stands."""

Key = tuple[str, int]
"""A word in lower case, and which of its occurrences in the text, from 1, or `EVERYWHERE`."""

_TODO = "Take the correction back or give another"


@dataclass(frozen=True, slots=True)
class Correction:
    """How a word is to be sung; what is None stays as it was read.

    Attributes:
        syllables: joined they are the word, capitals aside.
        stress: 0, 1 or 2 for every syllable.
        pinyin: such as `zhang3` for every character.
    """

    syllables: tuple[str, ...] | None = None
    stress: tuple[int, ...] | None = None
    pinyin: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of a text. `with_` and `without` give new ones."""

    words: Mapping[Key, Correction] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, word: str, nth: int) -> Correction | None:
        """What is to be put right of the nth occurrence of a word, from 1; what is said of it alone comes first."""
        form = word.casefold()
        return self.words.get((form, nth)) or self.words.get((form, EVERYWHERE))

    def with_(self, word: str, correction: Correction, nth: int = EVERYWHERE) -> Corrections:
        """These and one more; it takes the place of an earlier one of the same word and place.

        Raises:
            RequestError: the correction does not fit the word.
        """
        check(word, correction, nth)
        return replace(self, words=MappingProxyType({**self.words, (word.casefold(), nth): correction}))

    def without(self, word: str, nth: int = EVERYWHERE) -> Corrections:
        """These but one."""
        key = (word.casefold(), nth)
        return replace(self, words=MappingProxyType({k: v for k, v in self.words.items() if k != key}))

    def as_json(self) -> str:
        """A list of objects, to be read by `corrections_from_json`."""
        rows = []
        for (word, nth), correction in self.words.items():
            said = {name: list(value) for name in ("syllables", "stress", "pinyin") if (value := getattr(correction, name))}
            rows.append({"word": word, "nth": nth, **said})
        return json.dumps(rows, ensure_ascii=False)


NO_CORRECTIONS = Corrections()


def check(word: str, correction: Correction, nth: int = EVERYWHERE) -> None:
    """Raises RequestError where a correction does not fit its word."""
    parts, stress, pinyin = correction.syllables, correction.stress, correction.pinyin
    if nth < 0:
        raise RequestError("An occurrence is counted from 1, or 0 for all", f"got {nth}", _TODO)
    if not (parts or stress or pinyin):
        raise RequestError("A correction has syllables, stress or pinyin", f"that of {word} has none", _TODO)
    if is_chinese(word) and (parts is not None or stress is not None):
        raise RequestError("Chinese words are corrected by their pinyin", f"got syllables or stress for {word}", _TODO)
    if not is_chinese(word) and pinyin is not None:
        raise RequestError("Pinyin is for Chinese words", f"got it for {word}", _TODO)
    if parts is not None and (not all(parts) or "".join(parts).casefold() != word.casefold()):
        raise RequestError(f"The syllables of {word} joined are the word", f"got {'-'.join(parts)}", _TODO)
    if parts is not None and stress is not None and len(parts) != len(stress):
        raise RequestError("Every syllable has its stress", f"{len(stress)} are given for {len(parts)} syllables", _TODO)
    if stress is not None and any(value not in (0, 1, 2) for value in stress):
        raise RequestError("Stress is 0 (none), 1 (primary) or 2 (secondary)", f"got {' '.join(map(str, stress))}", _TODO)
    if pinyin is not None and (len(pinyin) != len(word) or not all(map(is_pinyin, pinyin))):
        raise RequestError(f"Pinyin with tones, such as zhang3, is needed for every character of {word}",
                           f"got {' '.join(pinyin)}", _TODO)


def corrections_from_json(text: str) -> Corrections:
    """Corrections as `Corrections.as_json` wrote them.

    Raises:
        FormatError: it is not that.
        RequestError: a correction does not fit its word.
    """
    try:
        rows = json.loads(text)
        found = Corrections()
        for row in rows:
            found = found.with_(str(row["word"]), _correction(row), int(row.get("nth", EVERYWHERE)))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise FormatError("Corrections are a list of words with syllables, stress or pinyin", f"cannot be read ({error})",
                          "Write them again") from error
    return found


def _correction(row: Mapping[str, Any]) -> Correction:
    parts, stress, pinyin = row.get("syllables"), row.get("stress"), row.get("pinyin")
    return Correction(
        tuple(map(str, parts)) if parts is not None else None,
        tuple(map(int, stress)) if stress is not None else None,
        tuple(map(str, pinyin)) if pinyin is not None else None,
    )
