"""Tabs of which only the open one is worked out, and which stays open when the language changes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from ui.shell import t


def opened(names: Sequence[str], key: str, texts: str) -> list[tuple[str, DeltaGenerator]]:
    """Draw tabs and give the open one with its name, to be drawn into it. (Not a generator that enters the tab: what ends a run
    early would leave it entered, and the next page would draw into a tab that is gone.)

    Args:
        names: of the tabs, in order.
        key: of the widget; the session holds the open tab's label under it and its name under `{key}-name`.
        texts: the labels are the texts `{texts}{name}`.
    """
    labels = {name: t(f"{texts}{name}") for name in names}
    before = str(st.session_state.get(f"{key}-name"))
    if st.session_state.get(key) not in labels.values():  # unknown, or named in the other language
        st.session_state[key] = labels.get(before, labels[names[0]])
    drawn = zip(names, st.tabs(list(labels.values()), key=key, on_change="rerun"), strict=True)
    found: list[tuple[str, DeltaGenerator]] = [(name, tab) for name, tab in drawn if tab.open]
    for name, _ in found:
        st.session_state[f"{key}-name"] = name
    return found
