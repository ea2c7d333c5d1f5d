"""Communities from elsewhere, for those who hold such data: HetRec Last.fm folders and dumps of ListenBrainz.

Their people become listeners of a community (`sim:<name>/<number>`): they teach the models and are
nobody here. Counts without times become plays by their size: a play count of c is 1 + ⌊log10 c⌋ plays.
What they call an artist (HetRec's tags) comes along and says what it is like.
"""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from core.errors import FormatError, LimitError
from core.store.checks import LATEST, MAX_SECONDS, MAX_TAGS, slug
from core.store.columns import PlayColumns
from core.store.imports import SIMULATED
from core.store.records import Import, Item
from core.store.store import Store
from core.taste.history.bring import Counted, item_of
from core.taste.history.listenbrainz import ListenBrainz
from core.taste.protocol import Progress, no_progress

MAX_PLAYS = 20_000_000
"""Plays of one community."""

_HETREC = "user_artists.dat"
_DUMPS = ("*.listens", "*.jsonl", "*.json")
_FIRST = 1_262_304_000  # 1 January 2010, for plays whose time is not told
_LOOK_EVERY = 5_000
_AGAIN = "Unpack the data set again"


class _Crowd:
    """Plays of many listeners as columns that grow."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._listeners: dict[str, int] = {}
        self._rows: dict[str, int] = {}
        self.items: list[Item] = []
        self._who, self._what, self._at = array("i"), array("i"), array("q")
        self._heard, self._length = array("f"), array("f")

    def __len__(self) -> int:
        return len(self._at)

    def add(self, listener: str, item: Item, at: int, heard: float = 0.0, length: float = 0.0) -> None:
        """Add a play: `at` in seconds since 1970, the others in seconds, 0 where they are unknown.

        Raises:
            LimitError: there are `MAX_PLAYS` already.
        """
        if len(self) >= MAX_PLAYS:
            raise LimitError(f"A community may have up to {MAX_PLAYS:,} plays", "this one has more", "Take a part of it")
        if item.id not in self._rows:
            self._rows[item.id] = len(self.items)
            self.items.append(item)
        self._who.append(self._listeners.setdefault(listener, len(self._listeners)))
        self._what.append(self._rows[item.id])
        self._at.append(at)
        self._heard.append(min(heard, MAX_SECONDS))
        self._length.append(min(length, MAX_SECONDS))

    def columns(self) -> PlayColumns:
        """All plays, their listeners numbered from 1 in the order they came."""
        names = tuple(f"{SIMULATED}{self._name}/{number}" for number in range(1, len(self._listeners) + 1))
        return PlayColumns(
            names, tuple(self._rows), np.array(self._who, np.int32), np.array(self._what, np.int32), np.array(self._at, np.int64),
            np.array(self._heard, np.float32), np.array(self._length, np.float32), np.zeros(len(self), bool),
        )  # fmt: skip


def import_community(store: Store, path: Path, progress: Progress = no_progress) -> Import:
    """Bring a community from a folder (HetRec Last.fm, or a dump of ListenBrainz) or from one file of a dump.

    Its name is that of the folder or file; one of this name that was there before is removed first.

    Raises:
        FormatError: it is neither, or broken.
        LimitError: more plays than the stated limit.
        StoreError: the data base refuses; nothing was stored.
        Cancelled: `progress` raised it; nothing was stored.
    """
    name = slug(path.resolve().stem)[:40]
    crowd = _Crowd(name)
    if (path / _HETREC).is_file():
        _read_hetrec(path, crowd, progress)
        source = "hetrec-lastfm"
    else:
        files = [path] if path.is_file() else sorted({file for pattern in _DUMPS for file in path.rglob(pattern)})
        _read_dump(files, crowd, progress)
        source = "listenbrainz"
    if not len(crowd):
        raise FormatError(f"A community is a folder with {_HETREC} (HetRec Last.fm) or files of listens of ListenBrainz",
                          f"{path} holds neither", "Unpack it, then give its folder")
    store.imports.remove_community(name)
    return store.imports.bring(source, community=name, name=path.name, plays=crowd.columns(), items=crowd.items,
                               progress=lambda done, total: progress(total + done, 2 * total))


def _read_hetrec(folder: Path, crowd: _Crowd, progress: Progress) -> None:
    tags = _hetrec_tags(folder)
    artists = {row["id"]: Item(item_of(row["name"]), row["name"], row["name"], row.get("url") or "",
                               tuple(tags.get(row["id"], Counter()).most_common(MAX_TAGS)))
               for row in _table(folder / "artists.dat", ("id", "name"))}
    total = (folder / _HETREC).stat().st_size
    done = 0
    for index, row in enumerate(_table(folder / _HETREC, ("userID", "artistID", "weight"))):
        done += len(row["userID"]) + len(row["artistID"]) + len(row["weight"]) + 3
        if index % _LOOK_EVERY == 0:
            progress(min(done, total), 2 * total)
        artist = artists.get(row["artistID"])
        if artist is None or not row["weight"].isdecimal():
            raise FormatError(f"{_HETREC} names artists of artists.dat and counts", f"line {index + 2} is {list(row.values())}",
                              _AGAIN)
        for time in range(len(str(int(row["weight"])))):
            crowd.add(row["userID"], artist, (_FIRST + 60 * index + time) % LATEST)


def _hetrec_tags(folder: Path) -> dict[str, Counter[str]]:
    """How often each artist was given each tag; nothing where the tables of tags are left out."""
    given, named = folder / "user_taggedartists.dat", folder / "tags.dat"
    if not given.is_file() and not named.is_file():
        return {}
    names = {row["tagID"]: row["tagValue"] for row in _table(named, ("tagID", "tagValue"), "latin-1")}
    found: dict[str, Counter[str]] = {}
    for row in _table(given, ("artistID", "tagID")):
        if row["tagID"] in names:
            found.setdefault(row["artistID"], Counter())[names[row["tagID"]]] += 1
    return found


def _table(path: Path, columns: Iterable[str], encoding: str = "utf-8") -> Iterator[dict[str, str]]:
    """Rows of a tab-separated file with a head line."""
    if not path.is_file():
        raise FormatError(f"A HetRec folder holds {path.name}", "it is not there", _AGAIN)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if not set(columns) <= set(reader.fieldnames or ()):
            raise FormatError(f"{path.name} begins with {', '.join(columns)}", f"got {reader.fieldnames}", _AGAIN)
        for row in reader:
            if any(row[column] is None for column in columns):
                raise FormatError(f"{path.name} holds whole lines", f"line {reader.line_num} breaks off", _AGAIN)
            yield row


def _read_dump(files: list[Path], crowd: _Crowd, progress: Progress) -> None:
    form = ListenBrainz()
    total = sum(file.stat().st_size for file in files)
    before = 0
    for path in files:
        with path.open("rb") as file:
            head = file.read(1 << 16).decode("utf-8", "replace")
            file.seek(0)
            if not form.claims(path.name, head):
                continue
            counted = Counted(file)
            for index, listen in enumerate(form.listens(counted)):
                if index % _LOOK_EVERY == 0:
                    progress(before + counted.done, 2 * total)
                if listen is not None and listen.listener:
                    item = Item(item_of(listen.artist, listen.title), listen.title or listen.artist, listen.artist)
                    crowd.add(listen.listener, item, listen.at, listen.heard, listen.length)
        before += path.stat().st_size
