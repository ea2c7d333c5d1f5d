"""How hard a piece is to play, by instrument."""

from __future__ import annotations

import streamlit as st

from core.analysis.difficulty import Difficulty
from core.insight.report import Report
from ui.plots import pitch_name
from ui.shell import show_error, t


def draw(report: Report) -> None:
    """A card an instrument, then the ranges of the parts."""
    found = report.music.difficulty.value
    if found is None:
        if report.music.difficulty.reason is not None:
            show_error(report.music.difficulty.reason)
        return
    st.caption(t("analyse.rules"))
    with st.grid(2, min_column_width=320, gap="medium"):
        for level in found:
            _card(level)
    fifths = report.music.key.value.key.fifths if report.music.key.value else 0
    rows = [{
        t("analyse.part"): name,
        t("analyse.lowest"): pitch_name(span.low, fifths),
        t("analyse.highest"): pitch_name(span.high, fifths),
        t("analyse.tessitura"): f"{pitch_name(span.tessitura[0], fifths)} – {pitch_name(span.tessitura[1], fifths)}",
    } for name, span in report.music.ranges.value or ()]  # fmt: skip
    if rows:
        st.markdown(f"**{t('analyse.ranges')}**")
        st.dataframe(rows, hide_index=True, width="stretch")


def _card(level: Difficulty) -> None:
    with st.container(border=True, key=f"analyse-level-{level.instrument}", gap="small"):
        name = t(f"analyse.instrument_{level.instrument}")
        grade = t("analyse.grade", grade=level.grade) if level.playable else t("analyse.unplayable")
        st.markdown(f"**{name}** · {grade}")
        for obstacle in level.obstacles[:3]:
            told = t(f"analyse.obstacle_{obstacle.kind}", value=obstacle.value)
            st.caption(f":material/warning: {t('analyse.bar', bar=obstacle.bar)}: {told}")
        if level.hardest:
            st.caption(t("analyse.hardest", bars=", ".join(map(str, level.hardest))))
        if level.inside is not None:
            st.caption(t("analyse.suits", voice=t(f"analyse.voice_{level.voice}"), percent=round(100 * level.inside)))
        if level.melody_alone:
            st.caption(t("analyse.melody_alone"))
        rows = [{
            t("analyse.measure"): t(f"analyse.load_{measure.name.replace(' ', '_')}"),
            t("analyse.value"): f"{measure.value:g}",
            t("analyse.grade_head"): measure.grade,
        } for measure in level.measures]  # fmt: skip
        st.dataframe(rows, hide_index=True, width="stretch")
