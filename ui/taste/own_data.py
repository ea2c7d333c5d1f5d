"""Everything that is kept about the listener: brought in, taken along, deleted."""

from __future__ import annotations

import json
from functools import partial

import streamlit as st

from core.errors import SongloomError
from core.store.listeners import new_id
from core.store.records import Import
from core.taste.history.bring import Brought
from core.taste.service import bring
from ui import identity
from ui.plain import plain
from ui.services import store, taste
from ui.shell import listener, note_problem, show_error, show_problem, t
from ui.working import Waiting

NAME, FILE = "taste.bring_name", "taste-history"
MEGABYTES = 200
"""Largest history; ten years of Spotify as a zip are about 20."""
TYPES = [".csv", ".json", ".jsonl", ".zip"]


def draw() -> None:
    """Three parts: bring, take along, delete."""
    show_problem()
    _bring()
    _brought()
    _export()
    _forget()


def _bring() -> None:
    st.subheader(t("taste.data_bring"), anchor=False)
    st.markdown(t("taste.data_bring_lead"))
    if WORK.is_on:
        WORK.watch(t("taste.data_reading", name=plain(st.session_state.get(NAME, ""))))
        return
    given = st.file_uploader(t("taste.data_upload", megabytes=MEGABYTES), type=TYPES, key=FILE, max_upload_size=MEGABYTES)
    if given is not None:
        st.button(t("taste.data_start"), key="taste-bring", icon=":material/upload:", type="primary", on_click=_start,
                  args=(given.getvalue(), given.name))  # fmt: skip


def _start(data: bytes, name: str) -> None:
    try:
        st.session_state[NAME] = name
        WORK.start(bring, store().url, listener(), data, name)
    except SongloomError as error:
        note_problem(error)


def _done(brought: Brought) -> None:
    done = brought.imported
    st.session_state["taste.said"] = t("taste.data_done", rows=f"{done.rows:,}", known=f"{done.known:,}")
    try:
        taste().heed()
    except SongloomError as error:
        note_problem(error)


def _cancelled() -> None:
    st.session_state["taste.said"] = t("taste.data_cancelled")


WORK = Waiting("taste.bring", "taste-bring-cancel", _done, _cancelled)


def _brought() -> None:
    found = store().imports.of(listener())
    if not found:
        return
    st.markdown(f"**{t('taste.data_brought')}**")
    for one in found:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            words = t("taste.data_row", name=plain(one.name), rows=f"{one.rows:,}", date=f"{one.created:%Y-%m-%d}")
            st.markdown(words, width="content")
            key = f"undo-{one.id}"
            st.button(t("taste.data_undo"), key=key, icon=":material/undo:", type="tertiary", on_click=_undo, args=(one,))


def _undo(one: Import) -> None:
    try:
        store().imports.undo(listener(), one.id)
        st.session_state["taste.said"] = t("taste.data_undone", name=plain(one.name))
    except SongloomError as error:
        note_problem(error)


def _export() -> None:
    st.subheader(t("taste.data_export"), anchor=False)
    st.markdown(t("taste.data_export_lead"))
    st.download_button(t("taste.data_download"), partial(_everything, listener()), "songloom-my-data.json", "application/json",
                       key="taste-export", icon=":material/download:", on_click="ignore")  # fmt: skip


def _everything(me: str) -> bytes:
    return json.dumps(store().privacy.export(me), ensure_ascii=False, indent=1).encode()


def _forget() -> None:
    st.subheader(t("taste.data_forget"), anchor=False)
    st.markdown(t("taste.data_forget_lead"))
    st.button(t("taste.data_forget"), key="taste-forget", icon=":material/delete_forever:", on_click=_ask)
    if st.session_state.get("taste.ask_forget"):
        _sure()


def _ask() -> None:
    st.session_state["taste.ask_forget"] = True


def _keep() -> None:
    st.session_state.pop("taste.ask_forget", None)


def _sure() -> None:
    st.dialog(t("taste.data_forget"), on_dismiss=_keep)(_ask_once)()


def _ask_once() -> None:
    st.markdown(t("taste.data_forget_ask"))
    with st.container(horizontal=True):
        yes = st.button(t("taste.data_forget_yes"), key="taste-forget-yes", type="primary", icon=":material/delete_forever:")
        no = st.button(t("taste.data_forget_no"), key="taste-forget-no")
    if no:
        _keep()
        st.rerun()
    if yes:
        try:
            taste().forget(listener())
        except SongloomError as error:
            show_error(error)
            return
        st.cache_data.clear()  # sounds and scores of their takes
        identity.become(new_id())
        st.session_state["taste.said"] = t("taste.data_forgotten")
        st.rerun()
