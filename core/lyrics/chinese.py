"""Chinese words to syllables with tones: jieba cuts the words, pypinyin reads them, OpenCC lets both see simplified
characters, so that 音樂 is read like 音乐. Dictionaries are loaded at the first Chinese word.

Tones are sung after the sandhi of Mandarin (Chao 1968): 不 and 一 before a fourth tone, 一 before the others, and a
third tone before a third.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.lyrics.scripts import script_of

_NEUTRAL = 5
_PINYIN = re.compile(r"^([a-zü]+)([1-5])$")
_DIGITS = frozenset("〇零一二三四五六七八九十百千万亿两幺第")


@dataclass(frozen=True, slots=True)
class Read:
    """A word as it was written, with the reading of every character: `zhang3`, or "" where none is known."""

    text: str
    simplified: str
    pinyin: tuple[str, ...]


@cache
def segmenter() -> Any:
    """jieba's tokenizer with its own dictionary, read from the package and not from a file in the temporary folder,
    which others could write to."""
    import jieba

    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


_WRITTEN = re.compile("(?<![显名原土编卓昭论])著(?![名作称述书者])")
"""著 in 看著, which is 着 in simplified characters; as a word of its own (著名) it stays."""


@cache
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """A text in simplified characters, character for character."""
    whole = str(_converter().convert(text))
    if len(whole) == len(text):
        return _WRITTEN.sub("着", whole)
    letters = (str(_converter().convert(letter)) for letter in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, letters, strict=True))


def read_words(text: str) -> list[Read]:
    """The words of a run of Chinese characters, each with its reading; joined, they are the run."""
    plain = simplified(text)
    words, at = [], 0
    for word in segmenter().cut(plain):
        words.append(Read(text[at : at + len(word)], word, readings(word)))
        at += len(word)
    return words


def readings(word: str) -> tuple[str, ...]:
    """The reading of every character of one word in simplified characters, tones 1 to 5; "" where none is known."""
    from pypinyin import Style, pinyin

    unread: Any = lambda odd: [[""] for _ in odd]  # noqa: E731 - pypinyin's own types leave lists out
    found = pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True, errors=unread)
    read = [options[0] for options in found]
    return tuple(_citation(letter, sound) for letter, sound in zip(word, read, strict=True))


@cache
def only_reading(letter: str) -> str:
    """The reading of a character that has but one, else ""."""
    from pypinyin import Style, pinyin

    found = pinyin(letter, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True, v_to_u=True)[0]
    return _citation(letter, found[0]) if len(found) == 1 else ""


def _citation(letter: str, sound: str) -> str:
    """The tone before any sandhi that the dictionary of phrases has in it (bu2 shi4)."""
    if not _PINYIN.match(sound):
        return ""
    return {"不": "bu4", "一": "yi1"}.get(letter, sound) if sound[:2] in ("bu", "yi") else sound


def tone_of(pinyin: str) -> int:
    """The tone of `zhang3`; neutral where there is no reading."""
    return int(pinyin[-1]) if pinyin else _NEUTRAL


def is_pinyin(text: str) -> bool:
    """Whether a text is a syllable with its tone, such as `zhang3` or `lü4`."""
    return bool(_PINYIN.match(text)) and any(vowel in text for vowel in "aeiouünm")


def sandhi(words: Sequence[Sequence[tuple[str, str]]]) -> list[list[int]]:
    """The tones as they are sung.

    Args:
        words: of one breath, each a list of characters with their pinyin.
    """
    flat = [(letter, tone_of(pinyin)) for word in words for letter, pinyin in word]
    sung = [tone for _, tone in flat]
    for at, (letter, _) in enumerate(flat):
        following = flat[at + 1][1] if at + 1 < len(flat) else None
        counted = letter == "一" and (_numeral(flat, at - 1) or _numeral(flat, at + 1))
        doubled = 0 < at < len(flat) - 1 and flat[at - 1][0] == flat[at + 1][0]  # 看一看, 好不好
        if letter in "不一" and doubled:
            sung[at] = _NEUTRAL
        elif letter in "不一" and following == 4 and not counted:
            sung[at] = 2
        elif letter == "一" and following in (1, 2, 3) and not counted:
            sung[at] = 4
    at, bounds = 0, set()
    for word in words:
        at += len(word)
        bounds.add(at - 1)
    for at in range(len(flat) - 1):
        # Across words the pair must be close: between two longer words singers do not join third tones.
        joined = at not in bounds or _length_at(words, at) == 1 or _length_at(words, at + 1) == 1
        if flat[at][1] == flat[at + 1][1] == 3 and joined:
            sung[at] = 2
    tones, start = [], 0
    for word in words:
        tones.append(sung[start : start + len(word)])
        start += len(word)
    return tones


def _numeral(flat: Sequence[tuple[str, int]], at: int) -> bool:
    return 0 <= at < len(flat) and flat[at][0] in _DIGITS


def _length_at(words: Sequence[Sequence[tuple[str, str]]], at: int) -> int:
    for word in words:
        if at < len(word):
            return len(word)
        at -= len(word)
    return 0


def is_chinese(text: str) -> bool:
    return any(script_of(letter) == "han" for letter in text)
