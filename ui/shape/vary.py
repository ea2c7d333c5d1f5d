"""More of a piece: variations, the nearest first."""

from __future__ import annotations

import streamlit as st

from core.engines.vae import shaping
from core.engines.vae.vary import Variations
from core.errors import SongloomError
from ui import composing, session
from ui.shape import results
from ui.shape.ends import End
from ui.shell import note_problem, t
from ui.working import Waiting

_TITLE, _APART, _REMARKS = "shape_title", "shape_apart", "shape_remarks"
"""Keys of the session: the piece that is being varied, how far each variation is from it, what was read of the piece."""
TAKES = (2, 4, 6, 8)


def draw(end: End) -> None:
    """How far from the piece, how many, and what came."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.slider(
            t("shape.strength"), 0, 100, 50, 5, format="%d%%", key="shape_strength", help=t("shape.strength_help"),
            persist_state="session", width=420,
        )  # fmt: skip
        count = t("compose.takes")
        st.segmented_control(count, TAKES, default=4, required=True, key="shape_takes", persist_state="session", width="content")
        st.button(
            t("shape.vary"), key="shape-vary", icon=":material/shuffle:", type="primary", disabled=WORK.is_on,
            on_click=_start, args=(end,),
        )  # fmt: skip
    WORK.watch(t("shape.varying", title=end.title))
    apart: dict[str, float] = st.session_state.get(_APART, {})
    found = [shown for batch in session.batches() for shown in batch if shown.id in apart]
    if not found:
        st.markdown(t("shape.vary_empty"))
        return
    remarks = st.session_state.get(_REMARKS, ())
    if remarks:
        st.caption(":material/info: " + " ".join(t(f"shape.remark_{remark}") for remark in remarks))
    with st.grid(2, min_column_width=400, gap="medium"):
        for shown in found:
            results.card(shown, t("shape.apart", percent=round(100 * apart[shown.id])))


def _start(end: End) -> None:
    strength, takes = st.session_state["shape_strength"] / 100, st.session_state["shape_takes"]
    st.session_state[_TITLE] = end.title
    try:
        WORK.start(shaping.vary, end.score, strength, takes, composing.new_random_seed(), results.is_free())
    except SongloomError as error:
        note_problem(error)


def _done(found: Variations) -> None:
    title, numbers = st.session_state[_TITLE], iter(range(1, len(found.ordered) + 1))
    made = tuple(one.take for one in found.ordered)
    kept = composing.keep_drafts(made, lambda _: t("shape.title_vary", title=title, number=next(numbers)))
    session.add_batch(kept)
    st.session_state[_APART] = {shown.id: one.distance for shown, one in zip(kept, found.ordered, strict=True)}
    st.session_state[_REMARKS] = found.piece.remarks


def _cancelled() -> None:
    st.session_state["said"] = "compose.cancelled"


WORK = Waiting("shape_job", "shape-stop", _done, _cancelled, patience=0.7)
