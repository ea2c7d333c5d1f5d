"""ABC notation, the smallest pieces: tokens of a music line, note lengths, bar lines.

Follows the ABC standard 2.1 (abcnotation.com/wiki/abc:standard:v2.1) and the older ways of writing
that the tune books of the nineties use (`+CEG+` for chords). Every quantifier is bounded, so that
no text can make the scanner slow.
"""

from __future__ import annotations

import re
from functools import lru_cache

from core.errors import FormatError
from core.score.types import TICKS_PER_QUARTER

WHOLE = 2**14 * 3**5 * 5**3 * 7**2 * 11 * 13
"""Fine units in a whole note: a multiple of every usual length, so that lengths add up exactly."""

FINE_PER_TICK = WHOLE // (4 * TICKS_PER_QUARTER)

_LENGTH = r"\d{0,4}/{0,9}\d{0,4}"
_NOTE = rf"[_^=]{{0,2}}[A-Ga-g][,']{{0,9}}{_LENGTH}"

TOKEN = re.compile(
    rf"""
    (?P<note>{_NOTE})
  | (?P<skip>[ \t`)~.H-Wh-w]|y\d{{0,4}})
  | (?P<field>\[[A-Za-z]:[^\]]{{0,300}}\])
  | (?P<bar>(?:\[\||[|:])[|:\]]{{0,12}}(?:[ ]?\d(?:[,.\-]?\d){{0,12}})?)
  | (?P<ending>\[\d(?:[,.\-]?\d){{0,12}})
  | (?P<text>"[^"]{{0,500}}")
  | (?P<chord>\[[^\]\[|]{{1,200}}\]{_LENGTH})
  | (?P<oldchord>\+(?:[_^=]{{0,2}}[A-Ga-g][,']{{0,4}}\d{{0,2}}/{{0,3}}\d{{0,2}}){{2,6}}\+{_LENGTH})
  | (?P<rest>[zxZX]{_LENGTH})
  | (?P<broken>>{{1,4}}|<{{1,4}})
  | (?P<tuplet>\(\d{{1,3}}(?::\d{{0,3}}){{0,2}})
  | (?P<tie>-)
  | (?P<mark>\{{[^}}]{{0,300}}\}}|![^!\s]{{1,40}}!|\+[A-Za-z0-9.<>()]{{1,20}}\+|[(!\\$*;@\]])
  | (?P<overlay>&)
  | (?P<other>.)
    """,
    re.VERBOSE,
)
"""Tokens of a music line, by group name; `skip` and `mark` mean nothing for the music."""

_CHORD_NOTE = re.compile(_NOTE)
_PARTS = re.compile(r"([_^=]*)([A-Ga-g])([,']*)(\d*)(/*)(\d*)")
_LENGTH_PARTS = re.compile(r"(\d*)(/*)(\d*)$")
_NATURAL = {"C": 60, "D": 62, "E": 64, "F": 65, "G": 67, "A": 69, "B": 71}
_ACCIDENTAL = {"": None, "^": 1, "^^": 2, "_": -1, "__": -2, "=": 0, "==": 0, "^=": 1, "_=": -1, "=^": 1, "=_": -1}


def fraction(number: str, slashes: str, under: str) -> tuple[int, int]:
    """The numerator and denominator of a written length: `3/2`, `/`, `//`, `/4`, or nothing.

    Raises:
        FormatError: a length divided by 0.
    """
    top = int(number) if number else 1
    if not slashes:
        return top, 1
    below = int(under) if under else 2 ** len(slashes)
    if below == 0:
        raise FormatError("Note lengths are written like A2, A/2 or A3/2", "this one is divided by 0", "Correct that note")
    return top, below


@lru_cache(maxsize=4096)
def decode_note(text: str) -> tuple[int | None, str, int, int, int]:
    """A written note as (accidental or None, letter in capitals, natural MIDI pitch, numerator, denominator)."""
    match = _PARTS.match(text)
    assert match is not None
    accidental, letter, octave, number, slashes, under = match.groups()
    pitch = _NATURAL[letter.upper()] + (12 if letter.islower() else 0)
    pitch += 12 * (octave.count("'") - octave.count(","))
    top, below = fraction(number, slashes, under)
    return _ACCIDENTAL.get(accidental, 0), letter.upper(), pitch, top, below


@lru_cache(maxsize=1024)
def decode_length(text: str) -> tuple[int, int]:
    """The length at the end of a rest or chord."""
    match = _LENGTH_PARTS.search(text)
    assert match is not None
    return fraction(*match.groups())


def chord_notes(text: str) -> list[str]:
    """The notes inside `[CEG]2` or `+CEG+`, as written; text in quotes and decorations are left out."""
    inside = re.sub(r'"[^"]*"|![^!]*!', "", text[1 : max(text.rfind("]"), text.rfind("+"))])
    return _CHORD_NOTE.findall(inside)


@lru_cache(maxsize=1024)
def decode_bar(text: str) -> tuple[int, bool, bool, frozenset[int] | None]:
    """A bar line as (plays of what it closes, opens a repeat, ends a section, numbers of the ending).

    Plays is 0 where it closes no repeat, 2 for `:|` and 3 for `::|`.
    """
    signs = text.rstrip("0123456789,.- ")
    ending = decode_ending(text[len(signs) :].strip()) if len(signs) < len(text) else None
    first, last = signs.find("|"), signs.rfind("|")
    if first < 0:
        colons = signs.count(":")
        return (2, True, True, ending) if colons >= 2 else (0, False, False, ending)
    before, after = signs[:first].count(":"), signs[last:].count(":")
    inner = signs[first:last].count(":")
    closes = before or inner
    section = bool(closes or after or signs.count("|") > 1 or "]" in signs or "[" in signs)
    return (min(closes, 7) + 1 if closes else 0), bool(after), section, ending


def decode_ending(text: str) -> frozenset[int]:
    """The passes on which an ending is played: `1`, `1,3` or `1-3`."""
    numbers: set[int] = set()
    for part in re.split(r"[,.]", text.lstrip("[")):
        low, _, high = part.partition("-")
        if low:
            top = int(high) if high else int(low)
            numbers.update(range(int(low), min(top, int(low) + 16) + 1))
    return frozenset(numbers)
