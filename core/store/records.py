"""What goes into the store and what comes out of it: immutable records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SKIP_BELOW = 0.3
"""A play of which less was heard, as a share of the item's length, is a skip."""


@dataclass(frozen=True, slots=True)
class NewTake:
    """A take to be stored.

    `request` is what JSON can hold; `midi` is a whole MIDI file; `new_from` is the tick at which
    new music begins; `seconds` is what composing took.
    """

    owner: str
    title: str
    style: str
    engine: str
    request: Mapping[str, Any]
    weights: str
    random_seed: int
    midi: bytes
    index: int = 0
    new_from: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TakeRecord:
    """A stored take as it stands after its last edit. `id` is its address and cannot be guessed.

    `kept` tells what its owner chose to keep from a draft; drafts are cleared away after a while.
    `version` counts its edits from 0; `published` takes may be recommended to other listeners.
    """

    id: str
    owner: str
    title: str
    style: str
    engine: str
    request: Mapping[str, Any]
    weights: str
    random_seed: int
    midi: bytes
    index: int
    new_from: int
    seconds: float
    kept: bool
    created: datetime
    version: int
    published: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a take: `number` 0 is what was composed, `what` names the edit that led here."""

    take: str
    number: int
    what: str
    midi: bytes
    created: datetime


@dataclass(frozen=True, slots=True)
class Listener:
    """Somebody who uses Songloom: `language` and `name` are empty until they were chosen.

    `community` names the community that a simulated or brought listener belongs to; it is empty
    for people.
    """

    id: str
    language: str = ""
    preferences: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""
    community: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something from outside that can be listened to elsewhere: `artist:…` or `track:…`.

    `address` is a page to listen at, empty where none is known. `tags` are what others call it, with how often
    they did, the most frequent first.
    """

    id: str
    title: str = ""
    artist: str = ""
    address: str = ""
    tags: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rating:
    """`stars` go from 0.5 to 5 in halves."""

    item: str
    stars: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Play:
    """`heard` of `length` seconds; `length` is 0 where it is unknown."""

    item: str
    at: datetime
    heard: float
    length: float
    skipped: bool


@dataclass(frozen=True, slots=True)
class Comment:
    """What a listener wrote about an item."""

    id: str
    item: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What a listener wants left out: `kind` is item, artist, style, period or source."""

    kind: str
    value: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Playlist:
    """Items in the listener's order. `id` cannot be guessed."""

    id: str
    name: str
    items: tuple[str, ...]
    created: datetime


@dataclass(frozen=True, slots=True)
class Import:
    """What was brought from elsewhere at once: `rows` are new, `known` were there before."""

    id: int
    source: str
    name: str
    community: str
    rows: int
    known: int
    created: datetime


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that a listener registered, by what it is known again with (`core.rights.recordings`)."""

    id: str
    title: str
    seconds: float
    chromaprint: bytes
    created: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """A link that its owner gave away: whoever has `id` sees `target` and nothing else."""

    id: str
    owner: str
    kind: str
    target: str
    created: datetime
