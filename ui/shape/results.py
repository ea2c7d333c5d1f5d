"""What the page made: heard, kept, taken home, or the start of what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.engines.vae import shaping
from core.errors import SongloomError
from core.score import Score
from core.store import NewTake
from ui import downloads, files, player, takes
from ui.services import store
from ui.session import Shown
from ui.shape import ends
from ui.shell import listener, note_problem, t


@dataclass(frozen=True, slots=True)
class Made:
    """A piece that is not stored yet, and how it came about: `how` is what JSON can hold."""

    score: Score
    title: str
    style: str
    how: Mapping[str, Any]


def card(shown: Shown, words: str) -> None:
    """A take of this page; `words` say what it is to the piece that it was made from."""
    with st.container(border=True, key=f"shape-{shown.id}", gap="small"):
        takes.heading(shown)
        st.caption(words)
        player.show(shown.score, key=f"shape-roll-{shown.id}", title=shown.record.title, height=140, item=f"take:{shown.id}")
        with st.container(horizontal=True, gap="small"):
            takes.keep_button(shown)
            downloads.popover(shown.score, shown.record.title, f"shape-{shown.id}")
            if shown.is_stored:
                for which in ends.ENDS:
                    key = f"as-{which}-{shown.id}"
                    args = (which, f"take:{shown.id}")
                    st.button(t(f"shape.as_{which}"), key=key, type="tertiary", on_click=ends.take, args=args)


def piece(made: Made, key: str) -> None:
    """A piece that is not stored yet, with a way to keep it."""
    player.show(made.score, key=f"{key}-roll", title=made.title, height=150)
    with st.container(horizontal=True, gap="small"):
        icon = ":material/bookmark_add:"
        st.button(t("take.keep"), key=f"{key}-keep", icon=icon, type="tertiary", on_click=_keep, args=(made,))
        downloads.popover(made.score, made.title, key)


def _keep(made: Made) -> None:
    new = NewTake(
        owner=listener(),
        title=made.title[:200],
        style=made.style,
        engine="vae",
        request=dict(made.how),
        weights=shaping.weights(is_free()),
        random_seed=0,
        midi=files.to_midi(made.score),
    )
    try:
        (record,) = store().add([new])
        store().keep(record.id, listener())
    except SongloomError as error:
        note_problem(error)
    else:
        st.toast(t("take.now_kept"))


def is_free() -> bool:
    """Whether the listener wants only what learned from free music; chosen on the Compose page."""
    return bool(st.session_state.get("c_free"))
