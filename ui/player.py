"""A score on a page: the piano roll with its player, or a word on why there is no sound."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.score import Score
from ui import sound
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
) -> None:
    """Draw the roll and make it heard; it can be edited when `on_edit` is given."""
    heard = sound.player(score)
    piano_roll(
        score,
        key=key,
        label=title,
        audio=heard.audio,
        mime=heard.mime,
        height=height,
        editable=on_edit is not None,
        new_from=new_from,
        min_bars=min_bars,
        on_edit=on_edit,
        lang=language(),
    )
    if heard.problem is not None:
        st.caption(f":material/volume_off: {t('sound.missing')}: {plain(str(heard.problem))}")
