"""The first visit: a few short examples to give stars to, each chosen by the answers before it."""

from __future__ import annotations

import streamlit as st

from core.taste.lists import Because, Recommendation
from core.taste.scoring import Ear
from core.taste.service import ENOUGH
from ui import tunes
from ui.services import taste
from ui.shell import language, t
from ui.taste import acts, cards

MOST = 5
"""Pieces that are asked about at most; after `ENOUGH` the listener may go on to the music."""
SKIPPED, PASSED = "taste.visit_skipped", "taste.visit_passed"


def is_on(ear: Ear) -> bool:
    """Whether the listener is on their first visit, and did not choose to skip it."""
    if st.session_state.get(SKIPPED):
        return False
    if st.session_state.get("taste.visit") is None:
        st.session_state["taste.visit"] = taste().is_new(ear)
    return bool(st.session_state["taste.visit"]) and len(ear.history.stars) < MOST


def draw(ear: Ear) -> None:
    """One example with stars, what is next, and the ways out."""
    passed = st.session_state.setdefault(PASSED, ())
    piece = taste().question(ear, passed)
    answered = len(ear.history.stars)
    if piece is None:
        _end()
        st.rerun()
        return
    st.subheader(t("taste.visit_title"), anchor=False)
    st.markdown(t("taste.visit_lead"))
    st.progress(min(1.0, answered / MOST), t("taste.visit_step", done=answered, least=ENOUGH, most=MOST))
    asked = Recommendation(piece, 0.0, None, Because(), "")
    card = cards.of_piece(asked.piece, cards.Setting(ear.world.book, ear.history, example=True), menu=())
    tunes.shelves([tunes.Shelf("visit", "", (card,), layout="one")], key="taste-visit", on_ops=acts.take_in, lang=language())
    with st.container(horizontal=True, gap="small"):
        st.button(t("taste.visit_pass"), key="taste-visit-pass", icon=":material/skip_next:", on_click=_pass, args=(piece.id,))
        if answered >= ENOUGH:
            st.button(t("taste.visit_done"), key="taste-visit-done", icon=":material/favorite:", type="primary", on_click=_end)
        else:
            st.button(t("taste.visit_skip"), key="taste-visit-skip", type="tertiary", on_click=_end)
    st.caption(t("taste.visit_bring"))


def _pass(item: str) -> None:
    st.session_state[PASSED] = (*st.session_state[PASSED], item)


def _end() -> None:
    st.session_state[SKIPPED] = True
