"""Everything a take can be taken home as; files are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import PurePath

import streamlit as st

from core.score import Score
from core.score.files import FORMATS, writable, write_score
from ui import sound
from ui.files import file_name
from ui.shell import t

NOTATION = (("MIDI", ".mid"), ("MusicXML", ".musicxml"), ("ABC", ".abc"))


def popover(score: Score, title: str, key: str) -> None:
    """A button that opens the list of downloads."""
    icon = ":material/download:"
    with st.popover(t("take.download"), icon=icon, key=f"downloads-{key}", on_change="rerun", type="tertiary") as opened:
        if opened.open:
            _list(score, title, key)


def _list(score: Score, title: str, key: str) -> None:
    for name, suffix in NOTATION:
        if suffix in writable():
            music = sound.heard(score) if suffix == ".mid" else score
            make = partial(write_score, music, suffix)
            _button(name, file_name(title, suffix), FORMATS[suffix].media_type, make, key)
    for form in sound.FORMATS:
        label, mime = t("download.audio", format=form.upper()), sound.mime_type(form)
        _button(label, file_name(title, f".{form}"), mime, partial(sound.encoded, score, form), key)
    st.caption(t("download.wait"))


def _button(label: str, name: str, mime: str, make: Callable[[], bytes], key: str) -> None:
    widget = f"download-{key}-{PurePath(name).suffix[1:]}"
    st.download_button(label, make, name, mime, key=widget, on_click="ignore", width="stretch", type="tertiary")
