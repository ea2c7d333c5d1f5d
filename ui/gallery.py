"""The Compose page before the first take: an invitation, one card a style, examples to hear."""

from __future__ import annotations

import streamlit as st

from core.corpora.styles import Style
from core.errors import SongloomError
from ui import compose_form, composing
from ui.names import describe, name_of
from ui.shell import language, t


def invite() -> None:
    """Cards of all styles on offer; one click composes."""
    try:
        offered = compose_form.styles()
    except SongloomError:
        return  # the form above has said what is missing
    st.header(t("compose.invite"), anchor=False)
    st.markdown(t("compose.invite_lead"))
    with st.grid(4, min_column_width=220, gap="small"):
        for style in offered:
            _card(style)


def _card(style: Style) -> None:
    with st.container(border=True, height="stretch", key=f"style-{style.id}", gap="xsmall"):
        st.button(
            f"**{name_of(style, language())}**",
            key=f"try-{style.id}",
            icon=":material/auto_awesome:",
            type="tertiary",
            on_click=compose_form.choose_style,
            args=(style.id,),
            disabled=composing.WORK.is_on,
        )
        st.caption(describe(style, language()))
