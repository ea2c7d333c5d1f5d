"""What the session holds of the words to be sung, and how they are read."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.lyrics import Lyrics, read_lyrics
from core.lyrics.corrections import NO_CORRECTIONS, Corrections, corrections_from_json
from core.lyrics.languages import AUTO
from ui import session

WORDS, LANGUAGE, VOICE = "c_words", "c_words_language", "c_voice"
_FIXES, _MACHINE = "lyrics_fixes", "lyrics_machine"


def is_chosen() -> bool:
    """Whether the page composes from words."""
    return st.session_state.get("c_from") == "lyrics"


def text() -> str:
    """What stands in the text box."""
    return str(st.session_state.get(WORDS) or "")


def language() -> str:
    """`auto`, or the language that was chosen."""
    return str(st.session_state.get(LANGUAGE) or AUTO)


def corrections() -> Corrections:
    """What was put right of the words; it stays when the text changes."""
    found: Corrections = session.get(_FIXES, lambda: NO_CORRECTIONS)
    return found


def set_corrections(fixes: Corrections) -> None:
    st.session_state[_FIXES] = fixes


def corrections_json() -> str:
    """As a `Request` holds them, "" for none."""
    return corrections().as_json() if corrections().words else ""


def machine_wrote(line: str) -> None:
    """Note that a line was written by a machine; it is marked as long as it stands so in the text."""
    st.session_state[_MACHINE] = machine_lines() | {line.strip()}


def machine_lines() -> frozenset[str]:
    """Lines of this session that a machine wrote."""
    found: frozenset[str] = session.get(_MACHINE, frozenset)
    return found


def read() -> Lyrics:
    """The words as they will be sung.

    Raises:
        SongloomError: see `core.lyrics.read_lyrics`.
    """
    return read_text(text(), language(), corrections_json())


def is_readable() -> bool:
    """Whether there are words that can be sung."""
    try:
        return bool(read().lines) if text().strip() else False
    except SongloomError:
        return False


@st.cache_resource(max_entries=64, show_spinner=False)
def read_text(text: str, language: str, fixes: str) -> Lyrics:
    """A text with its corrections read; kept for all sessions, since lyrics are immutable.

    Raises:
        SongloomError: see `core.lyrics.read_lyrics`.
    """
    return read_lyrics(text, language, corrections_from_json(fixes) if fixes else NO_CORRECTIONS)
