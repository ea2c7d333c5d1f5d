"""What each method alone would show, side by side; folded away."""

from __future__ import annotations

import streamlit as st

from ui import tunes
from ui.services import taste
from ui.shell import language, listener, t
from ui.taste import acts, cards

EACH = 5


def draw(setting: cards.Setting) -> None:
    """One shelf for each method, worked out when the part is opened."""
    with st.expander(t("taste.models"), icon=":material/compare:", key="taste-models", on_change="rerun") as opened:
        if not opened.open:
            return
        st.markdown(t("taste.models_lead"))
        ear = taste().ear(listener())
        found = {id: acts.told(shown, taste().lists(ear, id)) for id, shown in taste().compare(ear, EACH).items()}
        if not found:
            st.info(t("taste.models_none"))
            return
        shelves = [
            tunes.Shelf(id, t(f"taste.model_{id}"), tuple(cards.card(one, setting) for one in shown))
            for id, shown in found.items()
        ]
        tunes.shelves(shelves, key="taste-compare", on_ops=acts.take_in, lang=language())
