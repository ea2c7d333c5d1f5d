"""Which style a piece sounds like, and its mood, both with what spoke for it."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from core.insight.emotion import QUADRANTS, MoodOfNotes
from core.insight.linear import Reason
from core.insight.report import Report
from core.insight.style import Recognition
from ui.analyse import look, measures, words
from ui.plain import plain
from ui.plots import NEUTRAL
from ui.shell import show_error, t

MOST_STYLES, MOST_REASONS = 8, 6


def draw(report: Report) -> None:
    """Bars of the likeliest styles, the plane of mood, and the reasons for both."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{t('analyse.style')}**")
        if report.style.value is not None:
            _style(report.style.value)
        elif report.style.reason is not None:
            show_error(report.style.reason)
    with right:
        st.markdown(f"**{t('analyse.mood')}**")
        if report.mood.value is not None:
            _mood(report.mood.value)
        elif report.mood.reason is not None:
            show_error(report.mood.reason)


def _style(found: Recognition) -> None:
    shown = found.ranked[:MOST_STYLES]
    best, share = shown[0]
    look.show(_bars(shown), "analyse-style", t("analyse.style_words", style=words.name_of(best), percent=round(100 * share)))
    _reasons(found.because)


def _bars(shown: tuple[tuple[str, float], ...]) -> go.Figure:
    names, values = zip(*((words.name_of(style), 100 * share) for style, share in reversed(shown)), strict=True)
    figure = go.Figure(go.Bar(x=values, y=names, orientation="h", marker={"color": look.colour(0), "cornerradius": 4},
                              hovertemplate="%{y}: %{x:.0f} %<extra></extra>"))  # fmt: skip
    look.dress(figure, 44 + 34 * len(names))
    figure.update_xaxes(range=[0, 100], ticksuffix=" %")
    return figure


def _mood(found: MoodOfNotes) -> None:
    alternative = t("analyse.mood_words", mood=t(f"analyse.mood_{found.quadrant}"), percent=round(100 * found.confidence),
                    valence=f"{found.valence:+.1f}", arousal=f"{found.arousal:+.1f}")
    look.show(_plane(found), "analyse-mood", alternative)
    st.caption(t("analyse.mood_trust", percent=round(100 * found.reliability)))
    for axis in ("valence", "arousal"):
        st.markdown(t(f"analyse.because_{axis}"))
        _reasons(found.because[axis])


def _plane(found: MoodOfNotes) -> go.Figure:
    """Valence to the right, arousal upwards, a dot where the piece lies."""
    figure = go.Figure()
    for quadrant in QUADRANTS:
        x, y = (0.5 if quadrant in ("Q1", "Q4") else -0.5), (0.5 if quadrant in ("Q1", "Q2") else -0.5)
        text = f"{t(f'analyse.mood_{quadrant}')}<br>{found.probabilities[quadrant]:.0%}"
        figure.add_annotation(x=x, y=y, text=text, showarrow=False, font={"size": 13})
    figure.add_trace(go.Scatter(
        x=[found.valence], y=[found.arousal], mode="markers",
        marker={"size": 18, "color": look.colour(1), "line": {"width": 2, "color": look.colour(0)}},
        hovertemplate=t("analyse.mood_hover") + "<extra></extra>",
    ))  # fmt: skip
    look.dress(figure, 320)
    for axis, name in ((figure.update_xaxes, "valence"), (figure.update_yaxes, "arousal")):
        axis(range=[-1.05, 1.05], title=t(f"analyse.axis_{name}"), zeroline=True, zerolinecolor=NEUTRAL.format(0.6),
             showgrid=False, tickvals=[])  # fmt: skip
    return figure


def _reasons(because: tuple[Reason, ...]) -> None:
    lines = []
    for reason in because[:MOST_REASONS]:
        arrow = "▲" if reason.weight > 0 else "▼"
        here, usual = (plain(measures.value(reason.feature, value)) for value in (reason.value, reason.usual))
        name = plain(measures.name(reason.feature))
        lines.append("- " + t("analyse.reason", arrow=arrow, measure=name, here=here, usual=usual))
    if lines:
        st.markdown("\n".join(lines))
