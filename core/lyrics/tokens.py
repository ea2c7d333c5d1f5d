"""A line to pieces: words in Latin letters, runs of Chinese, numbers, and what stands between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from core.lyrics.numbers import NUMBER, ORDINAL
from core.lyrics.scripts import APOSTROPHES, script_of

_STAMP = re.compile(r"\s*(?:\[\d{1,3}:\d{2}(?:[.:]\d{1,3})?\]\s*)+")
_FULLWIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_ELIDED_STARTS = ("tis", "twas", "twill", "twere", "twould", "cause", "til", "neath", "mid", "mong", "round", "em", "gainst")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece that is sung: `text` of one kind, after `lead`, which is not sung."""

    kind: Literal["latin", "han", "number", "and"]
    text: str
    lead: str


def tokens(line: str) -> tuple[list[Token], str]:
    """The pieces of a line and what is behind the last. Joined with their leads and the tail they are the line.
    Time stamps of LRC files at the beginning ([01:23.45]) are not sung."""
    stamp = _STAMP.match(line)
    at = stamp.end() if stamp else 0
    found, start = [], 0
    while at < len(line):
        kind, end = _piece(line, at)
        if kind:
            found.append(Token(kind, line[at:end], line[start:at]))  # type: ignore[arg-type]
            start = end
        at = end
    return found, line[start:]


def _piece(line: str, at: int) -> tuple[str, int]:
    script = script_of(line[at])
    if script == "digit":
        match = NUMBER.match(line.translate(_FULLWIDTH), at)
        end = match.end() if match else at + 1
        ordinal = ORDINAL.match(line, end)
        return "number", ordinal.end() if ordinal else end
    if script == "han":
        return "han", _while(line, at, ("han", "mark"))
    if script == "latin" or _is_elision(line, at):
        return "latin", _latin_end(line, at)
    if line[at] == "&":
        return "and", at + 1
    return "", at + 1


def _while(line: str, at: int, scripts: tuple[str, ...]) -> int:
    while at < len(line) and script_of(line[at]) in scripts:
        at += 1
    return at


def _latin_end(line: str, at: int) -> int:
    """Letters with apostrophes between them, and one behind them where it stands for g (singin') or a genitive."""
    begin = at
    at = _while(line, at + 1, ("latin", "mark"))
    while at + 1 < len(line) and line[at] in APOSTROPHES and script_of(line[at + 1]) == "latin":
        at = _while(line, at + 1, ("latin", "mark"))
    word = line[begin:at].casefold()
    elides = word.endswith(("in", "s")) or word in ("th", "o")
    if elides and at < len(line) and line[at] in APOSTROPHES and not _quoted(line, begin):
        at += 1
    return at


def _quoted(line: str, begin: int) -> bool:
    """Whether a quotation in single marks was opened before a place."""
    opened = (at for at in range(begin) if line[at] in "'‘" and (not at or script_of(line[at - 1]) != "latin"))
    return any(not _is_elision(line, at) and script_of(line[at + 1]) == "latin" for at in opened)


def _is_elision(line: str, at: int) -> bool:
    if line[at] not in APOSTROPHES or at + 1 >= len(line) or script_of(line[at + 1]) != "latin":
        return False
    return line[at + 1 : _while(line, at + 1, ("latin", "mark"))].casefold() in _ELIDED_STARTS


def ascii_digits(number: str) -> str:
    return number.translate(_FULLWIDTH)
