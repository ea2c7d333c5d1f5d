"""Putting a word right: its syllables and stress, or its pinyin; and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from core.errors import RequestError, SongloomError
from core.lyrics import Lyrics, Word
from core.lyrics.corrections import EVERYWHERE, Correction, Key
from ui.lyrics import state
from ui.plain import plain
from ui.shell import show_error, t

_OPENED, _PROBLEM = "lyrics_opened", "lyrics_fix_problem"
_PARTS, _STRESS, _PINYIN, _EVERYWHERE = "lyrics_fix_parts", "lyrics_fix_stress", "lyrics_fix_pinyin", "lyrics_fix_everywhere"
_PARTERS = "·|/ "
NONE = -1


@dataclass(frozen=True, slots=True)
class Opened:
    """A word that is open to be put right: itself, and which of its occurrences it is, from 1."""

    word: Word
    nth: int

    @property
    def is_chinese(self) -> bool:
        return self.word.language == "zh"


def open_word(lyrics: Lyrics, line: int, word: int) -> None:
    """Open the form for a word of a line, both counted from 0."""
    own = lyrics.lines[line].words[word]
    before = [each for other in lyrics.lines[:line] for each in other.words] + list(lyrics.lines[line].words[:word])
    nth = 1 + sum(each.text.casefold() == own.text.casefold() for each in before)
    st.session_state[_OPENED] = Opened(own, nth)
    st.session_state[_PARTS] = "-".join(one.text for one in own.syllables)
    st.session_state[_STRESS] = next((at for at, one in enumerate(own.syllables) if one.stress == 1), NONE)
    st.session_state[_PINYIN] = " ".join(one.pinyin for one in own.syllables)
    st.session_state[_EVERYWHERE] = True
    st.session_state.pop(_PROBLEM, None)


def draw(lyrics: Lyrics) -> None:
    """The form of the word that was opened, if one was and it is still in the text."""
    opened = st.session_state.get(_OPENED)
    if opened is None:
        return
    if all(word.text.casefold() != opened.word.text.casefold() for word in lyrics.words):
        _close()
        return

    @st.dialog(t("lyrics.fix_title", word=plain(opened.word.text)), on_dismiss=_close)
    def form() -> None:
        _form(opened)

    form()


def _close() -> None:
    st.session_state.pop(_OPENED, None)
    st.session_state.pop(_PROBLEM, None)


def _form(opened: Opened) -> None:
    problem = st.session_state.get(_PROBLEM)
    if problem is not None:
        show_error(problem)
    if opened.is_chinese:
        st.text_input(t("lyrics.fix_pinyin"), key=_PINYIN, help=t("lyrics.fix_pinyin_help"))
    else:
        st.text_input(t("lyrics.fix_parts"), key=_PARTS, help=t("lyrics.fix_parts_help"))
        parts = _parts()
        if st.session_state.get(_STRESS) not in range(len(parts)):
            st.session_state[_STRESS] = NONE
        names = {NONE: t("lyrics.fix_no_stress"), **dict(enumerate(parts))}
        st.radio(t("lyrics.fix_stress"), list(names), key=_STRESS, format_func=lambda at: plain(names[at]), horizontal=True)
    st.toggle(t("lyrics.fix_everywhere"), key=_EVERYWHERE)
    key = _key_of(opened)
    with st.container(horizontal=True, gap="small"):
        if st.button(t("lyrics.fix_apply"), key="lyrics-fix-apply", icon=":material/check:", on_click=_apply, args=(opened,)):
            _leave()
        if key is not None:
            words = t("lyrics.fix_back")
            if st.button(words, key="lyrics-fix-back", icon=":material/undo:", type="tertiary", on_click=take_back, args=(key,)):
                _leave()


def _leave() -> None:
    """Close the dialog, unless something was wrong."""
    if _PROBLEM not in st.session_state:
        _close()
        st.rerun()


def _parts() -> list[str]:
    text = str(st.session_state.get(_PARTS) or "")
    for sign in _PARTERS:
        text = text.replace(sign, "-")
    return [part for part in text.split("-") if part]


def _correction(opened: Opened) -> Correction:
    """What the form says.

    Raises:
        RequestError: nothing.
    """
    if opened.is_chinese:
        return Correction(pinyin=tuple(str(st.session_state.get(_PINYIN) or "").lower().split()))
    parts = tuple(_parts())
    if not parts:
        raise RequestError("Syllables parted by hyphens are needed", "got none", "Write the word again")
    stressed = st.session_state.get(_STRESS, NONE)
    return Correction(syllables=parts, stress=tuple(int(at == stressed) for at in range(len(parts))))


def _apply(opened: Opened) -> None:
    nth = EVERYWHERE if st.session_state.get(_EVERYWHERE, True) else opened.nth
    try:
        fixes = state.corrections()
        if nth == EVERYWHERE:  # what is said of one place would go before it
            fixes = fixes.without(opened.word.text, opened.nth)
        state.set_corrections(fixes.with_(opened.word.text, _correction(opened), nth))
    except SongloomError as error:
        st.session_state[_PROBLEM] = error
    else:
        st.session_state.pop(_PROBLEM, None)


def _key_of(opened: Opened) -> Key | None:
    """The correction that holds for a word, None where there is none."""
    form = opened.word.text.casefold()
    return next((key for key in ((form, opened.nth), (form, EVERYWHERE)) if key in state.corrections().words), None)


def take_back(key: Key) -> None:
    """Forget a correction."""
    state.set_corrections(state.corrections().without(*key))
    st.session_state.pop(_PROBLEM, None)


def undo() -> None:
    """What was put right, each with a button that takes it back."""
    fixes = state.corrections().words
    if not fixes:
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="lyrics-fixes"):
        st.caption(t("lyrics.fixes"), width="content")
        for at, (key, correction) in enumerate(fixes.items()):
            shown = "-".join(correction.syllables or ()) or " ".join(correction.pinyin or ())
            label = plain(f"{key[0]}: {shown}" if shown else key[0])
            st.button(label, key=f"lyrics-unfix-{at}", icon=":material/undo:", type="tertiary", on_click=take_back,
                      args=(key,))
