"""From a history's file to the store: all of it or nothing, what is known already left as it is."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import FormatError, LimitError
from core.store.checks import MAX_SECONDS, slug
from core.store.columns import PlayColumns
from core.store.records import Import, Item
from core.store.store import Store
from core.taste.history.archive import Archive, Member
from core.taste.history.lastfm import decoded
from core.taste.history.protocol import HistoryFormat, Listen, Readable
from core.taste.history.registry import format_of, unknown
from core.taste.protocol import Progress, no_progress

MAX_LISTENS = 2_000_000
"""Plays of one history; a million take about 110 MB of memory (docs/taste-content.md)."""

_LOOK_EVERY = 1000  # entries between two calls of progress


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a history: the store's import, and how many entries were `left_out` because they are no
    music or cannot be read."""

    imported: Import
    left_out: int


class Plays:
    """Plays as columns that grow; names are kept once."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._items: list[Item] = []
        self._item, self._at, self._skipped = array("i"), array("q"), array("b")
        self._heard, self._length = array("f"), array("f")

    def __len__(self) -> int:
        return len(self._at)

    def add(self, listen: Listen) -> None:
        """Add one play.

        Raises:
            LimitError: there are `MAX_LISTENS` already.
        """
        if len(self) >= MAX_LISTENS:
            raise LimitError(f"A history may have up to {MAX_LISTENS:,} plays", "this one has more", "Bring it in parts")
        ident = item_of(listen.artist, listen.title)
        row = self._rows.get(ident)
        if row is None:
            row = self._rows[ident] = len(self._items)
            self._items.append(Item(ident, listen.title or listen.artist, listen.artist, ""))
        self._item.append(row)
        self._at.append(listen.at)
        self._heard.append(min(listen.heard, MAX_SECONDS))
        self._length.append(min(listen.length, MAX_SECONDS))
        self._skipped.append(listen.skipped)

    @property
    def items(self) -> list[Item]:
        """Artists and tracks, in the order of their first play."""
        return self._items

    def columns(self, listener: str) -> PlayColumns:
        """The plays as one listener's."""
        return PlayColumns(
            (listener,), tuple(self._rows), np.zeros(len(self), np.int32), np.array(self._item, np.int32),
            np.array(self._at, np.int64), np.array(self._heard, np.float32), np.array(self._length, np.float32),
            np.array(self._skipped, bool),
        )  # fmt: skip


def item_of(artist: str, title: str = "") -> str:
    """The store's id of a track, or of an artist where there is no title."""
    return f"track:{slug(artist)}/{slug(title)}" if title else f"artist:{slug(artist)}"


def artist_of(item: str) -> str | None:
    """The id of the artist of a track's id; None for what is no track."""
    kind, _, rest = item.partition(":")
    return f"artist:{rest.partition('/')[0]}" if kind == "track" else None


def bring_history(store: Store, listener: str, source: Path | bytes, name: str, progress: Progress = no_progress) -> Brought:
    """Add a history to a listener's plays. Bringing it again, or one that overlaps, adds what is new;
    `store.imports.undo` takes it back.

    Args:
        source: the file as downloaded: its path or its bytes.
        name: its name, for messages and the list of imports.
        progress: called with bytes read, then with rows stored, of twice the bytes; may raise `Cancelled`.

    Raises:
        FormatError: no history, broken, or without any play of music.
        LimitError: larger than the stated limits.
        StoreError: the data base refuses; nothing was stored.
        Cancelled: `progress` raised it; nothing was stored.
    """
    archive = Archive(source, name)
    histories = [(member, form) for member in archive.members if (form := format_of(member.name, decoded(member.head)))]
    if not histories:
        raise unknown(name)
    plays, left_out = Plays(), 0
    total = 2 * max(archive.size, 1)
    before = 0
    for member, form in histories:
        for listen in _watched(archive, member, form, lambda read, before=before: progress(before + read, total)):  # type: ignore[misc]
            if listen is None:
                left_out += 1
            else:
                plays.add(listen)
        before += member.size
    if not len(plays):
        raise FormatError("A history holds plays of music", f"{name} holds none among {left_out} entries", "Choose another file")
    imported = store.imports.bring(
        histories[0][1].id, listener=listener, name=name, plays=plays.columns(listener), items=plays.items,
        progress=lambda done, rows: progress(total // 2 + total // 2 * done // max(rows, 1), total),
    )  # fmt: skip
    return Brought(imported, left_out)


def _watched(archive: Archive, member: Member, form: HistoryFormat, read: Callable[[int], None]) -> Iterator[Listen | None]:
    """The entries of a member, telling how many bytes are behind."""
    with archive.open(member) as file:
        counted = Counted(file)
        for index, listen in enumerate(form.listens(counted)):
            if index % _LOOK_EVERY == 0:
                read(counted.done)
            yield listen


class Counted:
    """A file that counts what was read of it."""

    def __init__(self, file: Readable) -> None:
        self._file, self.done = file, 0

    def read(self, size: int = -1) -> bytes:
        """Bytes, as of the file itself."""
        data = self._file.read(size)
        self.done += len(data)
        return data
