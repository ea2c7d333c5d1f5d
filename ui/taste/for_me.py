"""Compose for my taste: a job that writes after the profile, and its takes with stars."""

from __future__ import annotations

import streamlit as st

from core.corpora.styles import BY_ID
from core.errors import SongloomError
from core.taste.compose import RankedTake
from core.taste.pieces import of_take
from core.taste.scoring import Ear
from core.taste.service import compose
from ui import composing, session, tunes
from ui.catalogue import name_of_style
from ui.names import mode_name
from ui.services import store, taste
from ui.shell import language, listener, note_problem, t
from ui.taste import acts, cards
from ui.working import Waiting

TAKES = "taste.composed"
MOST_STYLES = 3


def draw(ear: Ear) -> None:
    """What would be composed, the button or the progress, and the takes that came."""
    st.subheader(t("taste.compose"), anchor=False)
    profile = taste().profile(ear)
    if not profile.styles:
        st.caption(t("taste.compose_few"))
        return
    styles = [name_of_style(style) for style in profile.styles if style in BY_ID][:MOST_STYLES]
    modes = [mode_name(mode, language()) for mode in list(profile.modes)[:1]]
    what = ", ".join([*styles, *modes, f"♩ = {profile.tempo:.0f}"])
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="medium"):
        st.caption(t("taste.compose_lead", what=what), width="content")
        if not WORK.is_on:
            label = t("taste.compose_button")
            st.button(label, key="taste-compose", icon=":material/auto_awesome:", type="primary", on_click=_start)
    WORK.watch(t("taste.compose_writing"))
    _takes(ear)


def _start() -> None:
    try:
        WORK.start(compose, store().url, listener(), "lstm", composing.new_random_seed())
    except SongloomError as error:
        note_problem(error)


def _done(found: tuple[RankedTake, ...]) -> None:
    """Keep the takes as drafts; they are on the Compose page, too."""
    batch = composing.keep_drafts(tuple(one.take for one in found))
    session.add_batch(batch)
    new = [(shown.id, one.stars) for shown, one in zip(batch, found, strict=True) if shown.is_stored]
    st.session_state[TAKES] = [*new, *st.session_state.get(TAKES, [])][:8]


def _cancelled() -> None:
    st.session_state["taste.said"] = t("taste.compose_cancelled")


WORK = Waiting("taste.compose_job", "taste-compose-cancel", _done, _cancelled)


def _takes(ear: Ear) -> None:
    setting = cards.Setting(ear.world.book, ear.history)
    found = []
    for id, stars in st.session_state.get(TAKES, []):
        try:
            piece = of_take(store().take(id))
        except SongloomError:
            continue  # deleted since
        found.append(cards.of_piece(piece, setting, t("taste.guess", stars=f"{stars:.1f}"), None))
    if found:
        shelf = tunes.Shelf("composed", t("taste.compose_shelf"), tuple(found))
        tunes.shelves([shelf], key="taste-composed", on_ops=acts.take_in, lang=language())
        st.page_link("pages/compose.py", label=t("taste.compose_more"), icon=":material/music_note:")
