"""The sources of music, one line each."""

from __future__ import annotations

from core.corpora.bach import Bach
from core.corpora.lieder import Lieder
from core.corpora.openewld import OpenEwld
from core.corpora.types import Source

SOURCES: tuple[Source, ...] = (
    Bach(),
    Lieder(),
    OpenEwld(),
)
