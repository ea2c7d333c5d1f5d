"""Pieces by their ids, `take:…` and `tune:…`, wherever a page names one."""

from __future__ import annotations

import streamlit as st

from core.corpora.catalogue import FOLK, Entry
from core.errors import MissingError
from core.score import Score
from core.taste.pieces import TUNE, tidy
from ui import catalogue, files
from ui.services import store


def score(item: str) -> Score:
    """The score of a tune or a take.

    Raises:
        SongloomError: it is not there or cannot be read.
    """
    kind, _, id = item.partition(":")
    return catalogue.score(id) if kind == TUNE else files.from_midi(store().take(id).midi)


def named(item: str) -> tuple[str, str]:
    """What a tune or a take is called, and the id of its style ("" where it has none that is learned).

    Raises:
        SongloomError: it is not there.
    """
    kind, _, id = item.partition(":")
    if kind != TUNE:
        record = store().take(id)
        return record.title, record.style
    if id not in _entries():
        raise MissingError("A tune of the catalogue is needed", f"there is none with the id {id!r:.60}", "Choose another one")
    found = _entries()[id]
    return tidy(found.title), "" if found.style == FOLK else found.style


@st.cache_resource(show_spinner=False)
def _entries() -> dict[str, Entry]:
    return {tune.id: tune for tune in catalogue.tunes()}
