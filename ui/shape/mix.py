"""A piece in other styles, and with its character moved: sliders that answer at once."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.engines.vae import shaping
from core.engines.vae.counting import ATTRIBUTES
from core.engines.vae.piece import Placed
from core.engines.vae.restyle import MOST_STYLES
from core.errors import SongloomError
from core.score import Score
from ui.names import style_name
from ui.shape import results
from ui.shape.ends import End
from ui.shape.results import Made
from ui.shell import language, show_error, t

_PLACED = "shape_placed"


@st.fragment
def styles(end: End) -> None:
    """Up to three styles mixed into the piece."""
    try:
        offered = shaping.styles(results.is_free())
    except SongloomError as error:
        show_error(error)
        return
    chosen = st.multiselect(
        t("shape.styles"), offered, format_func=lambda id: style_name(id, language()), max_selections=MOST_STYLES,
        key="shape_styles", placeholder=t("shape.styles_none"), persist_state="session",
    )  # fmt: skip
    weights = {style: _share(style) for style in chosen}
    if not any(weights.values()):
        st.markdown(t("shape.styles_empty"))
        return
    # More than the whole cannot be mixed in: the shares are then those of each other.
    whole = max(100, sum(weights.values()))
    shares = {style: weight / whole for style, weight in weights.items() if weight}
    names = ", ".join(f"{style_name(style, language())} {share:.0%}" for style, share in shares.items())
    most = max(shares, key=shares.__getitem__)
    _show(end, lambda: shaping.restyle(_placed(end), shares, results.is_free()), names, most, {"styles": shares})


def _share(style: str) -> int:
    return st.slider(style_name(style, language()), 0, 100, 60, 5, format="%d%%", key=f"shape_share_{style}")


@st.fragment
def character(end: End) -> None:
    """Sliders for density, range and the like."""
    with st.grid(2, min_column_width=300, gap="small"):
        amounts = {
            name: st.slider(
                t(f"shape.{name}"), -100, 100, 0, 10, format="%+d", key=f"shape_{name}", help=t(f"shape.{name}_help"),
                persist_state="session",
            ) / 100
            for name in ATTRIBUTES
        }  # fmt: skip
    moved = {name: amount for name, amount in amounts.items() if amount}
    if not moved:
        st.markdown(t("shape.character_empty"))
        return
    names = ", ".join(f"{t(f'shape.{name}')} {amount:+.0%}" for name, amount in moved.items())
    _show(end, lambda: shaping.steer(_placed(end), moved, results.is_free()), names, end.style, {"character": moved})


def _placed(end: End) -> Placed:
    """Where the piece lies, read once for all the places of the sliders; only this session holds it."""
    wanted = (end.score, results.is_free())
    known, found = st.session_state.get(_PLACED, (None, None))
    if found is None or known != wanted:
        found = shaping.place(*wanted)
        st.session_state[_PLACED] = (wanted, found)
    return found


def _show(end: End, make: Callable[[], Score], names: str, style: str, how: dict[str, object]) -> None:
    try:
        score = make()
    except SongloomError as error:
        show_error(error)
        return
    key = next(iter(how))
    title = t("shape.title_mix", title=end.title, what=names)
    results.piece(Made(score, title, style, {**how, "from": end.item}), f"mix-{key}")
