"""An example of a style to hear before composing in it."""

from __future__ import annotations

import streamlit as st

from core.corpora.styles import Style
from core.engines.protocol import Request
from core.errors import DataMissingError, SongloomError
from core.score import Score
from ui import player
from ui.catalogue import example
from ui.names import name_of
from ui.plain import plain
from ui.services import engine
from ui.shell import language, show_error, t

BARS, RANDOM_SEED = 16, 7
"""Of an example that Songloom writes itself; the same for everybody."""


@st.fragment
def button(style: Style, free_only: bool) -> None:
    """A button that opens an example of the style with its player.

    Args:
        style: the style.
        free_only: an example that has to be written is written with the weights free for commercial use.
    """
    label, key = t("compose.hear"), f"example-{style.id}"
    with st.popover(label, icon=":material/hearing:", key=key, on_change="rerun", type="tertiary") as opened:
        if opened.open:
            _show(style, free_only)


def _show(style: Style, free_only: bool) -> None:
    try:
        found = example(style.id)
    except DataMissingError:
        found = None  # the Library page says what is missing; an example can be written all the same
    try:
        score = found.score if found else _written(style.id, free_only)
    except SongloomError as error:
        show_error(error)
        return
    title = found.title if found else name_of(style, language())
    player.show(score, key=f"example-roll-{style.id}", title=title, height=140)
    st.caption(t("compose.example", title=plain(found.title), source=plain(found.source)) if found else t("compose.written"))


@st.cache_data(max_entries=32, show_spinner=True)
def _written(style: str, free_only: bool) -> Score:
    """An example in a style of which the catalogue has no tune."""
    request = Request(style, bars=BARS, takes=1, random_seed=RANDOM_SEED, free_only=free_only)
    return engine().compose(request)[0].score
