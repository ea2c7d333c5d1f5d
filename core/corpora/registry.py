"""The sources of music, one line each."""

from __future__ import annotations

from collections.abc import Iterable

from core.corpora.bach import Bach
from core.corpora.bands import FREEDOOM, OPENMSX
from core.corpora.emopia import Emopia
from core.corpora.groove import Groove
from core.corpora.hymnal import HYMNAL
from core.corpora.lieder import Lieder
from core.corpora.nottingham import NOTTINGHAM
from core.corpora.openewld import OpenEwld
from core.corpora.pop909 import Pop909
from core.corpora.tunebooks import AIRD, ESSEN, ONEILL, RYAN
from core.corpora.types import Source, Tier

SOURCES: tuple[Source, ...] = (
    ONEILL,
    RYAN,
    AIRD,
    HYMNAL,
    Bach(),
    Lieder(),
    OpenEwld(),
    NOTTINGHAM,
    ESSEN,
    Pop909(),
)
"""Of two duplicates the one from the earlier source stays; within the list freer tiers go first."""

PART_SOURCES: tuple[Source, ...] = (FREEDOOM, Groove(), OPENMSX, Emopia())
"""Drums, bands and piano textures: no melodies of a style, so the melody engines leave them alone."""


BENCHMARK = "jsb"
"""Bach's chorales as the published benchmark has them (`core.corpora.jsb`): public domain."""


def styles_of(free_only: bool = False) -> tuple[str, ...]:
    """Ids of the styles that some source carries, in the order of the sources."""
    found = (style for source in SOURCES if not free_only or source.tier == Tier.FREE for style in source.styles)
    return tuple(dict.fromkeys(found))


def sources_of(style: str, free_only: bool = False) -> tuple[Source, ...]:
    """The sources that carry a style."""
    return tuple(source for source in SOURCES if style in source.styles and (not free_only or source.tier == Tier.FREE))


def are_free(sources: Iterable[str]) -> bool:
    """Whether everything learned from these (by id) may be used for anything; unknown ones are taken as not."""
    free = {source.id for source in (*SOURCES, *PART_SOURCES) if source.tier == Tier.FREE} | {BENCHMARK}
    return set(sources) <= free
