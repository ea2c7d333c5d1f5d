"""An example of a style to hear before composing in it."""

from __future__ import annotations

import streamlit as st

from core.corpora.styles import Style
from core.errors import SongloomError
from ui import player
from ui.catalogue import example
from ui.plain import plain
from ui.shell import t


@st.fragment
def button(style: Style) -> None:
    """A button that opens an example of the style with its player."""
    label, key = t("compose.hear"), f"example-{style.id}"
    with st.popover(label, icon=":material/hearing:", key=key, on_change="rerun", type="tertiary") as opened:
        if opened.open:
            _show(style)


def _show(style: Style) -> None:
    try:
        found = example(style.id)
    except SongloomError:
        found = None  # the Library page says what is missing; here the style just has no example
    if found is None:
        st.caption(t("compose.no_example"))
        return
    player.show(found.score, key=f"example-roll-{style.id}", title=found.title, height=140)
    st.caption(t("compose.example", title=plain(found.title), source=plain(found.source)))
