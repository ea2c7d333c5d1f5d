"""The pieces that the page works on, `a` and `b`: named in its address, chosen from one's own takes, the catalogue and files."""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from core.errors import SongloomError
from core.score import Score
from core.score.files import MAX_BYTES, readable
from core.taste.pieces import TAKE, TUNE, tidy
from ui import catalogue, files, pieces, player, session
from ui.plain import plain
from ui.services import store
from ui.shell import listener, note_problem, show_error, t

ENDS = ("a", "b")
OFFERED = 8
"""Pieces of each kind that a search offers."""


@dataclass(frozen=True, slots=True)
class End:
    """One of the two pieces; `style` is its style's id."""

    item: str
    title: str
    style: str
    score: Score


def of(which: str) -> End | None:
    """The piece `a` or `b` of the address; None where none is named, or it cannot be read (which is said)."""
    item = _item(which)
    if not item:
        return None
    try:
        return End(item, *pieces.named(item), pieces.score(item))
    except SongloomError as error:
        show_error(error)
        return None


def take(which: str, item: str) -> None:
    """Have the page work on a piece; for a button's `on_click`."""
    st.session_state[f"shape_{which}"] = item


def _item(which: str) -> str:
    """The piece that was chosen last, on the page or by its address, which then names it.

    A run that the browser asked for a moment earlier still brings the address of before: only one that
    differs from the last known one is somebody's wish.
    """
    here, key = st.query_params.get(which, ""), f"shape_{which}"
    chosen, seen = st.session_state.get(key, ""), st.session_state.get(f"{key}_seen", "")
    item = str(chosen if chosen and here in ("", seen) else here)
    if item and item != here:
        st.query_params[which] = item
    st.session_state[key] = st.session_state[f"{key}_seen"] = item
    return item


def show(which: str, end: End | None, *, heard: bool = True) -> None:
    """One piece, with its sound unless it is not to be `heard`, and a way to choose another."""
    with st.container(border=True, key=f"end-{which}", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{plain(end.title)}**" if end else t(f"shape.none_{which}"), width="content")
            _chooser(which, end is None)
        if end is not None and heard:
            player.show(end.score, key=f"end-roll-{which}", title=end.title, height=120, item=end.item)


def _chooser(which: str, empty: bool) -> None:
    label, kind = t("shape.choose" if empty else "shape.other"), "secondary" if empty else "tertiary"
    icon = ":material/library_music:"
    with st.popover(label, icon=icon, key=f"choose-{which}", on_change="rerun", type=kind) as opened:  # type: ignore[arg-type]
        if not opened.open:
            return
        _upload(which)
        words = st.text_input(t("library.search"), type="search", key=f"choose-words-{which}", live="300ms") or ""
        mine = _own(words)
        if mine:
            st.caption(t("shape.mine"))
            _buttons(which, mine)
        st.caption(t("library.catalogue"))
        try:
            found = catalogue.search(words, None)[:OFFERED]
        except SongloomError as error:
            show_error(error)
            return
        if not found:
            st.markdown(t("library.none"))
        _buttons(which, [(f"{TUNE}:{tune.id}", f"{tidy(tune.title)} · {catalogue.style_of(tune)}") for tune in found])


def _upload(which: str) -> None:
    """A file of one's own."""
    key, most = f"choose-file-{which}", MAX_BYTES // 2**20
    label = t("seed.upload", megabytes=most)
    st.file_uploader(label, type=list(readable()), key=key, max_upload_size=most, on_change=_bring, args=(which, key))


def _bring(which: str, key: str) -> None:
    upload = st.session_state.get(key)
    if upload is None:
        return
    try:
        take(which, pieces.bring(upload.name, files.read_upload(upload.getvalue(), upload.name)))
    except SongloomError as error:
        note_problem(error)  # the piece that was there stays


def _own(words: str) -> list[tuple[str, str]]:
    """Takes on the pages of this session and kept ones, the newest first."""
    recent = [take.record for batch in reversed(session.batches()) for take in batch if take.is_stored]
    try:
        recent += store().takes(listener())
    except SongloomError as error:
        show_error(error)
    titles = {f"{TAKE}:{record.id}": record.title for record in recent}
    wanted = words.casefold().split()
    return [(item, title) for item, title in titles.items() if all(word in title.casefold() for word in wanted)][:OFFERED]


def _buttons(which: str, offered: list[tuple[str, str]]) -> None:
    for item, title in offered:
        key = f"choose-{which}-{re.sub(r'[^A-Za-z0-9]+', '-', item)}"
        st.button(plain(title), key=key, type="tertiary", on_click=take, args=(which, item))
