"""Pieces by their ids, `take:…`, `tune:…` and `file:…`, wherever a page names one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import streamlit as st

from core.corpora.band_styles import BY_ID as BANDS
from core.corpora.catalogue import FOLK, Entry
from core.errors import MissingError
from core.score import Score
from core.taste.pieces import TUNE, tidy
from ui import catalogue, files, session
from ui.services import store

FILE = "file"
"""What somebody brought; it lasts as long as the session."""
_BROUGHT = "pieces_brought"


def bring(name: str, brought: Score) -> str:
    """Take in a file's music for this session; its item."""
    id = hashlib.sha256(files.to_midi(brought)).hexdigest()[:16]
    _all_brought()[id] = (name, brought)
    return f"{FILE}:{id}"


def score(item: str) -> Score:
    """The score of a tune, a take or a file.

    Raises:
        SongloomError: it is not there or cannot be read.
    """
    kind, _, id = item.partition(":")
    if kind == FILE:
        return _brought(id)[1]
    return catalogue.score(id) if kind == TUNE else files.from_midi(store().take(id).midi)


def named(item: str) -> tuple[str, str]:
    """What a tune, a take or a file is called, and the id of its style ("" where it has none that is learned).

    Raises:
        SongloomError: it is not there.
    """
    kind, _, id = item.partition(":")
    if kind == FILE:
        return _brought(id)[0], ""
    if kind != TUNE:
        record = store().take(id)
        return record.title, "" if record.style in BANDS else record.style
    if id not in _entries():
        raise MissingError("A tune of the catalogue is needed", f"there is none with the id {id!r:.60}", "Choose another one")
    found = _entries()[id]
    return tidy(found.title), "" if found.style == FOLK else found.style


def _brought(id: str) -> tuple[str, Score]:
    found = _all_brought().get(id)
    if found is None:
        raise MissingError("A file of this session is needed", "this one was brought earlier", "Bring it again")
    return found


def _all_brought() -> dict[str, tuple[str, Score]]:
    make: Callable[[], dict[str, tuple[str, Score]]] = dict
    return session.get(_BROUGHT, make)


@st.cache_resource(show_spinner=False)
def _entries() -> dict[str, Entry]:
    return {tune.id: tune for tune in catalogue.tunes()}
