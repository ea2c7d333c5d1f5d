"""A score on a page: the piano roll with its player, or a word on why there is no sound."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.score import Score
from ui import sound, sound_progress
from ui.plain import plain
from ui.roll import Edit, piano_roll
from ui.shell import language, t


def show(
    score: Score,
    *,
    key: str,
    title: str,
    height: int = 160,
    new_from: int = 0,
    on_edit: Callable[[tuple[Edit, ...]], None] | None = None,
    min_bars: int = 8,
    item: str = "",
) -> None:
    """Draw the roll and make it heard; it can be edited when `on_edit` is given.

    The roll is there at once; its sound is made by a job, and the page runs again when it is there. What is
    heard of an `item` of the store counts as a play.
    """
    heard = sound.player(score, key)
    piano_roll(
        score,
        key=key,
        label=title,
        audio=heard.audio,
        mime=heard.mime,
        waiting=heard.pending,
        height=height,
        editable=on_edit is not None,
        new_from=new_from,
        min_bars=min_bars,
        on_edit=on_edit,
        item=item,
        lang=language(),
    )
    follow(heard, key)


def follow(heard: sound.Sound, slot: str) -> None:
    """What there is to say about a sound that is not there: that it was stopped, or what is missing.

    How far the work on a sound is, `ui.sound_progress` shows.
    """
    if heard.pending:
        sound_progress.watch_alone(slot)
    if heard.stopped:
        words, icon = t("sound.again"), ":material/volume_up:"
        st.button(words, key=f"{slot}-again", icon=icon, type="tertiary", on_click=sound.again, args=(slot,))
    elif heard.problem is not None:
        st.caption(f":material/volume_off: {t('sound.missing')}: {plain(str(heard.problem))}")
