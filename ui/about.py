"""What the About page says."""

from __future__ import annotations

import streamlit as st
from core.corpora.registry import SOURCES

from core.corpora.styles import STYLES
from core.corpora.types import Tier
from ui.names import name_of
from ui.shell import language, t


def draw() -> None:
    """Rights, the styles with their sources, privacy, keys."""
    st.header(t("about.rights"), anchor=False)
    st.markdown(t("about.rights_text"))
    st.header(t("about.styles"), anchor=False)
    rows = []
    for style in STYLES:
        sources = [source for source in SOURCES if style.id in source.styles]
        free = any(source.tier is Tier.FREE for source in sources)
        rows.append(
            {
                t("about.style"): name_of(style, language()),
                t("about.sources"): ", ".join(source.name for source in sources),
                t("about.licence"): ", ".join(dict.fromkeys(source.licence for source in sources)),
                t("about.use"): t("about.use_free") if free else t("about.use_not"),
            }
        )
    st.table(rows, border="horizontal")
    st.header(t("about.keys"), anchor=False)
    st.markdown(t("about.keys_text"))
    st.header(t("about.privacy"), anchor=False)
    st.markdown(t("about.privacy_text"))
