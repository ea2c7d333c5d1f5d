"""What the About page says."""

from __future__ import annotations

import streamlit as st

from core.engines.catalogue import list_styles
from core.errors import SongloomError
from ui.plain import plain
from ui.services import engine
from ui.shell import language, show_error, t


def draw() -> None:
    """Rights, the styles with their sources, what judges the music, keys, privacy."""
    st.header(t("about.rights"), anchor=False)
    st.markdown(t("about.rights_text"))
    st.header(t("about.styles"), anchor=False)
    try:
        _styles()
    except SongloomError as error:
        show_error(error)
    st.header(t("about.judges"), anchor=False)
    st.markdown(t("about.judges_text"))
    st.header(t("about.keys"), anchor=False)
    st.markdown(t("about.keys_text"))
    st.header(t("about.privacy"), anchor=False)
    st.markdown(t("about.privacy_text"))


def _styles() -> None:
    with st.grid(2, min_column_width=300, gap="medium"):
        for style in list_styles(get=engine):
            name = style.name_zh if language() == "zh" else style.name
            use = t("about.use_free" if style.commercial_use else "about.use_not")
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.markdown(f"**{name}**")
                st.markdown(plain(", ".join(style.trained_on)))
                st.caption(f"{plain(style.licence)}. {t('about.use')}: {use}")
