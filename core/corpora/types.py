"""What a corpus is: its licence, the styles it carries, and pieces with a split that never leaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from core.corpora.folder import DataFolder
from core.score import Score


class Tier(StrEnum):
    """What may be done with music made by a network that learned from a source."""

    FREE = "free"
    """Public domain, CC0, CC BY, BSD: any use."""
    COPYLEFT = "copyleft"
    """A collection under the GPL: what that means for weights is not settled."""
    RESEARCH = "research"
    """For research and private study only."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a source. `id` is stable and unique; `style` is an id in `core.corpora.styles`, or
    the collection's own label in the sources that are no melodies of a style (`PART_SOURCES`).
    """

    id: str
    source: str
    style: str
    title: str
    score: Score


class Source(Protocol):
    """One collection of music. A new one is one file in `core/corpora` and one line in the registry."""

    id: str
    name: str
    licence: str
    tier: Tier
    address: str
    """Where a user gets it, in words or as an address."""
    styles: tuple[str, ...]

    def is_at_hand(self, folder: DataFolder) -> bool:
        """Whether `pieces` would work now."""
        ...

    def pieces(self, folder: DataFolder) -> Iterator[Piece]:
        """Every usable piece, melody in the first track, written as printed (repeats not unfolded).

        Raises:
            DataMissingError: the collection is not at hand.
        """
        ...
