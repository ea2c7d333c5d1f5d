"""A piece by itself: seen and heard as a whole, commented, put into playlists."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.taste.pieces import Piece
from ui import player
from ui.plain import plain
from ui.services import store, taste
from ui.shell import listener, show_error, t
from ui.taste import cards, words
from ui.taste.acts import OPENED

NEW = ""


def draw() -> None:
    """The dialog of the piece that was opened, if one was."""
    item = st.session_state.get(OPENED)
    if item is None:
        return
    book = taste().ear(listener()).world.book
    if item not in book:
        _close()
        return
    piece = book[item]

    @st.dialog(plain(piece.title), width="medium", on_dismiss=_close)
    def show() -> None:
        _show(piece)

    show()


def _close() -> None:
    st.session_state.pop(OPENED, None)


def _show(piece: Piece) -> None:
    st.caption(words.line(piece))
    if piece.is_here:
        try:
            player.show(cards.score(piece.id), key="taste-dialog-roll", title=piece.title, height=150, item=piece.id)
        except SongloomError as error:
            show_error(error)
    elif piece.address.startswith("https://"):
        st.link_button(t("taste.menu_elsewhere"), piece.address, icon=":material/open_in_new:")
    _playlists(piece)
    _comments(piece)


def _playlists(piece: Piece) -> None:
    lists = {one.id: one for one in store().playlists.of(listener())}
    names = {id: one.name for id, one in lists.items()} | {NEW: t("taste.dialog_new")}
    with st.form("taste-dialog-list", border=False, clear_on_submit=True):
        column, name_column, button = st.columns([3, 3, 2], vertical_alignment="bottom")
        chosen = column.selectbox(t("taste.dialog_add"), [*lists, NEW], format_func=names.__getitem__)
        name = name_column.text_input(t("taste.lists_rename"), t("taste.dialog_new") if not lists else "", max_chars=200)
        if button.form_submit_button(t("taste.dialog_add_button"), icon=":material/playlist_add:", width="stretch"):
            try:
                if chosen == NEW:
                    store().playlists.make(listener(), name or t("taste.dialog_new"), [piece.id])
                elif piece.id not in lists[chosen].items:
                    store().playlists.change(listener(), chosen, items=[*lists[chosen].items, piece.id])
            except SongloomError as error:
                show_error(error)
            else:
                st.toast(t("taste.dialog_added", name=names[chosen] if chosen != NEW else name))


def _comments(piece: Piece) -> None:
    st.markdown(f"**{t('taste.dialog_comments')}**")
    with st.form("taste-dialog-comment", border=False, clear_on_submit=True):
        text = st.text_area(t("taste.dialog_comment"), max_chars=2000, height=80, help=t("taste.dialog_comment_help"))
        if st.form_submit_button(t("taste.dialog_write"), icon=":material/add_comment:") and text.strip():
            try:
                store().listening.comment(listener(), piece.id, text)
            except SongloomError as error:
                show_error(error)
    own = [comment for comment in store().listening.comments(listener()) if comment.item == piece.id]
    if not own:
        st.caption(t("taste.dialog_none"))
    for comment in own:
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"{plain(comment.text)}  \n:small[{comment.at:%Y-%m-%d}]", width="stretch")
            st.button(t("taste.remove"), key=f"uncomment-{comment.id}", icon=":material/delete:", type="tertiary",
                      on_click=store().listening.uncomment, args=(listener(), comment.id))
