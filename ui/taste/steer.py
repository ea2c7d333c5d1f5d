"""The four sliders, folded away until they are wanted."""

from __future__ import annotations

import streamlit as st

from core.taste.steering import AXES, Steering
from ui.shell import t

POSITIONS = (-1.0, -0.5, 0.0, 0.5, 1.0)
_OPPOSITE = {"adventurous": "familiar", "rare": "popular", "energetic": "calm", "happy": "sad"}


def read() -> Steering:
    """Where the sliders stand."""
    return Steering(**{axis: float(st.session_state.get(_key(axis), 0.0)) for axis in AXES})


def draw() -> Steering:
    """Draw the sliders; returns where they stand."""
    with st.expander(t("taste.steer"), icon=":material/tune:", key="taste-steer", on_change="rerun") as opened:
        if opened.open:  # the browser loads what sliders need only then
            _sliders()
    steering = read()
    if not steering.is_neutral:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="taste-steered"):
            st.caption(t("taste.note_steered", ways=", ".join(ways(steering))), width="content")
            words, icon = t("taste.steer_reset"), ":material/restart_alt:"
            st.button(words, key="taste-steer-reset", icon=icon, type="tertiary", on_click=_reset)
    return steering


def _sliders() -> None:
    with st.grid(2, min_column_width=300, gap="medium"):
        for axis in AXES:
            st.session_state.setdefault(_key(axis), 0.0)
            names = {value: _word(axis, value) for value in POSITIONS}
            st.select_slider(t(f"taste.axis_{axis}"), POSITIONS, format_func=names.__getitem__, key=_key(axis),
                             persist_state="session")


def ways(steering: Steering) -> list[str]:
    """What was steered, in words."""
    return [_word(axis, value) for axis in AXES if (value := getattr(steering, axis))]


def _word(axis: str, value: float) -> str:
    if value == 0:
        return t("taste.axis_middle")
    way = t(f"taste.way_{axis if value > 0 else _OPPOSITE[axis]}")
    return t("taste.axis_much", way=way) if abs(value) > 0.75 else t("taste.axis_some", way=way)


def _key(axis: str) -> str:
    return f"taste.axis.{axis}"


def _reset() -> None:
    for axis in AXES:
        st.session_state[_key(axis)] = 0.0
