"""Reading and writing files of music: one table from suffix to reader and writer.

The table names modules as text so that a format's library is loaded only when it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePath
from typing import Any

from core.errors import FormatError, LimitError
from core.score.stamp import for_export
from core.score.types import Score

MAX_BYTES = 8 * 1024 * 1024
"""Files above this size are refused before anything is parsed."""

Reader = Callable[[bytes, str], Score]
Writer = Callable[[Score], bytes]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """One format: its name for people and where its functions are, as `module:function`.

    A reader is called as `reader(data, name)`, a writer as `writer(score)`; an empty `writer` or
    `reader` means that the direction is not offered. `is_notation` says that musicians read it: a performance is written
    down for it as notes on their steps.
    """

    name: str
    reader: str = ""
    writer: str = ""
    media_type: str = "application/octet-stream"
    is_notation: bool = False


_MUSICXML = "application/vnd.recordare.musicxml+xml"
_READ_XML, _WRITE_XML = "core.score.musicxml_reader:read_musicxml", "core.score.musicxml_writer:write_musicxml"
_MXL = "application/vnd.recordare.musicxml"

FORMATS: dict[str, FileFormat] = {
    ".mid": FileFormat("MIDI", "core.score.midi:read_midi", "core.score.midi:write_midi", "audio/midi"),
    ".midi": FileFormat("MIDI", "core.score.midi:read_midi", "core.score.midi:write_midi", "audio/midi"),
    ".abc": FileFormat("ABC", "core.score.abc_file:read_abc_file", "core.score.abc_writer:write_abc_file", "text/vnd.abc", True),
    ".musicxml": FileFormat("MusicXML", _READ_XML, _WRITE_XML, _MUSICXML, True),
    ".xml": FileFormat("MusicXML", _READ_XML, _WRITE_XML, _MUSICXML, True),
    ".lrc": FileFormat("LRC (words with times)", writer="core.score.lrc:write_lrc", media_type="text/plain"),
    ".mxl": FileFormat("MusicXML (zipped)", _READ_XML, "core.score.musicxml_writer:write_mxl", _MXL, True),
}
"""Suffix, in small letters with its dot, to the format."""


def readable() -> tuple[str, ...]:
    """The suffixes that `read_score` takes."""
    return tuple(suffix for suffix, form in FORMATS.items() if form.reader)


def writable() -> tuple[str, ...]:
    """The suffixes that `write_score` takes."""
    return tuple(suffix for suffix, form in FORMATS.items() if form.writer)


def is_notation(name: str) -> bool:
    """Whether a file name or bare suffix is that of a format that musicians read."""
    form = FORMATS.get((PurePath(name).suffix or name).lower())
    return form is not None and form.is_notation


def read_score(data: bytes, name: str) -> Score:
    """The score in `data`, read by the suffix of the file `name`.

    Raises:
        FormatError: the suffix is not one that is read, or the content is broken.
        LimitError: the file is larger than `MAX_BYTES` or holds more than its reader takes.
    """
    reader = _function(name, "reader", readable())
    if len(data) > MAX_BYTES:
        raise LimitError(
            f"Files of up to {MAX_BYTES // 2**20} MB can be read",
            f"{PurePath(name).name} has {len(data) / 2**20:.1f} MB",
            "Choose a smaller file",
        )
    score: Score = reader(data, name)
    return score


def write_score(score: Score, suffix: str) -> bytes:
    """The bytes of a file with `suffix` (`.mid`, or a whole file name) that holds `score`.

    Raises:
        FormatError: the suffix is not one that is written.
    """
    data: bytes = _function(suffix, "writer", writable())(score)
    return data


def export_score(score: Score, suffix: str) -> bytes:
    """What `write_score` gives, with a stamp in any case: every file of music that leaves Songloom is written here.

    Raises:
        FormatError: the suffix is not one that is written.
    """
    return write_score(for_export(score), suffix)


def _function(name: str, direction: str, offered: tuple[str, ...]) -> Callable[..., Any]:
    """The reader or writer for a file name or bare suffix."""
    suffix = (PurePath(name).suffix or name).lower()
    if suffix not in offered:
        verb = "read" if direction == "reader" else "written"
        raise FormatError(
            f"Files that can be {verb} end in {', '.join(offered)}",
            f"got {PurePath(name).name or 'a file without a name'}",
            "Choose or export one of these",
        )
    module, function = getattr(FORMATS[suffix], direction).split(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found
