"""Shelves of pieces on a page: seen as strips of notes, heard, rated in half stars, explained, left out.

A Streamlit component of our own, one for all the shelves of a page: one audio element, one log of what
the listener did. As with the piano roll, its modules in `web/` are joined into one script.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import FormatError
from ui.components import Component, Entry, words
from ui.shell import listener
from ui.tunes.data import Action, Because, Card, Op, Shelf, strip
from ui.tunes.texts import WORDS

__all__ = ["Action", "Because", "Card", "Op", "Shelf", "shelves", "strip"]

_COMPONENT = Component.of(
    "tunes", Path(__file__).parent / "web", ("answers", "stars", "sound", "panel", "card", "main"), most=500
)


def shelves(content: Sequence[Shelf], *, key: str, on_ops: Callable[[tuple[Op, ...]], None], lang: str = "en") -> None:
    """Show shelves and tell `on_ops`, before the page runs again, what the listener did with them.

    Every operation arrives once and in order: `sound` (item), `rate` (item, stars or None), `like`
    (item, liked), `heard` (item, seconds, length), and whatever the cards' menus carry. The log is one
    for the session, so that what was heard on a page that was left arrives through the next list; what was
    done before another listener took over, or before everything was deleted, does not arrive.

    Args:
        key: names this list among those of the session.
        lang: `en` or `zh`.
    """
    data = {"shelves": [shelf.to_json() for shelf in content], "texts": words(WORDS, lang), "lang": lang}
    owner = _owner()

    def take_in(entries: tuple[Entry, ...]) -> None:
        if owner == _owner():
            on_ops(tuple(map(_read, entries)))

    _COMPONENT.show(data, key=key, book="tunes.log", on_entries=take_in, owner=owner)


def _owner() -> str:
    """Whoever is listening, so that the browser can tell one from another; it does not learn the id."""
    return hashlib.sha256(listener().encode()).hexdigest()[:12]


def _read(entry: Entry) -> Op:
    do = entry.get("do")
    if not isinstance(do, str):
        raise FormatError("An operation has a name", f"got {entry!r:.80}")
    return Op(do, {name: value for name, value in entry.items() if name not in ("seq", "do")})
