"""What Songloom's own Streamlit components share: one script out of modules, and a log that loses nothing.

The browser numbers what the listener does and sends all that Python has not acknowledged: triggers of
a component coalesce when they come fast, this log does not lose one. Streamlit may also hand the browser
earlier data after later; `turn` tells which came last.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import FormatError

__all__ = ["Component", "Entry", "joined", "read_log", "words"]

WEB = Path(__file__).parent / "web"
SHARED: Sequence[Path] = tuple(WEB / f"{name}.mjs" for name in ("log", "mount", "page", "tab", "heard"))
"""Modules that come before a component's own."""

Entry = Mapping[str, Any]
"""One thing that the listener did: `seq`, its number, and what the component's browser side put beside it."""


def joined(modules: Sequence[Path]) -> str:
    """One script out of modules: imports between them go, exports become plain declarations."""
    parts = []
    for path in (*SHARED, *modules):
        text = re.sub(r"^import .*?;\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        parts.append(re.sub(r"^export (?!default)", "", text, flags=re.MULTILINE))
    return "\n".join(parts)


def words(table: Mapping[str, Mapping[str, str]], lang: str) -> dict[str, str]:
    """A component's own words in `lang` (`en`, `zh`; any other gives English)."""
    return dict(table.get(lang.split("-")[0], table["en"]))


@dataclass(frozen=True, slots=True)
class Component:
    """A component of which `web` holds the HTML, the CSS and the browser's modules.

    Args:
        name: of the files `NAME.html` and `NAME.css`, and of the component.
        modules: the browser's own modules in the order in which they build on each other.
        most: entries of the log that a browser may send at once.
    """

    name: str
    web: Path
    modules: Sequence[str]
    most: int
    _draw: Callable[..., Any]

    @classmethod
    def of(cls, name: str, web: Path, modules: Sequence[str], most: int) -> Component:
        """Make the component known to Streamlit: once, when its module is imported."""
        draw = st.components.v2.component(
            f"songloom.{name}",
            html=(web / f"{name}.html").read_text(encoding="utf-8"),
            css=(web / f"{name}.css").read_text(encoding="utf-8"),
            js=joined([web / f"{module}.mjs" for module in modules]),
        )
        return cls(name, web, modules, most, draw)

    def show(
        self, data: Mapping[str, Any], *, key: str, book: str, on_entries: Callable[[tuple[Entry, ...]], None], owner: str = ""
    ) -> None:
        """Draw it with `data`, and tell `on_entries`, before the page runs again, what the listener did.

        Every entry arrives once and in order.

        Args:
            key: names this one among the components of the session.
            book: where the session keeps how far its log was read; components may share one log.
            owner: whose log it is, letters and digits; the browser drops what is pending when that changes.
        """
        book = f"{book} {owner}"
        session, last = st.session_state.setdefault(book, (f"{owner}.{secrets.token_hex(4)}", 0))

        def take_in() -> None:
            session, last = st.session_state[book]
            sent = st.session_state[key].get("ops") or {}
            if sent.get("session") != session:
                return
            entries, last = read_log(sent.get("entries"), last, self.most)
            st.session_state[book] = (session, last)
            if entries:
                on_entries(entries)

        told = {**data, "session": session, "acknowledged": last}
        self._draw(key=key, data={**told, "turn": _turn(f"{key}:turn", told)}, on_ops_change=take_in)


def _turn(book: str, data: dict[str, Any]) -> int:
    """A number that rises whenever the data of a component changes."""
    last, turn = st.session_state.get(book, (None, 0))
    if data != last:
        turn += 1
        st.session_state[book] = (data, turn)
    return int(turn)


def read_log(log: object, after: int, most: int) -> tuple[tuple[Entry, ...], int]:
    """The entries of a browser's log that are numbered above `after`, in order, and the new last number.

    Args:
        log: a list of up to `most` entries `{"seq": number, …}`, or None.

    Raises:
        FormatError: the log is not of that form.
    """
    if log is None:
        return (), after
    if not isinstance(log, list) or len(log) > most:
        raise FormatError(f"What a component sends is a list of up to {most} entries", f"got {log!r:.80}")
    entries: list[Entry] = []
    last = after
    for entry in sorted(log, key=_number):
        if _number(entry) > last:
            last = _number(entry)
            entries.append(entry)
    return tuple(entries), last


def _number(entry: object) -> int:
    number = entry.get("seq") if isinstance(entry, Mapping) else None
    if isinstance(number, bool) or not isinstance(number, int):
        raise FormatError("What a component sends has a whole number", f"got {entry!r:.80}")
    return number
