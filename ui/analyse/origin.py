"""How a piece was made, as its file tells."""

from __future__ import annotations

import streamlit as st

from core.insight.report import Report
from ui.names import style_name
from ui.plain import plain
from ui.shell import language, show_error, t


def draw(report: Report) -> None:
    """Engine, weights, data with licences, request: what the file says, or that it says nothing."""
    if report.provenance.reason is not None:
        show_error(report.provenance.reason)
        return
    found = report.provenance.value
    if found is None:
        st.markdown(t("analyse.origin_none"))
        return
    if not found.is_composed:
        st.markdown(t("analyse.origin_own"))
    rows = {
        t("take.engine"): found.engine,
        t("take.weights"): found.weights[:16],
        t("take.style"): style_name(found.style, language()) if found.style else "",
        t("take.random_seed"): "" if found.random_seed is None else str(found.random_seed),
        t("analyse.origin_edits"): str(found.edits),
    }
    st.table({name: plain(value) for name, value in rows.items() if value}, border="horizontal")
    if found.data:
        st.markdown(f"**{t('analyse.origin_data')}**")
        st.markdown("\n".join(f"- {plain(one.name)} · {plain(one.licence)}" for one in found.data))
    st.caption(t("analyse.origin_unsigned"))
