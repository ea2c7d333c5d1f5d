"""Music for two listeners who gave each other a code."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.store.records import Share
from ui import tunes
from ui.services import store, taste
from ui.shell import language, listener, note_problem, show_error, show_problem, t
from ui.taste import acts, cards, dialog

_THEIRS = "taste.theirs"
PIECES = 10


@st.fragment
def draw() -> None:
    """The listener's own code, the other one's, and what fits both."""
    show_problem()
    acts.go_on()
    st.subheader(t("taste.together_title"), anchor=False)
    st.markdown(t("taste.together_lead"))
    if "with" in st.query_params:
        st.session_state.setdefault(_THEIRS, st.query_params["with"])
    own = next((share for share in store().shares.of(listener()) if share.kind == "blend"), None)
    with st.grid(2, min_column_width=320, gap="large"):
        with st.container(gap="small"):
            st.markdown(f"**{t('taste.together_mine')}**")
            if own is None:
                st.button(t("taste.together_make"), key="taste-share", icon=":material/link:", on_click=_share)
            else:
                st.code(own.id, language=None)
                st.button(t("taste.together_back"), key="taste-unshare", icon=":material/link_off:", type="tertiary",
                          on_click=_take_back, args=(own,))  # fmt: skip
        theirs = st.text_input(t("taste.together_theirs"), key=_THEIRS, max_chars=64, persist_state="session")
    if theirs:
        _blend(theirs.strip())
    dialog.draw()


def _blend(code: str) -> None:
    try:
        found = taste().blend(listener(), code, PIECES)
    except SongloomError as error:
        show_error(error)
        return
    if not found:
        st.info(t("taste.together_none"))
        return
    ear = taste().ear(listener())
    setting = cards.Setting(ear.world.book, ear.history, ear.snapshot.origin)
    shelf = tunes.Shelf("together", t("taste.together_shelf"), tuple(cards.card(one, setting) for one in found), layout="grid")
    tunes.shelves([shelf], key="taste-together", on_ops=acts.take_in, lang=language())


def _share() -> None:
    try:
        store().shares.share(listener(), "blend")
    except SongloomError as error:
        note_problem(error)


def _take_back(share: Share) -> None:
    try:
        store().shares.take_back(listener(), share.id)
    except SongloomError as error:
        note_problem(error)
