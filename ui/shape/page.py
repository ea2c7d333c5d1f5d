"""The page of one or two pieces: variations, a morph, other styles, another character."""

from __future__ import annotations

import streamlit as st

from ui import composing, shell, tabs
from ui.shape import chart, ends, mix, morph, vary
from ui.shell import t

TABS = ("vary", "morph", "styles", "character", "map")


def draw() -> None:
    """The pieces at the head, under them what can be done with them; only the open tab is worked out."""
    shell.head(t("shape.title"), t("shape.lead"))
    composing.say()
    first, second = (ends.of(which) for which in ends.ENDS)
    with st.grid(2, min_column_width=400, gap="medium"):
        ends.show("a", first)
        ends.show("b", second)
    if first is None:
        st.markdown(t("shape.empty"))
        chart.draw(None)
        return
    for name, tab in tabs.opened(TABS, "shape_tabs", "shape.tab_"):
        with tab:
            if name == "vary":
                vary.draw(first)
            elif name == "styles":
                mix.styles(first)
            elif name == "character":
                mix.character(first)
            elif name == "map":
                chart.draw(first)
            elif second is None:
                st.markdown(t("shape.morph_empty"))
            else:
                morph.draw(first, second)
