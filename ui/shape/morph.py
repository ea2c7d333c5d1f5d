"""From one piece to the other: a slider that answers at once, and all steps in a row as one piece."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from core.engines.vae import shaping
from core.engines.vae.morph import STEPS, Morph, Step, joined
from core.errors import SongloomError
from ui import tunes
from ui.plain import plain
from ui.shape import results, slider
from ui.shape.ends import End
from ui.shape.results import Made
from ui.shell import show_error, t
from ui.tunes.data import HEIGHT, WIDTH

_MORPH, _STEPS, _STRIPS, _SHARE = "shape_morph", "shape_row", "shape_strips", "shape_share"
PLACES = 20
"""The slider has so many steps from end to end."""
_LOOK = """<style>
.morph-row { display: grid; grid-template-columns: repeat(auto-fill, minmax(8rem, 1fr)); gap: 0.75rem; margin: 0; padding: 0; }
.morph-row li { list-style: none; margin: 0; }
.morph-row svg {
  width: 100%; height: 3.2rem; display: block; border-radius: 8px; background: var(--st-secondary-background-color);
}
.morph-row path { stroke: var(--st-primary-color); stroke-width: 3; fill: none; vector-effect: non-scaling-stroke; }
.morph-row span { font-size: 0.8rem; }
</style>"""


def draw(first: End, second: End) -> None:
    """The way between two pieces."""
    try:
        with st.spinner(t("shape.reading")):
            morph = _morph(first, second)
    except SongloomError as error:
        show_error(error)
        return
    remarks = [t(f"shape.remark_{remark}") for remark in morph.remarks]
    for end, piece in zip((first, second), morph.pieces, strict=True):
        remarks += [f"{plain(end.title)}: {t(f'shape.remark_{remark}')}" for remark in piece.remarks]
    if remarks:
        st.caption(":material/info: " + " ".join(remarks))
    _between(morph, first, second)
    _steps(morph, first, second)


def _morph(first: End, second: End) -> Morph:
    """The morph of these two, read once."""
    wanted = (first.score, second.score, results.is_free())
    known, found = st.session_state.get(_MORPH, (None, None))
    if found is None or known != wanted:
        found = shaping.morph(*wanted)
        st.session_state[_MORPH] = (wanted, found)
        for key in (_STEPS, _STRIPS):
            st.session_state.pop(key, None)
    return found


@st.fragment
def _between(morph: Morph, first: End, second: End) -> None:
    place = int(st.session_state.get(_SHARE, PLACES // 2))
    name = f"{first.item} {second.item} {results.is_free()}"
    slider.show(
        _strips(morph), at=place, piece=name, ends=(first.title, second.title), label=t("shape.share"), key="morph-slider",
        on_rest=_rest,
    )  # fmt: skip
    share = 100 * place // PLACES
    score = morph.at(place / PLACES)
    title = t("shape.title_morph", first=first.title, second=second.title, percent=share)
    results.piece(Made(score, title, _nearer(first, second, share).style, _how(first, second, share=share / 100)), "morph-now")


@st.fragment
def _steps(morph: Morph, first: End, second: End) -> None:
    count = st.slider(t("shape.steps"), *STEPS, 8, key="shape_steps", persist_state="session")
    known, steps = st.session_state.get(_STEPS, (0, ()))
    if known != count:
        steps = morph.steps(count)
        st.session_state[_STEPS] = (count, steps)
    st.html(_LOOK + _row(steps))
    # Its sound takes a while to make: only for those who want it.
    with st.expander(t("shape.whole"), icon=":material/play_circle:", key="morph-all", on_change="rerun") as opened:
        if opened.open:
            title = t("shape.title_whole", first=first.title, second=second.title)
            results.piece(Made(joined(steps), title, first.style, _how(first, second, steps=count)), "morph-whole")


def _rest(place: int) -> None:
    st.session_state[_SHARE] = place


def _strips(morph: Morph) -> tuple[str, ...]:
    """Pictures of the whole way, made once for each morph."""
    if _STRIPS not in st.session_state:
        inner = morph.between([place / PLACES for place in range(1, PLACES)])
        whole = (morph.at(0), *inner, morph.at(1))
        st.session_state[_STRIPS] = tuple(map(tunes.strip, whole))
    found: tuple[str, ...] = st.session_state[_STRIPS]
    return found


def _nearer(first: End, second: End, share: int) -> End:
    return second if share > 50 else first


def _how(first: End, second: End, **more: float) -> dict[str, object]:
    return {"morph": {"from": first.item, "to": second.item, **more}}


def _row(steps: Sequence[Step]) -> str:
    strips = []
    for step in steps:
        words = html.escape(f"{step.share:.0%}")
        picture = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{words}">'
        strips.append(f'<li>{picture}<path d="{tunes.strip(step.score)}"/></svg><span>{words}</span></li>')
    return f'<ol class="morph-row">{"".join(strips)}</ol>'
