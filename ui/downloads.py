"""Everything a take can be taken home as; files are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable

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
        if suffix not in writable():
            continue
        _button(name, file_name(title, suffix), FORMATS[suffix].media_type, lambda s=suffix: write_score(score, s), key)
    for form in sound.FORMATS:
        _button(
            t("download.audio", format=form.upper()),
            file_name(title, f".{form}"),
            sound.mime_type(form),
            lambda f=form: sound.encoded(score, f),
            key,
        )
    st.caption(t("download.wait"))


def _button(label: str, name: str, mime: str, make: Callable[[], bytes], key: str) -> None:
    st.download_button(
        label, make, name, mime, key=f"download-{key}-{name}", on_click="ignore", width="stretch", type="tertiary"
    )
