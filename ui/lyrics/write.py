"""The text box for words, beside it how they are read."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.lyrics.languages import AUTO, LANGUAGES
from ui.lyrics import feel, fix, moods, rhyming, sheet, state
from ui.lyrics import next as next_line
from ui.plain import plain
from ui.shell import show_error, t

EXAMPLES = {
    "en": "[Verse]\nThe morning sun is on the hill,\nThe village and the fields are still,\n"
    "A little bird begins to sing\nThe beautiful return of spring.\n\n"
    "[Chorus]\nOh, sing with me, the day is new,\nThe road is wide, I walk with you!\n\n"
    "[Verse]\nThe river runs to meet the sea,\nThe wind is dancing in the tree,\n"
    "And every heart that hears the sound\nWill find the joy that I have found.\n\n[Chorus]",
    "zh": "[主歌]\n月光照在小窗前\n我想起远方的春天\n风轻轻吹过河岸\n带走我们的从前\n\n"
    "[副歌]\n请你为我唱一首歌\n让星星落满天河\n\n"
    "[主歌]\n雨停在旧的屋檐\n花又开在你的身边\n路长长没有终点\n心还在那个夏天\n\n[副歌]",
}
"""Words written for this page, to try it with one click."""


def draw() -> None:
    """The words, where the page composes from them."""
    if not state.is_chosen():
        return
    with st.container(border=True, key="lyrics"):
        words_column, reading_column = st.columns(2, gap="medium")
        with words_column:
            _box()
        with reading_column:
            _reading()


def _box() -> None:
    st.text_area(t("lyrics.words"), key=state.WORDS, height=330, placeholder=t("lyrics.placeholder"), help=t("lyrics.help"),
                 persist_state="session")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.session_state.setdefault(state.LANGUAGE, AUTO)
        names = {code: t(f"lyrics.language_{code}") for code in (AUTO, *LANGUAGES)}
        st.selectbox(t("lyrics.language"), [AUTO, *LANGUAGES], key=state.LANGUAGE, format_func=names.__getitem__, width=190,
                     persist_state="session")
        for code in EXAMPLES:
            st.button(t(f"lyrics.example_{code}"), key=f"lyrics-example-{code}", type="tertiary", icon=":material/lyrics:",
                      on_click=_try, args=(code,))
    fix.undo()
    _help()


def _help() -> None:
    """Next lines and rhymes; drawn only while it is open, since rhymes need dictionaries."""
    with st.expander(t("next.help"), icon=":material/edit_note:", key="lyrics_help", on_change="rerun") as opened:
        if not opened.open:
            return
        st.markdown(f"**{t('next.title')}**")
        next_line.draw()
        st.markdown(f"**{t('rhyme.title')}**")
        rhyming.draw()


def _try(code: str) -> None:
    st.session_state[state.WORDS] = EXAMPLES[code]
    st.session_state[state.LANGUAGE] = AUTO


def _reading() -> None:
    if not state.text().strip():
        st.markdown(f"**{t('lyrics.empty')}**")
        st.markdown(t("lyrics.empty_lead"))
        return
    try:
        lyrics = state.read()
    except SongloomError as error:
        show_error(error)
        return
    sheet.show(lyrics)
    moods.draw(lyrics, sheet.titles(lyrics))
    st.caption(plain(feel.whole(lyrics, moods.as_json(lyrics))))
    fix.draw(lyrics)
