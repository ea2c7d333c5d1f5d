"""What can be recommended, with the words that pages and the command line show it with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from string import capwords
from urllib.parse import quote_plus

from core.corpora.catalogue import SOURCE_NAMES, Entry, catalogue
from core.store import TakeRecord
from core.store.records import Item

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_IRISH = re.compile(r"\b(?:O'|Mc)[a-z]")
"""Where a name has a capital inside."""
_KIND = re.compile(r"\s+--?\s+(reel|jig|hornpipe|clog|strathspey|fling|walk around|polka|waltz)\s*$", re.IGNORECASE)
"""What the tune books put behind a title; the style says it already."""
SEARCH = "https://www.youtube.com/results?search_query="
TUNE, TAKE, ARTIST, TRACK = "tune", "take", "artist", "track"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to listen to. `style` and `source` are ids ("" where unknown); `owner` is who composed a
    take; `address` is a page to listen at where it is not here (artists and tracks)."""

    id: str
    title: str
    style: str = ""
    source: str = ""
    artist: str = ""
    metre: str = ""
    key: str = ""
    owner: str = ""
    address: str = ""

    @property
    def kind(self) -> str:
        """`tune`, `take`, `artist` or `track`."""
        return self.id.partition(":")[0]

    @property
    def is_here(self) -> bool:
        """Whether Songloom has its notes."""
        return self.kind in (TUNE, TAKE)

    def is_left_out_by(self, kind: str, value: str) -> bool:
        """Whether an exclusion of a `kind` (item, artist, style, source) meets it."""
        if kind == "item":
            return self.id == value
        return bool(value) and {"artist": self.artist_id, "style": self.style, "source": self.source}.get(kind) == value

    @property
    def artist_id(self) -> str:
        """What leaving its maker out names: the slug of an imported artist, the owner of a take, a tune's book."""
        if self.kind in (ARTIST, TRACK):
            return self.id.partition(":")[2].partition("/")[0]
        return self.owner if self.kind == TAKE else self.source


def of_entry(entry: Entry) -> Piece:
    """A tune of the catalogue."""
    artist = SOURCE_NAMES[entry.source]
    return Piece(f"{TUNE}:{entry.id}", tidy(entry.title), entry.style, entry.source, artist, entry.metre, entry.key)


def of_take(record: TakeRecord) -> Piece:
    """A stored take."""
    return Piece(f"{TAKE}:{record.id}", record.title, record.style, TAKE, owner=record.owner)


def of_item(item: Item) -> Piece:
    """An artist or a track of an imported history."""
    title = item.title or item.id.rpartition(":")[2].rpartition("/")[2].replace("-", " ")
    address = re.sub(r"^http://", "https://", item.address)
    if not address.startswith("https://"):
        address = search_address(title, item.artist)
    return Piece(item.id, title, artist=item.artist, source=item.id.partition(":")[0], address=address)


def search_address(title: str, artist: str) -> str:
    """Where something that is not here can be listened to: a search for it, which nobody asks before a click."""
    words = title if artist.casefold() == title.casefold() else f"{artist} {title}"
    return SEARCH + quote_plus(" ".join(words.split()))


def tidy(title: str) -> str:
    """A title as one would write it today: tune books put it in capitals and quotation marks, its article last, its
    kind behind it."""
    words = _CONTROL.sub("", title).strip().strip('"').strip().rstrip(".") or title
    words = _KIND.sub("", words) or words
    name, comma, article = words.rpartition(", ")
    if comma and article in ("The", "A", "An"):
        words = f"{article} {name}"
    if not words.isupper() or len(words) <= 3:
        return words
    return _IRISH.sub(lambda name: name[0][:-1] + name[0][-1].upper(), capwords(words))


@cache
def tunes() -> Mapping[str, Piece]:
    """Every tune of the catalogue by item id, in the order of the books.

    Raises:
        DataMissingError: the music21 package is not at hand.
    """
    return {piece.id: piece for piece in map(of_entry, catalogue())}


@dataclass(frozen=True)
class PieceBook(Mapping[str, Piece]):
    """Tunes of the catalogue and whatever else is known, by item id, in this order."""

    tunes: Mapping[str, Piece] = field(default_factory=dict)
    others: Mapping[str, Piece] = field(default_factory=dict)

    @classmethod
    def of(cls, ids: Iterable[str], takes: Iterable[TakeRecord] = (), items: Iterable[Item] = ()) -> PieceBook:
        """Of the catalogue's tunes those with the `ids`.

        Raises:
            DataMissingError: the music21 package is not at hand.
        """
        known = tunes()
        chosen = {item: known[item] for item in (f"{TUNE}:{id}" for id in ids) if item in known}
        return cls(chosen, {piece.id: piece for piece in [*map(of_take, takes), *map(of_item, items)]})

    def __getitem__(self, item: str) -> Piece:
        return self.others[item] if item in self.others else self.tunes[item]

    def __contains__(self, item: object) -> bool:
        return item in self.tunes or item in self.others

    def __iter__(self) -> Iterator[str]:
        yield from self.tunes
        yield from self.others

    def __len__(self) -> int:
        return len(self.tunes) + len(self.others)
