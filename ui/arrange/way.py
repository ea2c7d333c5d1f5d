"""The way from a piece, wherever it is shown, to the page on which a band plays it."""

from __future__ import annotations

import re

import streamlit as st

from ui.shell import t


def button(item: str) -> None:
    """Leads to the page with the piece `take:…` or `tune:…`."""
    key = f"arrange-{re.sub(r'[^A-Za-z0-9]+', '-', item)}"
    if st.button(t("take.arrange"), key=key, icon=":material/groups:", type="tertiary"):
        st.switch_page("pages/arrange.py", query_params={"piece": item})
