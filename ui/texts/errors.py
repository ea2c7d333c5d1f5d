"""Core's errors in the listener's language; core itself speaks English only."""

from __future__ import annotations

import re
from functools import cache

from core.errors import SongloomError
from ui.texts.errors_zh import ERRORS_ZH
from ui.texts.errors_zh.words import WORDS


def in_language(language: str, error: SongloomError) -> str:
    """An error on one line, its three parts in `language` (`en` or `zh`).

    A part that has no Chinese, such as what a library or the system said, stays as it is.
    """
    if language != "zh":
        return str(error)
    what = "；".join(_chinese(part) for part in (error.expected, error.got) if part)
    return "".join(part if part.endswith(("？", "！")) else f"{part}。" for part in (what, _chinese(error.todo)) if part)


def _chinese(part: str) -> str:
    """One part of an error: the text with the most words of its own that fits, its holes filled as they were."""
    part = part.rstrip(".。")
    for pattern, chinese in _patterns():
        if found := pattern.fullmatch(part):
            return chinese.format(*map(_word, found.groups()))
    return part


def _word(hole: str) -> str:
    """What filled a hole, in Chinese if core put it there."""
    if hole in WORDS:
        return WORDS[hole]
    for pattern, chinese in _patterns(words=True):
        if found := pattern.fullmatch(hole):
            return chinese.format(*(WORDS.get(inner, inner) for inner in found.groups()))
    return hole


@cache
def _patterns(words: bool = False) -> tuple[tuple[re.Pattern[str], str], ...]:
    table = WORDS if words else ERRORS_ZH
    most_words_first = sorted(table.items(), key=lambda entry: -len(entry[0].replace("{}", "")))
    return tuple((re.compile("(.*?)".join(map(re.escape, english.split("{}"))), re.DOTALL), chinese)
                 for english, chinese in most_words_first)
