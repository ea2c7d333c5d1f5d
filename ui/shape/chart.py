"""The map: pieces of the catalogue where the autoencoder sees them; a click composes there, a drawn line is a way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from core.engines.vae import shaping
from core.engines.vae.atlas import Atlas, Spot
from core.engines.vae.morph import Step, joined
from core.errors import SongloomError
from core.score import Score
from core.taste.pieces import TUNE
from ui import ear, pieces
from ui.names import style_name
from ui.palette import track_colour
from ui.shape import results, there
from ui.shape.ends import End
from ui.shape.results import Made
from ui.shell import language, show_error, t

MOST = 6
"""Pieces that a drawn way passes at most."""
BETWEEN = 4
"""Pieces of the way from one of them to the next, both with it."""
MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "pentagon")
EDGE = 0.4
"""Between the outermost pieces and the edge of the map; the spread of the pieces is 1."""
_PLACE = "shape-map"
Place = tuple[float, float]


def draw(end: End | None) -> None:
    """The map with the piece on it; under it what was composed there, or the way that was drawn."""
    try:
        atlas = shaping.atlas(results.is_free())
    except SongloomError as error:
        show_error(error)
        return
    st.markdown(t("shape.map_lead"))
    ear.show(
        _PLACE, lead=f"{TUNE}:", words=t("shape.map_ear"), key="shape-ear", known=frozenset(spot.tune for spot in atlas.spots),
        on_click=there.start,
    )  # fmt: skip
    with st.container(key=_PLACE):
        chosen: Any = st.plotly_chart(
            figure(atlas, _here(end), there.places()), key="shape-chart", on_select="rerun", selection_mode="lasso",
            theme="streamlit", config={"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "autoScale2d"]},
        )  # fmt: skip
    lines = (chosen.get("selection", {}) if chosen else {}).get("lasso") or []
    if lines:
        try:
            _way(atlas.along(list(zip(lines[0]["x"], lines[0]["y"], strict=True)), MOST))
        except SongloomError as error:
            show_error(error)
    there.draw(atlas)


def _here(end: End | None) -> tuple[float, float] | None:
    """Where the page's piece lies; None without one, or where the networks cannot read it, which the other tabs say."""
    if end is None:
        return None
    try:
        return _spot(end.score, results.is_free())
    except SongloomError:
        return None


@st.cache_data(max_entries=64, show_spinner=False)
def _spot(score: Score, free: bool) -> tuple[float, float]:
    return shaping.spot(score, free)


def figure(atlas: Atlas, here: Place | None, made: Sequence[tuple[str, Place]]) -> go.Figure:
    """A cloud for each style; the page's piece is ringed, what was composed has stars with its titles."""
    dark = st.context.theme.type == "dark"
    found = go.Figure()
    for number, style in enumerate(dict.fromkeys(spot.style for spot in atlas.spots)):
        cloud = [spot for spot in atlas.spots if spot.style == style]
        found.add_trace(go.Scatter(
            x=[spot.x for spot in cloud], y=[spot.y for spot in cloud], mode="markers", name=style_name(style, language()),
            marker={"color": track_colour(number, dark=dark), "size": 9, "opacity": 0.8, "symbol": MARKS[number % len(MARKS)]},
            customdata=[[spot.tune] for spot in cloud], text=[_title(spot) for spot in cloud],
            hovertemplate="%{text}<extra>" + style_name(style, language()) + "</extra>",
        ))  # fmt: skip
    ink = "#f28ba6" if dark else "#9b2c4a"
    if made:
        found.add_trace(go.Scatter(
            x=[x for _, (x, _) in made], y=[y for _, (_, y) in made], mode="markers", name=t("shape.map_made"),
            marker={"size": 17, "symbol": "star", "color": ink, "line": {"width": 1.5, "color": "#fff"}},
            text=[_safe(title) for title, _ in made], hovertemplate="%{text}<extra></extra>",
        ))  # fmt: skip
    if here is not None:
        ring = {"size": 22, "color": "rgba(0,0,0,0)", "line": {"width": 3, "color": ink}}
        found.add_trace(go.Scatter(x=[here[0]], y=[here[1]], mode="markers", marker=ring, hoverinfo="skip", showlegend=False))
    # Ranges of its own: what is drawn later moves nothing, and a click can be told its place.
    ranges = [(min(line) - EDGE, max(line) + EDGE) for line in zip(*((spot.x, spot.y) for spot in atlas.spots), strict=True)]
    axes = [{"visible": False, "fixedrange": False, "range": list(reach)} for reach in ranges]
    found.update_layout(
        height=520, margin={"l": 0, "r": 0, "t": 8, "b": 0}, xaxis=axes[0], yaxis=axes[1], dragmode="pan", hovermode="closest",
        uirevision="map", paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        legend={"orientation": "h", "y": -0.02},
    )  # fmt: skip
    return found


def _title(spot: Spot) -> str:
    return _safe(pieces.named(f"{TUNE}:{spot.tune}")[0])


def _safe(title: str) -> str:
    """A title for Plotly, which reads tags."""
    return title.replace("<", "")


def _way(spots: tuple[Spot, ...]) -> None:
    """The morph along pieces, one after another as one piece."""
    titles = [_title(spot) for spot in spots]
    st.caption(" → ".join(titles))
    made = _along(tuple(f"{TUNE}:{spot.tune}" for spot in spots), results.is_free())
    how = {"morph": {"along": [f"{TUNE}:{spot.tune}" for spot in spots]}}
    results.piece(Made(made, t("shape.title_whole", first=titles[0], second=titles[-1]), spots[0].style, how), "map-way")


@st.cache_data(max_entries=16, show_spinner=False)
def _along(items: tuple[str, ...], free: bool) -> Score:
    steps: list[Step] = []
    for one, other in pairwise(items):
        steps += shaping.morph(pieces.score(one), pieces.score(other), free).steps(BETWEEN)[bool(steps) :]
    return joined(steps)
