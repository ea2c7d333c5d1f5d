"""The files in what was uploaded: the file itself, or the histories inside a zip, opened with care."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from core.errors import FormatError, LimitError
from core.taste.history.protocol import Readable

MAX_BYTES = 1_000_000_000
"""Size of a history, unpacked."""

MAX_RATIO = 200
"""How much larger than packed a file of a zip may be: text packs to a tenth or twentieth, bombs to a thousandth."""

MAX_MEMBERS = 5_000
_HEAD = 1 << 16
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)
"""What the standard library raises for zips that are broken, locked or packed in ways it does not know."""

_SUFFIXES = (".json", ".jsonl", ".csv", ".listens", ".txt")


@dataclass(frozen=True, slots=True)
class Member:
    """One file: `name` without folders, `size` in bytes unpacked, `head` its first bytes."""

    name: str
    path: str
    size: int
    head: bytes


class Archive:
    """A file or a zip of files, by its path or its bytes. Nothing is ever unpacked to the disk.

    Raises:
        FormatError: a broken or locked zip.
        LimitError: more than `MAX_BYTES`, more than `MAX_MEMBERS` files, or packed more than `MAX_RATIO` to one.
    """

    def __init__(self, source: Path | bytes, name: str) -> None:
        self._source, self.name = source, name
        with self._open() as file:
            self._zipped = file.read(4) == b"PK\x03\x04"
        if isinstance(source, Path) and not self._zipped and source.suffix.lower() == ".zip":
            raise _broken(name, "it does not begin like one")
        self.members = tuple(self._listed())

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(member.size for member in self.members)

    @contextmanager
    def open(self, member: Member) -> Iterator[Readable]:
        """A member from its beginning; reading it raises `FormatError` where it is broken and `LimitError`
        where it turns out larger than the zip says."""
        with self._open() as file:
            if not self._zipped:
                yield file
                return
            with zipfile.ZipFile(file) as archive, archive.open(member.path) as unpacked:
                yield _Guarded(unpacked, member, self.name)

    def _open(self) -> BinaryIO:
        return self._source.open("rb") if isinstance(self._source, Path) else io.BytesIO(self._source)

    def _listed(self) -> Iterator[Member]:
        if self._zipped:
            yield from self._unpacked()
            return
        size = self._source.stat().st_size if isinstance(self._source, Path) else len(self._source)
        _check_size(size, self.name)
        with self._open() as file:
            yield Member(PurePosixPath(self.name).name, self.name, size, file.read(_HEAD))

    def _unpacked(self) -> Iterator[Member]:
        try:
            with self._open() as file, zipfile.ZipFile(file) as archive:
                infos = [info for info in archive.infolist() if not info.is_dir()]
                if len(infos) > MAX_MEMBERS:
                    raise LimitError(f"A zip may hold up to {MAX_MEMBERS:,} files", f"{self.name} holds {len(infos):,}")
                wanted = [info for info in infos if PurePosixPath(info.filename).suffix.lower() in _SUFFIXES]
                _check_size(sum(info.file_size for info in wanted), self.name)
                for info in sorted(wanted, key=lambda info: info.filename):
                    _check_ratio(info, self.name)
                    with archive.open(info) as unpacked:
                        head = unpacked.read(_HEAD)
                    yield Member(PurePosixPath(info.filename).name, info.filename, info.file_size, head)
        except _BROKEN as error:
            raise _broken(self.name, str(error)) from error


class _Guarded:
    """A member that may not grow beyond the size that the zip states for it."""

    def __init__(self, file: IO[bytes], member: Member, name: str) -> None:
        self._file, self._left, self._name = file, member.size, name

    def read(self, size: int = -1) -> bytes:
        try:
            data = self._file.read(min(size, self._left + 1) if size >= 0 else self._left + 1)
        except _BROKEN as error:
            raise _broken(self._name, str(error)) from error
        self._left -= len(data)
        if self._left < 0:
            raise LimitError("The files of a zip are as large as it says", f"one of {self._name} is larger", "Download it again")
        return data


def _check_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise LimitError(f"A history may have up to {MAX_BYTES // 10**6:,} MB unpacked", f"{name} has {size // 10**6:,}",
                         "Bring it in parts")


def _check_ratio(info: zipfile.ZipInfo, name: str) -> None:
    if info.file_size > 1_000_000 and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise LimitError(f"Files in a zip unpack to at most {MAX_RATIO} times their size",
                         f"one of {name} unpacks to {info.file_size // max(info.compress_size, 1):,} times", "Download it again")


def _broken(name: str, why: str) -> FormatError:
    return FormatError("A zip must be whole and without a password", f"{name} cannot be opened ({why})", "Download it again")
