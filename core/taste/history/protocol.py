"""What a format of listening histories is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


class Readable(Protocol):
    """What a format reads from: bytes in order."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most `size`; empty at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Listen:
    """One play. `at` is when it began, in seconds since 1970, UTC; `heard` and `length` are seconds, 0 where unknown.

    `title` is empty where only the artist is known; `listener` is who it was in dumps of several people.
    """

    artist: str
    title: str
    at: int
    heard: float = 0.0
    length: float = 0.0
    skipped: bool = False
    listener: str = ""


class HistoryFormat(Protocol):
    """One format. A new one is one file in `core/taste/history` and one line in the registry."""

    id: str
    name: str

    def claims(self, name: str, head: str) -> bool:
        """Whether a file is of this format, by its name without folders and its first characters."""
        ...

    def listens(self, file: Readable) -> Iterator[Listen | None]:
        """Every entry in order; None for one that is no play of music or cannot be read.

        Raises:
            FormatError: the file breaks off or is no such file after all.
            LimitError: one entry is larger than what is read.
        """
        ...
