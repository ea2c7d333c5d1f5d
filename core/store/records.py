"""What goes into the store and what comes out of it: immutable records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


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
    `version` counts its edits from 0.
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
    """Somebody who uses Songloom: `language` is empty until it was chosen."""

    id: str
    language: str = ""
    preferences: Mapping[str, Any] = field(default_factory=dict)
