"""What is composed for a place of the map: begun by a click, shown under the map and on it."""

from __future__ import annotations

import streamlit as st

from core.engines.vae import shaping
from core.engines.vae.anywhere import Composed
from core.engines.vae.atlas import Atlas
from core.errors import SongloomError
from core.taste.pieces import TUNE
from ui import composing, pieces, session
from ui.plain import plain
from ui.session import Shown
from ui.shape import ends, results
from ui.shell import note_problem, t
from ui.working import Waiting

_CLICK, _PLACES, _BETWEEN = "shape_click", "shape_places", "shape_between"
"""Keys of the session: the place that was clicked last, where takes lie, and what was composed between which pieces."""
NEAREST = 4
"""Pieces near a click that are offered."""


def start(x: float, y: float) -> None:
    """Compose for a place, unless that is being done already."""
    if WORK.is_on:
        return
    st.session_state[_CLICK] = (x, y)
    try:
        WORK.start(shaping.compose_at, x, y, composing.new_random_seed(), results.is_free())
    except SongloomError as error:
        note_problem(error)


def places() -> list[tuple[str, tuple[float, float]]]:
    """Titles and places of what was composed here and is still on the page."""
    known: dict[str, tuple[float, float]] = st.session_state.get(_PLACES, {})
    return [(shown.record.title, known[shown.id]) for shown in _made()]


def draw(atlas: Atlas) -> None:
    """The takes of the last click, and the pieces around it."""
    WORK.watch(t("shape.there_composing"))
    if _CLICK not in st.session_state:
        return
    titles, newest = st.session_state.get(_BETWEEN, ((), ()))
    made = [shown for shown in _made() if shown.id in newest]
    if made:
        words = " · ".join(map(plain, titles))
        with st.grid(2, min_column_width=400, gap="medium"):
            for shown in made:
                results.card(shown, t("shape.there_between", titles=words))
    st.caption(t("shape.there_near"))
    with st.container(horizontal=True, gap="small"):
        x, y = st.session_state[_CLICK]
        for spot in atlas.around(x, y, NEAREST):
            item = f"{TUNE}:{spot.tune}"
            label = plain(pieces.named(item)[0])
            st.button(label, key=f"there-{spot.tune}", icon=":material/music_note:", on_click=ends.take, args=("a", item))


def _made() -> list[Shown]:
    known = st.session_state.get(_PLACES, {})
    return [shown for batch in session.batches() for shown in batch if shown.id in known]


def _done(made: Composed) -> None:
    empty: dict[str, tuple[float, float]] = {}
    known = session.get(_PLACES, lambda: empty)
    numbers = iter(range(len(known) + 1, len(known) + 1 + len(made.found)))
    kept = composing.keep_drafts(tuple(one.take for one in made.found), lambda _: t("shape.there_title", number=next(numbers)))
    session.add_batch(kept)
    known |= {shown.id: (one.x, one.y) for shown, one in zip(kept, made.found, strict=True)}
    titles = tuple(pieces.named(f"{TUNE}:{spot.tune}")[0] for spot in made.between)
    st.session_state[_BETWEEN] = (titles, tuple(shown.id for shown in kept))


def _cancelled() -> None:
    st.session_state["said"] = "compose.cancelled"


WORK = Waiting("shape_map_job", "shape-map-stop", _done, _cancelled, patience=0.7)
