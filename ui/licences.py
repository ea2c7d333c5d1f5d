"""What may be done with music in a style, in one line."""

from __future__ import annotations

from ui.texts import text


def line(free_only: bool, language: str) -> str:
    """Which network writes, by the switch for free music.

    One network learned from every collection at once, so what it writes in any style is as
    restricted as the most restricted collection; the other learned from free music alone.
    """
    return text(language, "licence.free" if free_only else "licence.research")
