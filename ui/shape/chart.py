"""The map: pieces of the catalogue where the autoencoder sees them; a click chooses, a drawn line is a way."""

from __future__ import annotations

from collections.abc import Mapping
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
from ui import pieces
from ui.names import style_name
from ui.palette import track_colour
from ui.shape import ends, results
from ui.shape.ends import End
from ui.shape.results import Made
from ui.shell import language, show_error, t

MOST = 6
"""Pieces that a drawn way passes at most."""
BETWEEN = 4
"""Pieces of the way from one of them to the next, both with it."""
MARKS = ("circle", "square", "diamond", "triangle-up", "cross", "star")
_TRIES = "shape_map_tries"


def draw(end: End | None) -> None:
    """The map with the piece on it; under it the way that was drawn."""
    try:
        atlas = shaping.atlas(results.is_free())
    except SongloomError as error:
        show_error(error)
        return
    st.markdown(t("shape.map_lead"))
    tries = int(st.session_state.get(_TRIES, 0))
    chosen: Any = st.plotly_chart(
        figure(atlas, end), key=f"shape-map-{tries}", on_select="rerun", selection_mode=("points", "lasso"), theme="streamlit",
        config={"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "autoScale2d"]},
    )  # fmt: skip
    selection: Mapping[str, Any] = chosen.get("selection", {}) if chosen else {}
    lines, points = selection.get("lasso") or [], selection.get("points") or []
    if lines:
        try:
            _way(atlas.along(list(zip(lines[0]["x"], lines[0]["y"], strict=True)), MOST))
        except SongloomError as error:
            show_error(error)
    elif points:
        item = f"{TUNE}:{points[0]['customdata'][0]}"
        if end is None or end.item != item:
            ends.take("a", item)
            st.session_state[_TRIES] = tries + 1  # the same point can be clicked again
            st.rerun()


def figure(atlas: Atlas, end: End | None) -> go.Figure:
    """A cloud for each style; the piece, where it is on the map, is ringed."""
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
    here = [spot for spot in atlas.spots if end is not None and f"{TUNE}:{spot.tune}" == end.item]
    if here:
        ring = {"size": 20, "color": "rgba(0,0,0,0)", "line": {"width": 3, "color": "#9b2c4a" if not dark else "#f28ba6"}}
        found.add_trace(go.Scatter(x=[here[0].x], y=[here[0].y], mode="markers", marker=ring, hoverinfo="skip", showlegend=False))
    axis = {"visible": False, "fixedrange": False}
    found.update_layout(
        height=520, margin={"l": 0, "r": 0, "t": 8, "b": 0}, xaxis=axis, yaxis=axis, dragmode="pan", hovermode="closest",
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)", legend={"orientation": "h", "y": -0.02},
    )  # fmt: skip
    return found


def _title(spot: Spot) -> str:
    return pieces.named(f"{TUNE}:{spot.tune}")[0].replace("<", "")


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
