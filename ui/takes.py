"""Takes side by side: each seen, heard, kept, gone on from, varied, downloaded, opened."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.errors import SongloomError
from ui import composing, downloads, editor, player, session, sound_settings
from ui.analyse import badges
from ui.analyse import way as analyse_way
from ui.arrange import way as arrange_way
from ui.bars import bar_count
from ui.lyrics import sing
from ui.names import key_name
from ui.plain import plain
from ui.services import store
from ui.session import Shown
from ui.shape import way
from ui.shell import language, listener, note_problem, show_problem, t
from ui.taste import stars

CARD_WIDTH = 400
"""Pixels below which cards stand one below the other."""


def show_current() -> None:
    """The answer that the page shows, with a way back to earlier ones."""
    everything = session.batches()
    if not everything:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(t("compose.results"), anchor=False, width="content")
        if len(everything) > 1:
            with st.container(width="content", horizontal=True, vertical_alignment="center"):
                st.caption(t("compose.earlier"), width="content")
                st.pagination(len(everything), key="batch", persist_state="session")
        sound_settings.popover()
    editor.show_opened()
    with st.grid(2, min_column_width=CARD_WIDTH, gap="medium"):
        for shown in session.current_batch():
            card(shown.id)
    badges.watch()


@st.fragment
def card(id: str) -> None:
    """One take of the current answer, by its id; it runs again alone when its own buttons are used."""
    shown = next((take for take in session.current_batch() if take.id == id), None)
    if shown is None:
        return
    with st.container(border=True, key=f"card-{id}", gap="small"):
        show_problem()
        heading(shown)
        badges.row(shown.score, shown.record.style)
        player.show(
            shown.score,
            key=f"roll-{id}",
            title=t("take.label", title=shown.record.title),
            new_from=shown.record.new_from,
            height=110 if shown.has_words else 170,
            item=f"take:{id}" if shown.is_stored else "",
        )
        sing.show(shown, f"roll-{id}")
        if shown.is_stored:
            stars.row(f"take:{id}", shown.record.title)
        with st.container(horizontal=True, gap="small"):
            keep_button(shown)
            if st.button(t("take.continue"), key=f"continue-{id}", icon=":material/east:", type="tertiary"):
                composing.go_on(shown)
                st.rerun()
            if shown.is_stored:
                way.button(f"take:{id}")
                arrange_way.button(f"take:{id}")
                analyse_way.button(f"take:{id}")
            downloads.popover(shown.score, shown.record.title, id)
            if st.button(t("take.edit"), key=f"edit-{id}", icon=":material/zoom_in:", type="tertiary"):
                st.session_state["opened"] = id
                st.rerun()


def heading(shown: Shown) -> None:
    """The take's name, which leads to its own page, and what it is in a few words."""
    score = shown.score
    about = [key_name(score.key, language()), str(score.metres[0]), t("take.meta_bars", bars=bar_count(score))]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"):
        if shown.is_stored:
            st.page_link("pages/take.py", label=f"**{plain(shown.record.title)}**", query_params={"id": shown.id})
        else:
            st.markdown(f"**{plain(shown.record.title)}**", width="content")
        st.caption(" · ".join(filter(None, about)), width="content")


def keep_button(shown: Shown) -> None:
    """Keep the take, or let it go again."""
    kept = shown.record.kept
    st.button(
        t("take.kept") if kept else t("take.keep"),
        key=f"keep-{shown.id}",
        icon=":material/bookmark_added:" if kept else ":material/bookmark_add:",
        type="tertiary",
        on_click=_keep,
        args=(shown, not kept),
    )


def _keep(shown: Shown, kept: bool) -> None:
    try:
        keep(shown, kept)
    except SongloomError as error:
        note_problem(error)
    else:
        st.toast(t("take.now_kept" if kept else "take.not_kept"))


def keep(shown: Shown, kept: bool) -> Shown:
    """Keep a take in the store, storing it first where that failed before.

    Raises:
        StoreError: the store refuses again.
        MissingError: the take is not this listener's, or is gone.
    """
    if not shown.is_stored:
        return _store_again(shown, kept)
    changed = replace(shown, record=store().keep(shown.id, listener(), kept))
    session.update(changed)
    return changed


def _store_again(shown: Shown, kept: bool) -> Shown:
    (record,) = store().add([composing.new_from_record(shown.record)])
    stored = replace(shown, record=store().keep(record.id, listener(), kept))
    session.replace_id(shown.id, stored)
    return stored
