"""Choosing a piece to work on: named in the page's address, or from one's own takes, the catalogue and files."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Field:
    """One choice of a page.

    Attributes:
        which: names this choice among those of the page.
        take: told the item that was chosen.
        bring: what makes an item of a file; what it raises is shown.
        types: suffixes of files that are taken, those of scores when empty.
        most: largest file in megabytes.
        label: over the field for files; what scores are read when empty.
        records: whether a recording may be made here, which `bring` is given as a WAV file.
    """

    which: str
    take: Take
    bring: Bring = read_file
    types: Sequence[str] = ()
    most: int = MAX_BYTES // 2**20
    label: str = ""
    records: bool = False

    @property
    def file_key(self) -> str:
        return f"choose-file-{self.which}"

    @property
    def sound_key(self) -> str:
        return f"choose-sound-{self.which}"


def popover(field: Field, empty: bool) -> None:
    """A button that opens the choice; `empty` where nothing is chosen yet."""
    label, kind = t("shape.choose" if empty else "shape.other"), "secondary" if empty else "tertiary"
    icon = ":material/library_music:"
    with st.popover(label, icon=icon, key=f"choose-{field.which}", on_change="rerun", type=kind) as opened:  # type: ignore[arg-type]
        if opened.open:
            draw(field)


def invite(field: Field, words: str) -> None:
    """The choice open on a page that has no piece yet, under what there is to do."""
    with st.container(border=True, key=f"invite-{field.which}", gap="small"):
        st.markdown(words)
        draw(field)


def draw(field: Field) -> None:
    """The choice of files, own takes and tunes."""
    with st.grid(2 if field.records else 1, min_column_width=300, gap="medium"):
        upload(field)
        if field.records:
            st.audio_input(t("choose.record"), key=field.sound_key, on_change=_bring, args=(field.sound_key, field),
                           help=t("hum.record_help"))  # fmt: skip
    words = st.text_input(t("choose.search"), type="search", key=f"choose-words-{field.which}", live="300ms",
                          placeholder=t("choose.placeholder")) or ""  # fmt: skip
    mine = _own(words)
    if mine:
        st.caption(t("shape.mine"))
        _buttons(field, mine)
    st.caption(t("library.catalogue"))
    try:
        found = catalogue.search(words, None)[:OFFERED]
    except SongloomError as error:
        show_error(error)
        return
    if not found:
        st.markdown(t("library.none"))
    _buttons(field, [(f"{TUNE}:{tune.id}", f"{tidy(tune.title)} · {catalogue.style_of(tune)}") for tune in found])


def upload(field: Field) -> None:
    """Where a file of one's own is brought."""
    label = field.label or t("seed.upload", megabytes=field.most)
    offered = list(field.types or readable())
    st.file_uploader(label, type=offered, key=field.file_key, max_upload_size=field.most, on_change=_bring,
                     args=(field.file_key, field))  # fmt: skip


def _bring(key: str, field: Field) -> None:
    found = st.session_state.get(key)
    if found is None:
        return
    name = f"{t('hum.own_recording')}.wav" if key == field.sound_key else found.name
    try:
        field.take(field.bring(name, found.getvalue()))
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


def _buttons(field: Field, offered: list[tuple[str, str]]) -> None:
    with st.grid(2, min_column_width=300, gap="xxsmall"):
        for found, title in offered:
            key = f"choose-{field.which}-{re.sub(r'[^A-Za-z0-9]+', '-', found)}"
            st.button(plain(title), key=key, type="tertiary", on_click=field.take, args=(found,))
