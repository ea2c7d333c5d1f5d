"""What the plots of an analysis have in common: colours of functions, frames without decoration, on any theme."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from ui.palette import track_colour
from ui.plots import NEUTRAL

FUNCTIONS = ("T", "S", "D", "-")
"""Functions of chords as `core.analysis.roman` names them."""
_PLACES = {"T": 0, "S": 2, "D": 1, "-": 7}
_CONFIG = {"displayModeBar": False, "scrollZoom": False}


def is_dark() -> bool:
    return st.context.theme.type == "dark"


def function_colour(function: str) -> str:
    """Colour of a chord's function."""
    return track_colour(_PLACES[function], dark=is_dark())


def colour(number: int = 0) -> str:
    return track_colour(number, dark=is_dark())


def dress(figure: go.Figure, height: int) -> go.Figure:
    """A transparent background and grey grids, as everywhere."""
    figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=False, dragmode=False,
                         paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)")  # fmt: skip
    figure.update_xaxes(gridcolor=NEUTRAL.format(0.2), zeroline=False, automargin=True)
    figure.update_yaxes(gridcolor=NEUTRAL.format(0.2), zeroline=False, automargin=True)
    return figure


def show(figure: go.Figure, key: str, alternative: str) -> None:
    """Put a figure on the page, and under it in words what it shows."""
    st.plotly_chart(figure, key=key, config=_CONFIG, width="stretch", theme="streamlit")
    if alternative:
        st.caption(alternative)
