"""The simulated listeners: named where they have a part, removed with one click."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.taste.snapshot import Origin
from ui.services import taste
from ui.shell import note_problem, t


def draw(origin: Origin) -> None:
    """A line that says how much of what was learned is simulated; nothing where there is none."""
    status = taste().fitting()
    if status is not None:
        st.caption(f":material/autorenew: {t('taste.fitting', share=round(100 * status.share))}")
    if taste().simulated() and origin.simulated_share > 0:
        share = round(100 * origin.simulated_share)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="taste-community"):
            st.caption(f":material/smart_toy: {t('taste.simulated', count=origin.simulated, share=share)}", width="content")
            st.button(t("taste.simulated_remove"), key="taste-unsimulate", type="tertiary", on_click=_remove)


def _remove() -> None:
    try:
        taste().remove_simulated()
        st.toast(t("taste.simulated_removed"))
    except SongloomError as error:
        note_problem(error)
