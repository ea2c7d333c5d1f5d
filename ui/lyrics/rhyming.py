"""Rhymes for a word of the text or any other; a click puts one at the end of the text."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.lyrics import Word, read_lyrics
from core.lyrics.chinese import is_chinese
from core.lyrics.rhymes import Rhyme, rhymes
from ui.lyrics import next as next_line
from ui.lyrics import state
from ui.plain import plain
from ui.shell import show_error, t

_WORD, _PICKED = "lyrics_rhyme_word", "lyrics_rhyme_picked"
SHOWN = 40


def draw() -> None:
    """A word, which is the last of the text until another is written, and what rhymes with it."""
    last = _last_word()
    given = st.text_input(t("rhyme.word"), key=_WORD, placeholder=last, max_chars=40, help=t("rhyme.help"),
                          persist_state="session")
    word = str(given or "").strip() or last
    if not word:
        st.caption(t("rhyme.empty"))
        return
    try:
        found = _rhymes(word)
    except SongloomError as error:
        show_error(error)
        return
    if not found:
        st.caption(t("rhyme.none", word=plain(word)))
        return
    for closeness in ("perfect", "near"):
        some = [one.word for one in found if one.closeness == closeness]
        if some:
            key = f"{_PICKED}-{closeness}"
            st.pills(t(f"rhyme.{closeness}", word=plain(word)), some, key=key, format_func=plain, on_change=_put, args=(key,))


def _last_word() -> str:
    try:
        return state.read().lines[-1].words[-1].text if state.text().strip() else ""
    except SongloomError:
        return ""


@st.cache_resource(max_entries=256, show_spinner=False)
def _rhymes(text: str) -> tuple[Rhyme, ...]:
    """What rhymes with the last word of a text: first the perfect ones, then the near ones, half of either at least where
    there are so many.

    Raises:
        InputError: the text has no word that can be sung.
    """
    word: Word = read_lyrics(text).words[-1]
    found = rhymes(word, 200)
    perfect = [one for one in found if one.closeness == "perfect"]
    near = [one for one in found if one.closeness == "near"]
    kept = perfect[: max(SHOWN // 2, SHOWN - len(near))]
    return (*kept, *near[: SHOWN - len(kept)])


def _put(key: str) -> None:
    picked = st.session_state.get(key)
    if not picked:
        return
    st.session_state[key] = None
    text = state.text()
    space = "" if is_chinese(picked) or not text or text[-1].isspace() else " "
    next_line.put(f"{text}{space}{picked}", picked)
