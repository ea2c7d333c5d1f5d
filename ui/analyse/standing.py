"""How good a piece is: one figure, and each measure beside the real pieces of the style."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from core.insight.quality import Measured, Quality
from core.insight.quality_measures import SHOWN
from core.insight.report import Report
from ui.analyse import look, measures
from ui.names import style_name
from ui.plots import NEUTRAL
from ui.shell import language, show_error, t

USUAL = (10, 90)
"""Percentiles between which a measure counts as usual."""


def draw(report: Report) -> None:
    """The figure, a radar of aspects, and every measure with where it lies."""
    found: Quality | None = report.quality.value
    if found is None:
        if report.quality.reason is not None:
            show_error(report.quality.reason)
        return
    st.markdown(t("analyse.quality_words", overall=round(found.overall), style=beside(found)))
    if found.measures:
        left, right = st.columns([2, 3], gap="medium")
        with left:
            look.show(_radar(found), "analyse-radar", t("analyse.radar_words"))
        with right:
            look.show(_strips(found), "analyse-strips", t("analyse.strips_words"))
        with st.expander(t("analyse.in_words")):
            st.markdown("\n".join(f"- {_line(one)}" for one in found.measures))


def beside(found: Quality) -> str:
    """The style whose real pieces the measures were laid beside, and who says that it is the one."""
    if found.is_beside_all:
        return t("analyse.any_style")
    name = style_name(found.style, language())
    return name if found.chosen == "asked" else t(f"analyse.beside_{found.chosen}", style=name)


def _line(one: Measured) -> str:
    verdict = t(f"analyse.verdict_{one.verdict.replace(' ', '_')}")
    here, low, high = _values(one)
    usual = t("analyse.usual_range", low=low, high=high)
    return f"**{t(f'analyse.aspect_{one.aspect}')}** · {measures.name(one.name)}: {here} · {verdict} ({usual})"


def _values(one: Measured) -> tuple[str, str, str]:
    """The value, and the least and the greatest usual one."""
    here, low, high = (measures.value(one.name, value) for value in (one.value, one.low, one.high))
    return here, low, high


def _radar(found: Quality) -> go.Figure:
    """For each aspect the mean percentile of its measures; the ring is where the usual four fifths of real pieces lie."""
    aspects = [aspect for aspect in SHOWN if any(one.aspect == aspect for one in found.measures)]
    values = [sum(one.percentile for one in found.measures if one.aspect == aspect)
              / sum(one.aspect == aspect for one in found.measures) for aspect in aspects]
    names = [t(f"analyse.aspect_{aspect}") for aspect in aspects]
    around = [*names, names[0]]
    figure = go.Figure()
    figure.add_trace(go.Scatterpolar(r=[USUAL[1]] * len(around), theta=around, mode="lines", line={"width": 0}, hoverinfo="skip"))
    figure.add_trace(go.Scatterpolar(r=[USUAL[0]] * len(around), theta=around, mode="lines", line={"width": 0}, fill="tonext",
                                     fillcolor=NEUTRAL.format(0.22), hoverinfo="skip"))
    figure.add_trace(go.Scatterpolar(r=[*values, values[0]], theta=around, mode="lines+markers",
                                     line={"color": look.colour(0), "width": 3},
                                     hovertemplate="%{theta}: %{r:.0f}<extra></extra>"))
    look.dress(figure, 360)
    figure.update_layout(polar={"bgcolor": "rgba(0,0,0,0)", "radialaxis": {"range": [0, 100], "tickvals": [10, 50, 90],
                         "gridcolor": NEUTRAL.format(0.3)}, "angularaxis": {"gridcolor": NEUTRAL.format(0.3)}},
                         margin={"l": 72, "r": 72, "t": 32, "b": 32})  # fmt: skip
    return figure


def _strips(found: Quality) -> go.Figure:
    """Each measure as a point between the lowest and the highest real piece."""
    shown = list(reversed(found.measures))
    names = [measures.name(one.name) for one in shown]
    figure = go.Figure()
    figure.add_vrect(x0=USUAL[0], x1=USUAL[1], fillcolor=NEUTRAL.format(0.18), line_width=0)
    figure.add_trace(go.Scatter(
        x=[one.percentile for one in shown], y=names, mode="markers",
        marker={"size": 12, "color": [look.colour(0 if one.verdict == "usual" else 1) for one in shown],
                "symbol": ["circle" if one.verdict == "usual" else "diamond" for one in shown]},
        customdata=[_values(one) for one in shown],
        hovertemplate=t("analyse.strip_hover") + "<extra></extra>",
    ))  # fmt: skip
    look.dress(figure, 60 + 26 * len(shown))
    figure.update_xaxes(range=[-5, 105], tickvals=[10, 50, 90], tickangle=0, title=t("analyse.percentile"))
    return figure
