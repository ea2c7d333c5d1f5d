"""What listeners do with cards, put into the store; the same on every page that shows cards."""

from __future__ import annotations

import streamlit as st

from core.errors import SongloomError
from core.taste.lists import Lists, Recommendation
from ui import seed
from ui.services import store
from ui.shell import listener, note_problem
from ui.taste import cards
from ui.tunes import Op

CHANGED, HIDDEN, LIKE, OPENED, GOTO, STALE, WHY = (
    "taste.changed", "taste.hidden", "taste.like", "taste.opened", "taste.goto", "taste.stale", "taste.why",
)  # fmt: skip
"""Keys of the session: answers since the shelves were made, pieces sent away, the piece that others shall be
like, the piece whose dialog is open, the page to go to, whether the shelves are to be made anew,
pieces whose reasons were asked for."""


def take_in(ops: tuple[Op, ...]) -> None:
    """Do what the cards' log asks for; what cannot be done is said at the head of the page."""
    for op in ops:
        try:
            _do(op)
        except SongloomError as error:
            note_problem(error)


def _do(op: Op) -> None:
    values, me, listening = op.values, listener(), store().listening
    item = str(values.get("item", ""))
    if op.do == "sound":
        cards.ask_sound(item)
    elif op.do == "rate":
        stars = values.get("stars")
        listening.rate(me, item, None if stars is None else float(stars))
        st.session_state[CHANGED] = st.session_state.get(CHANGED, 0) + 1
    elif op.do == "like":
        listening.like(me, item, bool(values.get("liked")))
        st.session_state[CHANGED] = st.session_state.get(CHANGED, 0) + 1
    elif op.do == "heard":
        listening.play(me, item, float(values.get("seconds", 0)), float(values.get("length", 0)))
    elif op.do == "pass":
        # Not wanted now: to the models it is a piece that was skipped, and it does not come again as new.
        listening.play(me, item, 0.0, 1.0)
        _hide(item)
    elif op.do == "exclude":
        listening.exclude(me, str(values.get("kind")), str(values.get("value")))
        st.session_state[STALE] = True
    elif op.do == "more":
        st.session_state[LIKE] = item
        st.session_state[STALE] = True
    elif op.do == "why":
        st.session_state[WHY] = {*st.session_state.get(WHY, ()), item}
    elif op.do == "open":
        st.session_state[OPENED] = item
    elif op.do == "seed":
        score = cards.score(item)
        seed.use(score, score.title)
        st.session_state[GOTO] = "pages/compose.py"


def _hide(item: str) -> None:
    st.session_state[HIDDEN] = (*st.session_state.get(HIDDEN, ()), item)
    st.session_state[STALE] = True


def told(shelf: tuple[Recommendation, ...], lists: Lists) -> tuple[Recommendation, ...]:
    """The shelf with the reasons that were asked for."""
    asked = st.session_state.get(WHY, ())
    return tuple(lists.explained(one) if one.item in asked else one for one in shelf)


def go_on() -> None:
    """After the log was taken in: to another page, if something asked for it."""
    goto = st.session_state.pop(GOTO, None)
    if goto is not None:
        st.switch_page(goto)
