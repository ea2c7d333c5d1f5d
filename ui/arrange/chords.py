"""The chords bar by bar, section by section: change one, and the band plays only that bar anew."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.score.bar_chords import bar_chords, with_bar_chords
from ui.arrange import state, work
from ui.arrange.state import Arranged
from ui.arrange.strip import name
from ui.shell import note_problem, t


def draw(one: Arranged) -> None:
    """The section to work on, a way to have it played anew, and a line for the chords of each of its bars."""
    sections = one.sections
    key = f"arrange-section-{one.id}"
    chosen = st.segmented_control(
        t("arrange.choose_section"), range(len(sections)), default=0, required=True, key=key,
        format_func=lambda number: name(sections[number]), persist_state="session",
    )  # fmt: skip
    section = sections[chosen or 0]
    st.button(
        t("arrange.again_section"), key="again-section", icon=":material/casino:", type="tertiary", disabled=work.WORK.is_on,
        on_click=work.again, args=(one.id, (), (section.first, section.last)),
    )  # fmt: skip
    st.caption(t("arrange.chords_help"))
    with st.grid(4, min_column_width=130, gap="small"):
        for bar in range(section.first, section.last):
            field = f"chord-{one.id}-{bar}"
            st.session_state[field] = bar_chords(one.score, bar)
            st.text_input(
                t("arrange.bar", number=bar + 1), key=field, placeholder=t("arrange.chord_goes_on"), max_chars=60,
                disabled=work.WORK.is_on, on_change=_changed, args=(one.id, bar, field),
            )  # fmt: skip


def _changed(id: str, bar: int, field: str) -> None:
    one = state.find(id)
    if one is None:
        return
    try:
        piece = with_bar_chords(one.piece, bar, st.session_state[field])
    except SongloomError as error:
        note_problem(error)
        return
    if piece != one.piece:
        work.again(id, (), (bar, bar + 1), piece)
