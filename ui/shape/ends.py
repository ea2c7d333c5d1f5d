"""The pieces that the page works on, `a` and `b`: named in its address, chosen from one's own takes, the catalogue and files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st

from core.errors import SongloomError
from core.score import Score
from ui import choose, pieces, player
from ui.plain import plain
from ui.shell import show_error, t

ENDS = ("a", "b")


@dataclass(frozen=True, slots=True)
class End:
    """One of the two pieces; `style` is its style's id."""

    item: str
    title: str
    style: str
    score: Score


def of(which: str) -> End | None:
    """The piece `a` or `b` of the address; None where none is named, or it cannot be read (which is said)."""
    item = choose.item(which, f"shape_{which}")
    if not item:
        return None
    try:
        return End(item, *pieces.named(item), pieces.score(item))
    except SongloomError as error:
        show_error(error)
        return None


def take(which: str, item: str) -> None:
    """Have the page work on a piece; for a button's `on_click`."""
    st.session_state[f"shape_{which}"] = item


def show(which: str, end: End | None, *, heard: bool = True) -> None:
    """One piece, with its sound unless it is not to be `heard`, and a way to choose another."""
    with st.container(border=True, key=f"end-{which}", gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(f"**{plain(end.title)}**" if end else t(f"shape.none_{which}"), width="content")
            choose.popover(choose.Field(which, partial(take, which)), end is None)
        if end is not None and heard:
            player.show(end.score, key=f"end-roll-{which}", title=end.title, height=120, item=end.item)


def invite(which: str, words: str) -> None:
    """The choice of a piece, open, under what there is to do."""
    choose.invite(choose.Field(which, partial(take, which)), words)
