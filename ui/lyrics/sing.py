"""A take with words: they run along with its sound, and one line of it can be sung anew."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.errors import SongloomError
from core.score.words import lyric_lines
from ui import composing, karaoke
from ui.lyrics import state
from ui.session import Shown
from ui.shell import language, t

_AGAIN = "lyrics_again"
"""Key of the session: (id of a take, number of its line that is to be sung anew)."""


def show(shown: Shown, player: str, *, own: bool = True) -> None:
    """The words of a take under the player with the key `player`; nothing where it has none.

    Inside a fragment: when a line is to be sung again, the whole page runs again.
    """

    def again(line: int) -> None:
        st.session_state[_AGAIN] = (shown.id, line)

    karaoke.show(
        shown.score,
        key=f"karaoke-{shown.id}",
        label=t("lyrics.karaoke", title=shown.record.title),
        player=player,
        lang=language(),
        on_again=again if own and _has_its_words(shown) else None,
    )
    asked = st.session_state.get(_AGAIN)
    if asked is not None and asked[0] == shown.id:
        del st.session_state[_AGAIN]
        sing_again(shown, asked[1])
        st.rerun()


def sing_again(shown: Shown, line: int) -> None:
    """A new take beside this one in which only a line, from 0, is new."""
    if shown.request is None:
        return
    request = replace(shown.request, seed=shown.score, again=line, takes=1, random_seed=composing.new_random_seed())
    composing.start(request, beside=shown)


def _has_its_words(shown: Shown) -> bool:
    """Whether the take still has the lines and syllables of the words that it was composed from."""
    request, track = shown.request, karaoke.singer(shown.score)
    if request is None or not request.words or track is None or track != shown.score.melody:
        return False
    try:
        lyrics = state.read_text(request.words, request.language, request.corrections)
    except SongloomError:  # made by another version, which read words otherwise
        return False
    return [len(line) for line in lyric_lines(track)] == [len(line.syllables) for line in lyrics.lines]
