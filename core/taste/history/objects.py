"""JSON objects one at a time, from an array or from lines, so that a file of any length needs little memory."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

from core.errors import FormatError, LimitError
from core.taste.history.protocol import Readable

CHUNK = 1 << 18
MAX_OBJECT = 4_000_000
"""Characters that one entry may have."""

_BETWEEN = " \t\r\n,"


def objects(file: Readable) -> Iterator[dict[str, Any] | None]:
    """The objects of a JSON array, or of lines with one each; None for an entry that is something else.

    Raises:
        FormatError: it is not JSON in UTF-8 or UTF-16, or it breaks off.
        LimitError: an entry has more than `MAX_OBJECT` characters.
    """
    buffer = _Buffer(file)
    in_array = buffer.peek() == "["
    if in_array:
        buffer.skip(1)
    while True:
        first = buffer.peek()
        if first == "]" and in_array:
            return
        if not first:
            if in_array:
                raise FormatError("A history in JSON ends with its list", "the file breaks off", "Download it again")
            return
        value = buffer.value()
        yield value if isinstance(value, dict) else None


class _Buffer:
    """Characters of a file from where the last value ended."""

    def __init__(self, file: Readable) -> None:
        self._file, self._text, self._at = file, "", 0
        head = file.read(CHUNK)
        self._ended = not head
        wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        self._decode = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")().decode
        self._parse = json.JSONDecoder().raw_decode
        self._add(head)

    def peek(self) -> str:
        """The next character that is not between values, empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BETWEEN:
                self._at += 1
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def skip(self, count: int) -> None:
        self._at += count

    def value(self) -> Any:
        """The next value, which begins here."""
        while True:
            try:
                found, end = self._parse(self._text, self._at)
                if end < len(self._text) or self._ended:
                    self._at = end
                    return found
            except (ValueError, RecursionError) as error:
                if isinstance(error, RecursionError) or not self._more():
                    raise FormatError("A history in JSON holds whole entries", "it is broken or breaks off",
                                      "Download it again") from error
                continue
            self._more()  # a number at the very end of the buffer may go on

    def _more(self) -> bool:
        if self._ended:
            return False
        if len(self._text) - self._at > MAX_OBJECT:
            raise LimitError(f"An entry of a history has up to {MAX_OBJECT:,} characters", "one is longer", "Download it again")
        data = self._file.read(max(CHUNK, len(self._text) - self._at))  # doubled, so that long entries stay quick
        self._ended = not data
        self._add(data)
        return True

    def _add(self, data: bytes) -> None:
        try:
            self._text = self._text[self._at :] + self._decode(data, self._ended)
        except UnicodeDecodeError as error:
            raise FormatError("A history in JSON is text in UTF-8", "it holds other bytes", "Download it again") from error
        self._at = 0
