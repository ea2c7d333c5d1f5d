"""The way from a piece, wherever it is shown, to the page that analyses it."""

from __future__ import annotations

import re

import streamlit as st

from ui.shell import t


def button(item: str) -> None:
    """Leads to the page with the piece `take:…` or `tune:…`."""
    key = f"analyse-{re.sub(r'[^A-Za-z0-9]+', '-', item)}"
    if st.button(t("take.analyse"), key=key, icon=":material/query_stats:", type="tertiary"):
        st.switch_page("pages/analyse.py", query_params={"piece": item})
