"""The form of a piece: which bars are alike, with the letters of its sections, and its phrases."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from core.analysis.form import Form
from core.analysis.phrases import Phrase
from core.insight.report import Report
from ui.analyse import look
from ui.plots import NEUTRAL
from ui.shell import show_error, t


def draw(report: Report) -> None:
    """The letters, the matrix of how alike the bars are, sections and phrases in words."""
    found = report.music.form.value
    if found is None:
        if report.music.form.reason is not None:
            show_error(report.music.form.reason)
        return
    st.markdown(f"**{t('analyse.form')}** {found.letters}")
    look.show(figure(found), "analyse-form", t("analyse.form_words"))
    st.markdown("\n".join(
        f"- **{section.letter}** {t('analyse.bars', first=section.first + 1, last=section.last)}" for section in found.sections
    ))  # fmt: skip
    if report.music.phrases.value:
        st.caption(_phrases(report.music.phrases.value))


def _phrases(found: tuple[Phrase, ...]) -> str:
    lengths = sorted({max(1, round(phrase.bars)) for phrase in found})
    span = str(lengths[0]) if len(lengths) == 1 else f"{lengths[0]}–{lengths[-1]}"
    return t("analyse.phrases", count=len(found), bars=span)


def figure(found: Form) -> go.Figure:
    """Bars against bars, the darker the more alike, with the sections framed on the diagonal."""
    bars = list(range(1, len(found.likeness) + 1))
    base = "0,0,0" if not look.is_dark() else "255,255,255"
    drawn = go.Figure(go.Heatmap(
        z=found.likeness, x=bars, y=bars, zmin=0, zmax=1, colorscale=[[0, f"rgba({base},0)"], [0.4, f"rgba({base},0.06)"],
                                                                       [1, look.colour(0)]],
        hovertemplate=t("analyse.form_hover") + "<extra></extra>", colorbar={"thickness": 10, "tickformat": ".0%"},
    ))  # fmt: skip
    for section in found.sections:
        low, high = section.first + 0.5, section.last + 0.5
        drawn.add_shape(type="rect", x0=low, x1=high, y0=low, y1=high, line={"color": look.colour(1), "width": 2})
        drawn.add_annotation(x=(low + high) / 2, y=1.0, yref="paper", yanchor="bottom", text=f"<b>{section.letter}</b>",
                             showarrow=False)  # fmt: skip
        drawn.add_vline(x=high, line={"color": NEUTRAL.format(0.3), "width": 1})
    look.dress(drawn, 460)
    drawn.update_layout(margin={"l": 40, "r": 8, "t": 28, "b": 40})
    drawn.update_xaxes(title=t("analyse.bar_head"), range=[0.5, len(bars) + 0.5], showgrid=False)
    drawn.update_yaxes(title=t("analyse.bar_head"), range=[len(bars) + 0.5, 0.5], showgrid=False)
    return drawn
