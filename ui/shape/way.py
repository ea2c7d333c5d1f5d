"""The way from a piece, wherever it is shown, to the page that varies and morphs it."""

from __future__ import annotations

import re

import streamlit as st

from ui.shell import t


def button(item: str) -> None:
    """Leads to the page with the piece `take:…` or `tune:…`."""
    key = f"shape-{re.sub(r'[^A-Za-z0-9]+', '-', item)}"
    if st.button(t("take.shape"), key=key, icon=":material/tune:", type="tertiary"):
        st.switch_page("pages/shape.py", query_params={"a": item})
