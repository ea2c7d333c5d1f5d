"""Tabs of which only the open one is worked out, and which stays open when the language changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from ui.shell import t


def opened(names: Sequence[str], key: str, texts: str) -> Iterator[str]:
    """Draw tabs and give the name of the open one, to be drawn into it.

    Args:
        names: of the tabs, in order.
        key: of the widget; the session holds the open tab's label under it and its name under `{key}-name`.
        texts: the labels are the texts `{texts}{name}`.
    """
    labels = {name: t(f"{texts}{name}") for name in names}
    before = str(st.session_state.get(f"{key}-name"))
    if st.session_state.get(key) not in labels.values():  # unknown, or named in the other language
        st.session_state[key] = labels.get(before, labels[names[0]])
    for name, tab in zip(names, st.tabs(list(labels.values()), key=key, on_change="rerun"), strict=True):
        if tab.open:
            st.session_state[f"{key}-name"] = name
            with tab:
                yield name
