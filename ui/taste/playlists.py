"""The listener's playlists."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.store.records import Playlist
from ui import tunes
from ui.plain import plain
from ui.services import store, taste
from ui.shell import language, listener, note_problem, show_problem, t
from ui.taste import acts, cards, dialog
from ui.tunes import Action, Op


@st.fragment
def draw() -> None:
    """Every playlist, folded; the opened ones with their pieces."""
    show_problem()
    acts.go_on()
    lists = store().playlists.of(listener())
    if not lists:
        st.subheader(t("taste.lists_empty"), anchor=False)
        st.markdown(t("taste.lists_lead"))
    for one in lists:
        label = t("taste.lists_of", name=plain(one.name), count=len(one.items))
        with st.expander(label, icon=":material/queue_music:", key=f"list-{one.id}", on_change="rerun") as opened:
            if opened.open:
                _list(one)
    dialog.draw()


def _list(one: Playlist) -> None:
    ear = taste().ear(listener())
    book = ear.world.book
    setting = cards.Setting(book, ear.history)
    found = [book[item] for item in one.items if item in book]
    if found:
        made = []
        for piece in found:
            out = Action(t("taste.menu_unlist"), {"do": "unlist", "item": piece.id, "list": one.id})
            made.append(cards.of_piece(piece, setting, menu=(out, *cards.actions(piece))))
        shelf = tunes.Shelf(one.id, "", tuple(made), layout="grid")
        tunes.shelves([shelf], key=f"taste-list-{one.id}", on_ops=_take_in, lang=language())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"list-name-{one.id}-{one.name}"
        st.text_input(t("taste.lists_rename"), one.name, max_chars=200, key=key, on_change=_rename, args=(one.id, key))
        st.button(t("taste.lists_remove"), key=f"list-remove-{one.id}", icon=":material/delete:", type="tertiary",
                  on_click=_remove, args=(one.id,))  # fmt: skip


def _take_in(ops: tuple[Op, ...]) -> None:
    for op in ops:
        if op.do != "unlist":
            acts.take_in((op,))
            continue
        try:
            one = next(each for each in store().playlists.of(listener()) if each.id == op.values.get("list"))
            left = [item for item in one.items if item != op.values.get("item")]
            store().playlists.change(listener(), one.id, items=left)
        except (SongloomError, StopIteration) as error:
            if isinstance(error, SongloomError):
                note_problem(error)


def _rename(id: str, key: str) -> None:
    try:
        store().playlists.change(listener(), id, name=st.session_state[key])
    except SongloomError as error:
        note_problem(error)


def _remove(id: str) -> None:
    try:
        store().playlists.remove(listener(), id)
    except SongloomError as error:
        note_problem(error)
