"""Everything a take can be taken home as; files are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import PurePath

import streamlit as st

from core.engines.as_written import export_written
from core.score import Score
from core.score.files import FORMATS, export_score, is_notation, writable
from ui import player, sound
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
            make = partial(export_written, sound.led(score) if is_notation(suffix) else sound.heard(score), suffix)
            _button(name, file_name(title, suffix), FORMATS[suffix].media_type, make, key)
    if any(track.lyrics for track in score.tracks):
        make = partial(export_score, score, ".lrc")
        _button(t("download.lrc"), file_name(title, ".lrc"), FORMATS[".lrc"].media_type, make, key)
    for form in sound.FORMATS:
        _sound(score, form, file_name(title, f".{form}"), key)
    if sum(bool(track.notes) for track in score.tracks) > 1:
        _stems(score, file_name(f"{title} stems", ".zip"), key)
    st.caption(t("download.wait"))


def _stems(score: Score, name: str, key: str) -> None:
    """Each part as a sound file: always made by a job, for it takes as long as all of them one after the other."""
    _made(score, sound.STEMS, name, key, t("download.stems"), t("download.make_stems"))


def _sound(score: Score, form: str, name: str, key: str) -> None:
    """A sound file: made on the click where that is quick, else first made by a job that can be watched and stopped."""
    label = t("download.audio", format=form.upper())
    if sound.is_short(score):
        _button(label, name, sound.mime_type(form), partial(sound.encoded, score, form), key)
        return
    _made(score, form, name, key, label, t("download.make", format=form.upper()))


def _made(score: Score, form: str, name: str, key: str, label: str, words: str) -> None:
    """A file that a job makes when it is asked for with `words`, and that can then be taken home under `label`."""
    slot = f"download-{key}-{form}"
    if not sound.asked(slot) and not sound.is_kept(score, form):
        st.button(words, key=f"{slot}-make", width="stretch", type="tertiary", on_click=sound.begin, args=(score, form, slot))
        return
    found = sound.made(score, form, slot)
    if found.audio is not None:
        _button(label, name, found.mime, found.audio, key)
    else:
        player.follow(found, slot)


def _button(label: str, name: str, mime: str, make: Callable[[], bytes] | bytes, key: str) -> None:
    widget = f"download-{key}-{PurePath(name).suffix[1:]}"
    st.download_button(label, make, name, mime, key=widget, on_click="ignore", width="stretch", type="tertiary")
