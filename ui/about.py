"""What the About page says."""

from __future__ import annotations

import streamlit as st

from core.engines.catalogue import list_styles
from core.errors import SongloomError
from ui.services import engine
from ui.shell import language, show_error, t


def draw() -> None:
    """Rights, the styles with their sources, keys, privacy."""
    st.header(t("about.rights"), anchor=False)
    st.markdown(t("about.rights_text"))
    st.header(t("about.styles"), anchor=False)
    try:
        _styles()
    except SongloomError as error:
        show_error(error)
    st.header(t("about.keys"), anchor=False)
    st.markdown(t("about.keys_text"))
    st.header(t("about.privacy"), anchor=False)
    st.markdown(t("about.privacy_text"))


def _styles() -> None:
    rows = [
        {
            t("about.style"): style.name_zh if language() == "zh" else style.name,
            t("about.sources"): ", ".join(style.trained_on),
            t("about.licence"): style.licence,
            t("about.use"): t("about.use_free" if style.commercial_use else "about.use_not"),
        }
        for style in list_styles(get=engine)
    ]
    st.table(rows, border="horizontal")
