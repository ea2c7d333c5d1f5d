"""The piece that is analysed: named in the address, a file of notes, or a recording."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from core.errors import MissingError, SongloomError
from core.insight.report import AUDIO
from core.score import Score
from core.score.files import MAX_BYTES, readable
from ui import choose, files, pieces, session
from ui.shell import show_error, t

SOUND = "sound"
"""Kind of an item that is a recording of this session."""
KEY, PARAMETER = "analyse_piece", "piece"
MOST_MB = 64
"""Megabytes of a recording; files of notes have the limit of their readers."""
_SOUNDS = "analyse_sounds"
_FILES = "analyse_files"
_KEPT = 4
"""Recordings and files that a session keeps."""


@dataclass(frozen=True)
class Chosen:
    """What is to be analysed: a `score`, or a recording in `data` whose notes are not known yet.

    `name` is a file's name, "" for takes and tunes. `style` is the id of the style it was made in, "" where there is none.
    """

    item: str
    title: str
    style: str
    score: Score | None
    name: str = ""
    data: bytes = field(default=b"", repr=False)


def chosen() -> Chosen | None:
    """The piece of the page; None where none is named, or it cannot be read (which is said)."""
    item = choose.item(PARAMETER, KEY)
    if not item:
        return None
    try:
        return _found(item)
    except SongloomError as error:
        show_error(error)
        return None


def _found(item: str) -> Chosen:
    kind, _, id = item.partition(":")
    if kind == SOUND:
        if id not in _kept(_SOUNDS):
            raise MissingError("A file of this session is needed", "this one was brought earlier", "Bring it again")
        name, data = _kept(_SOUNDS)[id]
        return Chosen(item, name, "", None, name, data)
    title, style = pieces.named(item)
    name, data = _kept(_FILES).get(item, ("", b""))
    return Chosen(item, title, style, pieces.score(item), name, data)


def take(item: str) -> None:
    """Have the page analyse a piece; for a button's `on_click`."""
    st.session_state[KEY] = item


def bring(name: str, data: bytes) -> str:
    """Take in a file of notes or a recording; its item.

    Raises:
        InputError: it cannot be read. Recordings are read when they are analysed.
    """
    if any(name.lower().endswith(suffix) for suffix in AUDIO):
        id = hashlib.sha256(data).hexdigest()[:16]
        _keep(_SOUNDS, id, (name, data))
        return f"{SOUND}:{id}"
    item = pieces.bring(name, files.read_upload(data, name))
    _keep(_FILES, item, (name, data))
    return item


def another() -> None:
    """A button that opens the choice of another piece."""
    choose.popover(_field(), empty=False)


def invite() -> None:
    """The choice of a piece, open."""
    choose.invite(_field(), t("analyse.empty"))


def _field() -> choose.Field:
    most = max(MOST_MB, MAX_BYTES // 2**20)
    return choose.Field("analyse", take, bring, (*readable(), *AUDIO), most, t("analyse.file", megabytes=most), records=True)


def _kept(key: str) -> dict[str, tuple[str, bytes]]:
    make: Callable[[], dict[str, tuple[str, bytes]]] = dict
    return session.get(key, make)


def _keep(key: str, id: str, brought: tuple[str, bytes]) -> None:
    held = _kept(key)
    held.pop(id, None)
    held[id] = brought
    while len(held) > _KEPT:
        held.pop(next(iter(held)))
