"""Choosing a piece to work on: named in the page's address, or from one's own takes, the catalogue and files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import streamlit as st

from core.errors import SongloomError
from core.score.files import MAX_BYTES, readable
from core.taste.pieces import TAKE, TUNE, tidy
from ui import catalogue, files, pieces, session
from ui.plain import plain
from ui.services import store
from ui.shell import listener, note_problem, show_error, t

OFFERED = 8
"""Pieces of each kind that a search offers."""

Take = Callable[[str], None]
Bring = Callable[[str, bytes], str]
"""From a file's name and bytes to the item that it becomes."""


def item(parameter: str, key: str) -> str:
    """The item that was chosen last, on the page (kept as the session's `key`) or by its address, which then names it.

    A run that the browser asked for a moment earlier still brings the address of before: only one that
    differs from the last known one is somebody's wish.
    """
    here = st.query_params.get(parameter, "")
    chosen, seen = st.session_state.get(key, ""), st.session_state.get(f"{key}_seen", "")
    found = str(chosen if chosen and here in ("", seen) else here)
    if found and found != here:
        st.query_params[parameter] = found
    st.session_state[key] = st.session_state[f"{key}_seen"] = found
    return found


def read_file(name: str, data: bytes) -> str:
    """Take in a file of notes; its item.

    Raises:
        InputError: it cannot be read.
    """
    return pieces.bring(name, files.read_upload(data, name))


def popover(
    which: str, empty: bool, take: Take, *, bring: Bring = read_file, types: Sequence[str] = (), most: int = MAX_BYTES // 2**20
) -> None:
    """A button that opens the choice of files, own takes and tunes.

    Args:
        which: names this choice among those of the page.
        empty: whether nothing is chosen yet.
        take: told the item that was chosen.
        bring: what makes an item of a file with one of the suffixes `types` (those of scores when empty) of up to
            `most` megabytes; what it raises is shown.
    """
    label, kind = t("shape.choose" if empty else "shape.other"), "secondary" if empty else "tertiary"
    icon = ":material/library_music:"
    with st.popover(label, icon=icon, key=f"choose-{which}", on_change="rerun", type=kind) as opened:  # type: ignore[arg-type]
        if not opened.open:
            return
        upload(which, take, bring=bring, types=types, most=most)
        words = st.text_input(t("library.search"), type="search", key=f"choose-words-{which}", live="300ms") or ""
        mine = _own(words)
        if mine:
            st.caption(t("shape.mine"))
            _buttons(which, mine, take)
        st.caption(t("library.catalogue"))
        try:
            found = catalogue.search(words, None)[:OFFERED]
        except SongloomError as error:
            show_error(error)
            return
        if not found:
            st.markdown(t("library.none"))
        _buttons(which, [(f"{TUNE}:{tune.id}", f"{tidy(tune.title)} · {catalogue.style_of(tune)}") for tune in found], take)


def upload(
    which: str, take: Take, *, bring: Bring = read_file, types: Sequence[str] = (), most: int = MAX_BYTES // 2**20
) -> None:
    """A field for a file of one's own; see `popover`."""
    key = f"choose-file-{which}"
    label = t("seed.upload", megabytes=most)
    offered = list(types or readable())
    st.file_uploader(label, type=offered, key=key, max_upload_size=most, on_change=_bring, args=(key, take, bring))


def _bring(key: str, take: Take, bring: Bring) -> None:
    found = st.session_state.get(key)
    if found is None:
        return
    try:
        take(bring(found.name, found.getvalue()))
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


def _buttons(which: str, offered: list[tuple[str, str]], take: Take) -> None:
    for found, title in offered:
        key = f"choose-{which}-{re.sub(r'[^A-Za-z0-9]+', '-', found)}"
        st.button(plain(title), key=key, type="tertiary", on_click=take, args=(found,))
