"""The plots of a taste profile, on any theme."""

from __future__ import annotations

from datetime import UTC, datetime

import plotly.graph_objects as go
import streamlit as st

from core.taste.profile import Profile
from ui.catalogue import name_of_style
from ui.palette import track_colour
from ui.plots import NEUTRAL
from ui.shell import t
from ui.taste import words

MOST_STYLES, MOST_FEATURES = 7, 8
_BARE = {"displayModeBar": False, "scrollZoom": False}


def show(figure: go.Figure, key: str, alt: str) -> None:
    """Put a figure on the page; `alt` names it for those who do not see it."""
    st.plotly_chart(figure, key=key, config=_BARE, width="stretch", theme="streamlit")


def styles(profile: Profile, dark: bool) -> go.Figure:
    """Shares of styles as bars."""
    found = list(profile.styles.items())[:MOST_STYLES][::-1]
    return _bars([name_of_style(style) for style, _ in found], [100 * share for _, share in found], dark, "%{x:.0f} %", " %")


def features(profile: Profile, dark: bool) -> go.Figure:
    """What differs most from the catalogue, in spreads; measures of one kind are one bar, by the furthest of them."""
    furthest: dict[str, float] = {}
    for name, measure in profile.furthest(60):
        furthest.setdefault(words.feature(f"measure:{name}"), measure.difference)
    found = list(furthest.items())[:MOST_FEATURES][::-1]
    figure = _bars([name for name, _ in found], [value for _, value in found], dark, "%{x:+.1f}", "")
    reach = max([1.0, *(abs(value) for _, value in found)]) * 1.1
    figure.update_xaxes(range=[-reach, reach], tickvals=[-reach * 0.9, 0, reach * 0.9],
                        ticktext=[t("taste.less"), t("taste.usual"), t("taste.more_of")])  # fmt: skip
    return figure


def over_time(profile: Profile, dark: bool) -> go.Figure:
    """Energy and mood through the stretches of time, 0 to 100."""
    when = [datetime.fromtimestamp(span.start, UTC) for span in profile.spans]
    figure = go.Figure()
    for number, (name, values) in enumerate((
        (t("feature.energy"), [100 * span.energy for span in profile.spans]),
        (t("feature.valence"), [100 * span.valence for span in profile.spans]),
    )):
        line = {"color": track_colour(number, dark=dark), "width": 3, "dash": "solid" if number == 0 else "dot"}
        figure.add_trace(go.Scatter(x=when, y=values, name=name, mode="lines+markers", line=line,
                                    hovertemplate="%{x|%Y-%m}: %{y:.0f}"))  # fmt: skip
    _dress(figure, 260)
    figure.update_yaxes(range=[0, 100], gridcolor=NEUTRAL.format(0.2))
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.15, "x": 0})
    return figure


def _bars(names: list[str], values: list[float], dark: bool, hover: str, suffix: str) -> go.Figure:
    colour = track_colour(0, dark=dark)
    figure = go.Figure(go.Bar(x=values, y=names, orientation="h", marker={"color": colour, "cornerradius": 4},
                              hovertemplate=f"%{{y}}: {hover}<extra></extra>"))  # fmt: skip
    _dress(figure, 44 + 34 * max(1, len(names)))
    figure.update_xaxes(ticksuffix=suffix, gridcolor=NEUTRAL.format(0.2), zerolinecolor=NEUTRAL.format(0.5))
    return figure


def _dress(figure: go.Figure, height: int) -> None:
    figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=False, dragmode=False,
                         paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", bargap=0.35)  # fmt: skip
    figure.update_yaxes(automargin=True)
