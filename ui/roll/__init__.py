"""The piano roll that every page shows music with: seen, heard and, where asked for, edited.

A Streamlit component of our own. Its browser side is in `web/`, small ES modules that are joined
into one here (no build step); they draw on a canvas and play the sound through an audio element.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from core.errors import RequestError
from core.score.types import Score
from ui.roll.data import score_data
from ui.roll.media import audio_url
from ui.roll.ops import Edit, apply_edits, gestures, read_log
from ui.roll.texts import describe, texts

__all__ = ["Edit", "apply_edits", "gestures", "piano_roll"]

WEB = Path(__file__).parent / "web"
MODULES = ("geometry", "oplog", "draw", "page", "player", "edit", "main")
"""The browser's modules in the order in which they build on each other."""


def _joined_modules() -> str:
    """One script out of the modules: imports between them go, exports become plain declarations."""
    parts = []
    for name in MODULES:
        text = (WEB / f"{name}.mjs").read_text(encoding="utf-8")
        text = re.sub(r"^import .*?;\n", "", text, flags=re.MULTILINE | re.DOTALL)
        parts.append(re.sub(r"^export (?!default)", "", text, flags=re.MULTILINE))
    return "\n".join(parts)


_COMPONENT = st.components.v2.component(
    "songloom.roll",
    html=(WEB / "roll.html").read_text(encoding="utf-8"),
    css=(WEB / "roll.css").read_text(encoding="utf-8"),
    js=_joined_modules(),
)


def piano_roll(
    score: Score,
    *,
    key: str,
    label: str,
    audio: bytes | None = None,
    mime: str = "audio/ogg",
    waiting: bool = False,
    height: int = 160,
    editable: bool = False,
    new_from: int = 0,
    min_bars: int = 8,
    on_edit: Callable[[tuple[Edit, ...]], None] | None = None,
    can_undo: bool = True,
    can_redo: bool = True,
    lang: str = "en",
) -> None:
    """Show `score` as a piano roll, with a player under it when there is `audio`.

    The browser numbers the listener's gestures and sends all those that Python has not acknowledged:
    triggers of a component coalesce when they come fast, this log does not lose one.

    Args:
        key: names this roll among those of the session.
        label: what the music is, read out in the roll's text alternative.
        audio: the sound of exactly this score, an encoded file; `mime` is its type.
        waiting: the sound is being made: the player is there, and plays when it comes if it was asked to.
        height: of the roll in pixels, 80 or more; the player adds about 48 and the tools about 44.
        editable: lets the listener draw, move, lengthen and delete notes.
        new_from: tick at which the new music begins after a seed; what comes before is shown paler.
        min_bars: when editable, at least so many bars are shown to draw in.
        on_edit: called before the page runs again, with the edits since the last call in order;
            the page keeps the score, for instance in a `ui.roll.history.History`.
        can_undo, can_redo: whether the tools offer undo and redo.
        lang: `en` or `zh`.

    Raises:
        RequestError: `editable` without `on_edit`, or a height below 80.
    """
    if height < 80:
        raise RequestError("A piano roll is at least 80 pixels high", f"got {height}")
    if editable and on_edit is None:
        raise RequestError("An editable piano roll needs on_edit", "got none", "Pass a function that takes the edits")
    book = f"{key}:log"
    session, last = st.session_state.setdefault(book, (secrets.token_hex(4), 0))

    def on_ops() -> None:
        session, last = st.session_state[book]
        ops = st.session_state[key].get("ops") or {}
        if ops.get("session") != session:
            return
        edits, last = read_log(ops.get("gestures"), last)
        st.session_state[book] = (session, last)
        if edits and on_edit is not None:
            on_edit(edits)

    room = _room(score, min_bars) if editable else 1
    data = score_data(score, new_from=new_from, min_bars=room, lang=lang)
    data |= {
        "label": describe(label, score.note_count, len(score.bars) if score.note_count else 0, len(score.tracks), lang),
        "height": height,
        "editable": editable,
        "audio": None if audio is None else audio_url(audio, mime, key),
        "waiting": waiting,
        "session": session,
        "acknowledged": last,
        "canUndo": can_undo,
        "canRedo": can_redo,
        "texts": texts(lang),
        "lang": lang,
    }
    _COMPONENT(key=key, data={**data, "turn": _turn(f"{key}:turn", data)}, on_ops_change=on_ops)


def _turn(book: str, data: dict[str, Any]) -> int:
    """A number that rises whenever a roll's data changes, so that the browser can tell which came last."""
    last, turn = st.session_state.get(book, (None, 0))
    if data != last:
        turn += 1
        st.session_state[book] = (data, turn)
    return int(turn)


def _room(score: Score, min_bars: int) -> int:
    """Bars to show while editing: always two empty ones after the music."""
    used = len(score.bars) if score.note_count else 0
    return max(min_bars, used + 2)
