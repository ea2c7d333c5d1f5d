"""Shelves of pieces on a page: seen as strips of notes, heard, rated in half stars, explained, left out.

A Streamlit component of our own, one for all the shelves of a page: one audio element, one log of what
the listener did. As with the piano roll, its modules in `web/` are joined into one script.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import FormatError
from ui.roll import WEB as ROLL
from ui.tunes.data import Action, Because, Card, Op, Shelf, strip
from ui.tunes.texts import texts

__all__ = ["Action", "Because", "Card", "Op", "Shelf", "read_log", "shelves", "strip"]

WEB = Path(__file__).parent / "web"
MODULES = (ROLL / "page.mjs", *(WEB / f"{name}.mjs" for name in ("log", "stars", "heard", "sound", "panel", "card", "main")))
"""The browser's modules in the order in which they build on each other."""

_LOG = "tunes.log"
MAX_OPS = 500
"""What a browser may send at once."""


def _joined_modules() -> str:
    """One script out of the modules: imports between them go, exports become plain declarations."""
    parts = []
    for path in MODULES:
        text = re.sub(r"^import .*?;\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        parts.append(re.sub(r"^export (?!default)", "", text, flags=re.MULTILINE))
    return "\n".join(parts)


_COMPONENT = st.components.v2.component(
    "songloom.tunes",
    html=(WEB / "tunes.html").read_text(encoding="utf-8"),
    css=(WEB / "tunes.css").read_text(encoding="utf-8"),
    js=_joined_modules(),
)


def shelves(content: Sequence[Shelf], *, key: str, on_ops: Callable[[tuple[Op, ...]], None], lang: str = "en") -> None:
    """Show shelves and tell `on_ops`, before the page runs again, what the listener did with them.

    Every operation arrives once and in order: `sound` (item), `rate` (item, stars or None), `like`
    (item, liked), `heard` (item, seconds, length), and whatever the cards' menus carry. The log is one
    for the session, so that what was heard on a page that was left arrives through the next list.

    Args:
        key: names this list among those of the session.
        lang: `en` or `zh`.
    """
    session, last = st.session_state.setdefault(_LOG, (secrets.token_hex(4), 0))

    def take_in() -> None:
        session, last = st.session_state[_LOG]
        sent = st.session_state[key].get("ops") or {}
        if sent.get("session") != session:
            return
        ops, last = read_log(sent.get("ops"), last)
        st.session_state[_LOG] = (session, last)
        if ops:
            on_ops(ops)

    data = {
        "shelves": [shelf.to_json() for shelf in content],
        "session": session,
        "acknowledged": last,
        "texts": texts(lang),
        "lang": lang,
    }
    _COMPONENT(key=key, data=data, on_ops_change=take_in)


def read_log(log: object, after: int) -> tuple[tuple[Op, ...], int]:
    """The operations of a browser's log that are numbered above `after`, and the new last number.

    Args:
        log: a list of `{"seq": number, "do": name, …}`, or None.

    Raises:
        FormatError: the log is not of that form.
    """
    if log is None:
        return (), after
    if not isinstance(log, list) or len(log) > MAX_OPS:
        raise FormatError(f"The log of a list of pieces is a list of up to {MAX_OPS} operations", f"got {str(log)[:80]}")
    ops: list[Op] = []
    last = after
    for entry in sorted(log, key=_number):
        if _number(entry) > last:
            last = _number(entry)
            ops.append(_read(entry))
    return tuple(ops), last


def _number(entry: object) -> int:
    number = entry.get("seq") if isinstance(entry, Mapping) else None
    if isinstance(number, bool) or not isinstance(number, int):
        raise FormatError("An operation has a whole number", f"got {entry!r:.80}")
    return number


def _read(entry: Mapping[str, Any]) -> Op:
    do = entry.get("do")
    if not isinstance(do, str):
        raise FormatError("An operation has a name", f"got {entry!r:.80}")
    return Op(do, {name: value for name, value in entry.items() if name not in ("seq", "do")})
