"""Last.fm: the CSV files that the common export tools write.

With a head line (`uts,utc_time,artist,…,track`; `Artist;Album;AlbumId;Track;Date#name`) columns are
found by their names, without one they are artist, album, track and time.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from core.errors import FormatError, LimitError
from core.taste.history.protocol import Listen, Readable
from core.taste.history.values import moment_of_text, words

MAX_LINE = 100_000
"""Characters that a line may have."""

_NAMES = {
    "artist": ("artist", "artist name", "artist_name", "artistname"),
    "title": ("track", "title", "track name", "track_name", "name", "song", "trackname"),
    "time": ("uts", "timestamp", "date", "time", "utc_time", "utc time", "datetime", "played at", "listened_at"),
}
_WITHOUT_HEAD = {"artist": 0, "title": 2, "time": 3}


class LastfmCsv:
    """Lines with artist, track and time."""

    id = "lastfm"
    name = "Last.fm"

    def claims(self, name: str, head: str) -> bool:
        """See `HistoryFormat.claims`."""
        lines = [line for line in head.splitlines() if line.strip()]
        if not lines or "\0" in head or head.lstrip()[:1] in ("{", "[", "<"):
            return False
        try:
            rows = [row for row in csv.reader(lines[:20], delimiter=_delimiter(lines[0])) if row]
        except csv.Error:
            return False
        if not rows:
            return False
        if _columns(rows[0]) is not None:
            return True
        return any(_listen(row, _WITHOUT_HEAD) is not None for row in rows[: max(1, len(rows) - 1)])

    def listens(self, file: Readable) -> Iterator[Listen | None]:
        """See `HistoryFormat.listens`."""
        lines = _lines(file)
        first = next(lines, "")
        delimiter = _delimiter(first)
        columns = None
        rows = csv.reader(_again(first, lines), delimiter=delimiter)
        try:
            for index, row in enumerate(rows):
                if index == 0:
                    columns = _columns(row)
                    if columns is not None:
                        continue
                if row:
                    yield _listen(row, columns or _WITHOUT_HEAD)
        except csv.Error as error:
            raise FormatError("A history in CSV has one play a line", f"line {rows.line_num} is broken ({error})",
                              "Export it again") from error


def decoded(head: bytes) -> str:
    """The first bytes of a text file as text, whatever its encoding."""
    return head.decode(_encoding(head), "replace")


def _encoding(head: bytes) -> str:
    """UTF-16 by its mark, UTF-8 where the bytes are such, else Windows' Western European."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _lines(file: Readable) -> Iterator[str]:
    """Lines of the file; bytes that its encoding does not know become replacement characters."""
    head = file.read(1 << 16)
    text = io.TextIOWrapper(io.BufferedReader(_Rejoined(head, file)), _encoding(head), errors="replace", newline="")
    while line := text.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise LimitError(f"Lines of a history have up to {MAX_LINE:,} characters", "one is longer", "Export it again")
        yield line.replace("\0", "")


class _Rejoined(io.RawIOBase):
    """A file whose head was read already, from its beginning."""

    def __init__(self, head: bytes, file: Readable) -> None:
        self._head, self._file = head, file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] or self._file.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _columns(row: Sequence[str]) -> dict[str, int] | None:
    """Places of the columns by a head line, None where the row is none."""
    names = [cell.strip().casefold().partition("#")[0] for cell in row]
    found = {}
    for column, known in _NAMES.items():
        place = next((names.index(name) for name in known if name in names), None)
        if place is None:
            return None
        found[column] = place
    return found


def _listen(row: Sequence[str], columns: dict[str, int]) -> Listen | None:
    if len(row) <= max(columns.values()):
        return None
    artist, title = words(row[columns["artist"]]), words(row[columns["title"]])
    at = moment_of_text(row[columns["time"]])
    return None if at is None or not artist else Listen(artist, title, at)
