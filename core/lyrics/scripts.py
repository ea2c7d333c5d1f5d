"""Which letters can be sung: Latin and Chinese; what else there is has a name for the message."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from core.errors import FormatError

Script = Literal["latin", "han", "digit", "mark", "other", "none"]

APOSTROPHES = "'’‘ʼ"
"""Typed, typographic, opening, and the one that Unicode counts as a letter."""

_HAN_NAMES = ("CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH", "IDEOGRAPHIC NUMBER ZERO")
_UNNAMED = "another script"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_BREAKS = re.compile(r"\r\n?|[\n\v\f\x1c-\x1e\x85\u2028\u2029]")


@lru_cache(maxsize=20_000)
def folded(letter: str) -> str:
    """A letter as plain a to z in lower case, without marks (É is e, ß is ss, ｌ is l); "" for what is no Latin letter."""
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)).casefold()
    plain = _SINGLE.get(plain, plain)
    return plain if plain.isascii() and plain.isalpha() else ""


_SINGLE = {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i", "ħ": "h", "ŋ": "ng", "ə": "e"}


@lru_cache(maxsize=20_000)
def script_of(character: str) -> Script:
    """What a character is: a letter that can be sung, a digit, a combining mark, a letter of `other` writing, or none
    of these (`none`: spaces, punctuation, emoji)."""
    category = unicodedata.category(character)
    if character in APOSTROPHES:
        return "none"
    if category[0] == "M":
        return "mark"
    if (character.isascii() and character.isdigit()) or (category == "Nd" and "０" <= character <= "９"):
        return "digit"
    if category == "Nd":
        return "other"
    name = unicodedata.name(character, "")
    if name.startswith(_HAN_NAMES):
        return "han"
    if category[0] != "L":
        return "none"
    return "latin" if name.startswith("LATIN ") or folded(character) else "other"


def clean(text: str) -> str:
    """A text in composed form (NFC) with one kind of line break and without control characters, bidirectional
    controls and what is not yet a character; tabs become spaces."""
    text = _BREAKS.sub("\n", unicodedata.normalize("NFC", text).replace("\t", " "))
    return "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in _INVISIBLE)


def check_scripts(text: str) -> None:
    """Refuse writing that cannot be cut into syllables.

    Raises:
        FormatError: a letter is neither Latin nor Chinese.
    """
    for letter in text:
        if script_of(letter) == "other":
            raise FormatError(
                "Words in English, Chinese or another language in Latin letters are needed",
                f"got “{letter}” ({script_name(letter)})",
                "Write them in Latin letters as they are sung, or leave them out",
            )


def script_name(letter: str) -> str:
    """The name of the writing that a letter is from, such as Cyrillic."""
    name = unicodedata.name(letter, "").split()
    return name[0].capitalize() if name else _UNNAMED
