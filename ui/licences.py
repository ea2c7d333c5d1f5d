"""What may be done with music in a style, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from core.corpora.registry import are_free
from ui.texts import text


def line(sources: Sequence[str], language: str) -> str:
    """Whether the weights that write a style, which learned from these collections, learned from free music alone.

    A network that learned from several collections at once writes every style under the terms of
    the most restricted one.
    """
    return text(language, "licence.free" if are_free(sources) else "licence.research")
