"""The page "My taste": its parts under tabs, of which only the open one is worked out."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.errors import SongloomError
from ui.shell import show_error, t
from ui.taste import listen, own_data, playlists, profile, together

TABS: dict[str, Callable[[], None]] = {
    "listen": listen.draw,
    "profile": profile.draw,
    "lists": playlists.draw,
    "together": together.draw,
    "data": own_data.draw,
}
"""Tab id, its title being `taste.tab_ID`, to what draws it."""


def draw() -> None:
    """A word on what just happened, then the tabs."""
    said = st.session_state.pop("taste.said", None)
    if said:
        st.success(said, icon=":material/check:")
    tabs = st.tabs([t(f"taste.tab_{name}") for name in TABS], key="taste_tabs", on_change="rerun")
    for tab, part in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                try:
                    part()
                except SongloomError as error:
                    show_error(error)
