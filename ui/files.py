"""Scores and requests in the shapes that the store and the downloads need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from core.engines import request_io
from core.engines.protocol import Request
from core.errors import SongloomError
from core.score import Score
from core.score.files import read_score, write_score
from core.store import TakeRecord
from ui.session import Shown


def to_midi(score: Score) -> bytes:
    """The score as the store keeps it."""
    return write_score(score, ".mid")


@st.cache_data(max_entries=256, show_spinner=False)
def from_midi(midi: bytes) -> Score:
    """The score that the store kept."""
    return read_score(midi, "take.mid")


@st.cache_data(max_entries=32, show_spinner=False)
def read_upload(data: bytes, name: str) -> Score:
    """The score in a file that somebody brought.

    Raises:
        InputError: see `core.score.files.read_score`.
    """
    return read_score(data, name)


def request_to_json(request: Request) -> dict[str, Any]:
    return request_io.to_json(request)


def request_from_json(values: Mapping[str, Any]) -> Request:
    return request_io.from_json(values)


def shown(record: TakeRecord) -> Shown:
    """A stored take as the pages show it; one whose request cannot be read is shown without it.

    Raises:
        FormatError: the stored music is damaged.
    """
    score = replace(from_midi(record.midi), title=record.title)
    try:
        request = request_from_json(record.request)
    except SongloomError:
        # Made by another version of Songloom: the music is whole, only the settings are not known.
        request = None
    return Shown(record, score, request)


def file_name(title: str, suffix: str) -> str:
    """A file name made of a title: letters of any script, digits, hyphens."""
    stem = re.sub(r"[^\w]+", "-", title, flags=re.UNICODE).strip("-_").lower()
    return f"{stem[:80] or 'songloom'}{suffix}"
