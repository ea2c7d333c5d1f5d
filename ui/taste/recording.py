"""Pieces that sound like a recording which the listener brings; folded away until it is wanted."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.audio.recording import SUFFIXES
from core.errors import LimitError, SongloomError
from core.score.files import readable
from core.taste.describe import Description
from core.taste.pieces import TUNE, Piece
from core.taste.protocol import Progress, no_progress
from core.taste.similar import describe_file, nearest
from ui import tunes
from ui.plain import plain
from ui.services import taste
from ui.shell import language, note_problem, t
from ui.taste import acts, cards
from ui.working import Waiting

MEGABYTES = 60
"""Largest file: five minutes of WAV, or the twenty minutes that are read as MP3."""
SHOWN, ASKED = 8, 200
"""Pieces that are shown, and among how many those are that the listener did not leave out."""
NAME, FOUND = "taste.recording_name", "taste.recording_found"


def draw(setting: cards.Setting) -> None:
    """The place to bring a recording, how far it is, and what sounds like it."""
    with st.expander(t("taste.recording"), icon=":material/graphic_eq:", key="taste-recording", on_change="rerun") as opened:
        if not opened.open:
            return
        st.markdown(t("taste.recording_lead"))
        if WORK.is_on:
            WORK.watch(t("taste.recording_listening", name=plain(st.session_state.get(NAME, ""))))
            return
        types = [*SUFFIXES, *readable()]
        label = t("taste.recording_upload", megabytes=MEGABYTES)
        given = st.file_uploader(label, type=types, key="taste-recording-file", max_upload_size=MEGABYTES)
        if given is not None:
            st.button(t("taste.recording_find"), key="taste-recording-find", icon=":material/search:", type="primary",
                      on_click=_start, args=(given.getvalue(), given.name))  # fmt: skip
        _found(setting)


def listen(data: bytes, name: str, *, progress: Progress = no_progress) -> Description:
    """What the piece in a file is like, as a job.

    Raises:
        FormatError: it is no recording and no music file, is broken, too short or silent.
        LimitError: it is larger than `MEGABYTES` or too long.
        Cancelled: it was stopped.
    """
    if len(data) > MEGABYTES * 2**20:
        raise LimitError(f"Recordings may have up to {MEGABYTES} MB", f"{name} has {len(data) // 2**20}", "Trim it")
    progress(0, 1)
    return describe_file(data, name)


def _start(data: bytes, name: str) -> None:
    try:
        st.session_state[NAME] = name
        st.session_state.pop(FOUND, None)
        WORK.start(listen, data, name)
    except SongloomError as error:
        note_problem(error)


def _done(description: Description) -> None:
    near = nearest(taste().table, description, ASKED)
    st.session_state[FOUND] = tuple(f"{TUNE}:{id}" for id, _ in near)


def _cancelled() -> None:
    st.session_state["taste.said"] = t("taste.recording_cancelled")


WORK = Waiting("taste.recording", "taste-recording-cancel", _done, _cancelled)


def _found(setting: cards.Setting) -> None:
    near: Sequence[str] = st.session_state.get(FOUND, ())
    here = [item for item in near if item in setting.book]
    allowed = [setting.book[item] for item, may in zip(here, setting.history.allows(setting.book, here), strict=True) if may]
    titles: dict[str, Piece] = {}
    for piece in allowed:  # old collections have many a tune in common: one of each title is enough
        titles.setdefault(piece.title.casefold(), piece)
    shown = list(titles.values())[:SHOWN]
    if shown:
        title = t("taste.recording_shelf", name=st.session_state.get(NAME, ""))
        shelf = tunes.Shelf("recording", title, tuple(cards.of_piece(piece, setting) for piece in shown),
                            t("taste.recording_shelf_lead"))  # fmt: skip
        tunes.shelves([shelf], key="taste-recording-shelf", on_ops=acts.take_in, lang=language())
    elif near:
        st.info(t("taste.none"), icon=":material/search_off:")
