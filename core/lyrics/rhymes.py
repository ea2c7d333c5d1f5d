"""Rhymes for a word, perfect and near, the usual words first.

English sounds are gruut's lexicon, Chinese readings pypinyin's; how usual a word is says wordfreq (Speer 2022) for English
and jieba's dictionary for Chinese. Each language's index is built at its first question and kept.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Literal

from core.errors import RequestError
from core.lyrics import chinese, english
from core.lyrics.rhyme import body_of, english_key, rime, track_of
from core.lyrics.types import ENGLISH_VOWELS, Word

MAX_RHYMES = 200

_RARE_ZH = 20
"""Chinese words that jieba's corpus has less often are left out."""

_PLAIN = re.compile(r"[a-z]{2,}")
_MELTING = re.compile("[aɔ][ɪʊ] ɚ")
_ONE_LETTER = ("a", "i", "o")

_FAMILIES = ("pbtdkɡ", "fvθðszʃʒ", "mnŋ", "lɹ")
_FAMILY = {phone: str(n) for n, family in enumerate(_FAMILIES) for phone in family} | {"t͡ʃ": "0", "d͡ʒ": "0"}
"""Consonants that near-rhymes take for each other: stops, hissing sounds, nasals, liquids."""

Closeness = Literal["perfect", "near"]


@dataclass(frozen=True, slots=True)
class Rhyme:
    """A word that rhymes.

    Attributes:
        word: in lower case; Chinese in simplified characters.
        closeness: `perfect`, equal in sound from the vowel that rhymes (in Chinese one final, a glide before it aside);
            `near`, its last consonants of the same family (in Chinese one track of the Thirteen).
        syllables: how many it has.
        frequency: share among all words of its language, 0 to 1.
    """

    word: str
    closeness: Closeness
    syllables: int
    frequency: float


@dataclass(frozen=True, slots=True)
class Index:
    """Words by what they rhyme on, the usual ones first."""

    perfect: Mapping[str, tuple[tuple[str, int, float], ...]]
    near: Mapping[str, tuple[tuple[str, int, float], ...]]


def rhymes(word: Word, limit: int = 50, syllables: int | None = None) -> tuple[Rhyme, ...]:
    """Words that rhyme with a word of read lyrics: the perfect ones, then the near ones, each the usual first. A word does
    not rhyme with itself; one without a reading, or of another language than English and Chinese, has none.

    Args:
        word: such as the last of a line.
        limit: how many at most, 1 to `MAX_RHYMES`.
        syllables: only words of so many.

    Raises:
        RequestError: a limit out of range.
        MissingError: the English lexicon is not installed.
    """
    if not 1 <= limit <= MAX_RHYMES:
        raise RequestError(f"Between 1 and {MAX_RHYMES} rhymes can be asked for", f"got {limit}", "Ask for another number")
    keys = _keys(word)
    if keys is None:
        return ()
    index = _english_index() if word.language == "en" else _chinese_index()
    own = {chinese.simplified(word.text) if word.language == "zh" else english.plain_form(word.text)}
    found: list[Rhyme] = []
    for closeness, table, key in (("perfect", index.perfect, keys[0]), ("near", index.near, keys[1])):
        for text, count, frequency in table.get(key, ()):
            if len(found) == limit:
                return tuple(found)
            if text not in own and syllables in (None, count):
                found.append(Rhyme(text, "perfect" if closeness == "perfect" else "near", count, frequency))
                own.add(text)
    return tuple(found)


def _keys(word: Word) -> tuple[str, str] | None:
    """What it rhymes on perfectly and nearly."""
    if word.language == "zh":
        pinyin = word.syllables[-1].pinyin
        return (body_of(pinyin), track_of(pinyin)) if track_of(pinyin) else None
    if word.language != "en" or not word.syllables[-1].phones:
        return None
    key = english_key(word.syllables)
    return key, near_key(key.split())


def near_key(phones: Sequence[str]) -> str:
    """What the phonemes of a perfect key rhyme on nearly: each consonant stands for its family."""
    return " ".join(phone if phone in ENGLISH_VOWELS else _FAMILY.get(phone, phone) for phone in phones)


def warm(language: str) -> None:
    """Build the index of a language, `en` or `zh`, before it is asked for."""
    if language == "en":
        _english_index()
    elif language == "zh":
        _chinese_index()


@cache
def _english_index() -> Index:
    from wordfreq import get_frequency_dict

    usual = get_frequency_dict("en", wordlist="small")
    perfect: dict[str, list[tuple[str, int, float]]] = defaultdict(list)
    near: dict[str, list[tuple[str, int, float]]] = defaultdict(list)
    seen: set[str] = set()
    with closing(sqlite3.connect(f"{(english.folder() / 'lexicon.db').as_uri()}?mode=ro", uri=True)) as base:
        rows = base.execute("SELECT word, phonemes FROM word_phonemes ORDER BY pron_order").fetchall()
    melted = english.sung_phonemes(word for word, sounds in rows if _MELTING.search(sounds) and word in usual)
    for word, sounds in rows:
        frequency = usual.get(word)
        if frequency is None or word in seen or not (_PLAIN.fullmatch(word) or word in _ONE_LETTER):
            continue
        seen.add(word)
        syllables = english.sounded(melted.get(word) or sounds.split())
        if not syllables or not rime(syllables[-1].phones):
            continue
        key = english_key(syllables)
        entry = (word, len(syllables), frequency)
        perfect[key].append(entry)
        near[near_key(key.split())].append(entry)
    return Index(_ranked(perfect), _ranked(near))


@cache
def _chinese_index() -> Index:
    cutter = chinese.segmenter()
    perfect: dict[str, list[tuple[str, int, float]]] = defaultdict(list)
    near: dict[str, list[tuple[str, int, float]]] = defaultdict(list)
    for word, count in cutter.FREQ.items():
        if count < _RARE_ZH or not 1 <= len(word) <= 4 or not all("\u4e00" <= letter <= "\u9fff" for letter in word):
            continue
        pinyin = chinese.only_reading(word[-1]) or chinese.readings(word)[-1]
        track = track_of(pinyin)
        if track:
            entry = (word, len(word), count / cutter.total)
            perfect[body_of(pinyin)].append(entry)
            near[track].append(entry)
    return Index(_ranked(perfect), _ranked(near))


def _ranked(table: Mapping[str, list[tuple[str, int, float]]]) -> dict[str, tuple[tuple[str, int, float], ...]]:
    return {key: tuple(sorted(entries, key=lambda entry: (-entry[2], entry[0]))) for key, entries in table.items()}

