"""Numbers and signs as words that can be sung, in the language around them."""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS_ZH = "零一二三四五六七八九"
_UNITS = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")
_LONGEST = 12
"""Digits before the point; longer numbers are said digit by digit."""

AND = {"en": "and", "zh": "和", "de": "und", "fr": "et", "es": "y", "it": "e", "pt": "e", "nl": "en", "sv": "och", "da": "og",
       "nb": "og", "pl": "i", "cs": "a", "hu": "és", "ro": "și", "hr": "i", "id": "dan"}
"""How & is sung."""

NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?")
"""A number: 12, 3.5, 1,000."""

ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)
"""The ending of an English ordinal in digits: 21st."""

_NUM2WORDS = {"nb": "no"}
_UNKNOWN = ("hr",)  # num2words has none of these
_SPLIT = re.compile(r"[^\W\d_]+")


def spoken(number: str, language: str, following: str = "") -> list[str]:
    """The words of a number.

    Args:
        number: digits in ASCII as `NUMBER` matches them, with or without the ending of an ordinal.
        language: in which it is said; one that has no numbers here is said in English.
        following: the character behind it; before 年 a year is said digit by digit in Chinese.
    """
    digits = number.rstrip("stndrhSTNDRH")
    plain = digits.replace(",", "")
    whole, _, decimals = plain.partition(".")
    if language == "zh":
        return [_chinese(whole, decimals, following)]
    from num2words import num2words

    code = "en" if language in _UNKNOWN else _NUM2WORDS.get(language, language)
    if len(whole) > _LONGEST or len(decimals) > _LONGEST or (len(whole) > 1 and whole[0] == "0"):
        texts = [num2words(int(digit), lang=code) for digit in whole + decimals]
    elif digits != number and not decimals and language == "en":
        texts = [num2words(int(whole), to="ordinal", lang=code)]
    elif language == "en" and not decimals and "," not in number and len(whole) == 4 and 1100 <= int(whole) <= 2099:
        texts = [num2words(int(whole), to="year", lang=code)]
    else:
        texts = [num2words(Decimal(plain) if decimals else int(whole), lang=code)]
    return [word for text in texts for word in _SPLIT.findall(text)]


def _chinese(whole: str, decimals: str, following: str) -> str:
    by_digit = len(whole) > _LONGEST or (following == "年" and len(whole) == 4) or (len(whole) > 1 and whole[0] == "0")
    text = "".join(_DIGITS_ZH[int(digit)] for digit in whole) if by_digit else _cardinal(int(whole))
    return text + ("点" + "".join(_DIGITS_ZH[int(digit)] for digit in decimals) if decimals else "")


def _cardinal(number: int) -> str:
    if number == 0:
        return _DIGITS_ZH[0]
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    text, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = bool(text)
            continue
        if text and (gap or group < 1000):
            text += _DIGITS_ZH[0]
        text, gap = text + _thousands(group) + _GROUPS[place], False
    return text[1:] if text.startswith("一十") else text


def _thousands(group: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += (_DIGITS_ZH[0] if gap else "") + _DIGITS_ZH[digit] + _UNITS[place]
        gap = False
    return text
