"""What a mouse does on the map: pointing at a piece sounds its beginning, a click anywhere asks for music from there.

Streamlit tells Python of neither, so a component of our own listens to the chart in the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from core.errors import FormatError, SongloomError
from ui import pieces, sound
from ui.bars import bar_count, trim_bars
from ui.components import Component, Entry
from ui.roll.media import audio_url
from ui.shell import rerun

_COMPONENT = Component.of("ear", Path(__file__).parent / "web", ("main",), most=1000)
BARS = 4
"""Of a piece that is pointed at, so many are heard."""
_HEARD, _CLICKED = "shape_ear", "shape_ear_clicked"
"""Keys of the session: the piece that is pointed at, and that the page has not shown yet what a click began."""


def show(place: str, *, lead: str, words: str, key: str, known: frozenset[str], on_click: Callable[[float, float], None]) -> None:
    """Listen to the chart in the container with the key `place`.

    Args:
        place: the container's key.
        lead: the chart's own points carry their piece as `customdata[0]`; this comes before it (`tune:`).
        words: names the switch for sounding what is pointed at.
        key: names this one among the components of the session.
        known: the pieces that may be asked for.
        on_click: is told the place of a click, in the chart's own units.
    """

    def take_in(entries: tuple[Entry, ...]) -> None:
        for entry in entries:
            if "x" in entry:
                on_click(*(_number(entry.get(axis)) for axis in "xy"))
                st.session_state[_CLICKED] = True
            elif entry.get("hear") in known:
                st.session_state[_HEARD] = lead + entry["hear"]

    st.session_state[_CLICKED] = False
    _listen(place, words, key, len(lead), take_in)


@st.fragment
def _listen(place: str, words: str, key: str, lead: int, take_in: Callable[[tuple[Entry, ...]], None]) -> None:
    item = st.session_state.get(_HEARD, "")
    data = {"place": place, "words": words, "heard": item[lead:], "address": _beginning(item, key) if item else ""}
    _COMPONENT.show(data, key=key, book=f"{key}:log", on_entries=take_in)
    if st.session_state[_CLICKED]:
        rerun()


def _beginning(item: str, key: str) -> str:
    """The address of the sound of a piece's first bars; "" where there is none."""
    try:
        score = pieces.score(item)
        made = sound.at_once(trim_bars(score, 1, min(BARS, bar_count(score))))
    except SongloomError:
        return ""  # it is only pointed at: a click says what is wrong
    return audio_url(made.audio, made.mime, f"{key}-{item}") if made.audio else ""


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise FormatError("A place on the map is two numbers", f"got {value!r:.40}")
    return float(value)
