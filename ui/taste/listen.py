"""The shelves, and what lies under them."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from core.taste.lists import Recommendation
from core.taste.scoring import Ear
from core.taste.steering import Steering
from ui import tunes
from ui.services import taste
from ui.shell import language, listener, show_problem, t
from ui.taste import acts, cards, community, compare, dialog, for_me, recording, steer, visit
from ui.taste.acts import CHANGED, HIDDEN, LIKE, STALE, WHY

ORDER = ("for-you", "like", "different", "forgotten", "fresh")
_SHELVES = "taste.shelves"


def draw() -> None:
    """The first visit, or the shelves."""
    st.session_state[STALE] = True  # a page view sees what was rated before it
    _listen()


@st.fragment
def _listen() -> None:
    show_problem()
    acts.go_on()
    ear = taste().ear(listener(), fresh=bool(st.session_state.get(STALE)))
    if visit.is_on(ear):
        visit.draw(ear)
        return
    taste().heed()
    steering = steer.draw()
    found = _found(ear, steering)
    _renew()
    setting = cards.Setting(ear.world.book, ear.history, ear.snapshot.origin)
    shelves = [_shelf(name, found[name], setting, steering) for name in ORDER if found[name]]
    if shelves:
        tunes.shelves(shelves, key="taste-shelves", on_ops=acts.take_in, lang=language())
    else:
        st.info(t("taste.none"), icon=":material/search_off:")
    for_me.draw(ear)
    recording.draw(setting)
    community.draw(ear.snapshot.origin)
    compare.draw(setting)
    dialog.draw()


def _found(ear: Ear, steering: Steering) -> Mapping[str, tuple[Recommendation, ...]]:
    """The shelves as they were when the page came up: they stay in place while they are rated."""
    like = st.session_state.get(LIKE)
    kept, stale = st.session_state.get(_SHELVES), st.session_state.pop(STALE, False)
    if kept is None or stale or kept[0] != (steering, like, listener()):
        found = taste().shelves(ear, steering, like, but=st.session_state.get(HIDDEN, ()))
        kept = st.session_state[_SHELVES] = ((steering, like, listener()), found)
        st.session_state[CHANGED] = 0
    if st.session_state.get(WHY):
        lists = taste().lists(ear)
        kept = st.session_state[_SHELVES] = (kept[0], {name: acts.told(shelf, lists) for name, shelf in kept[1].items()})
    shelves: Mapping[str, tuple[Recommendation, ...]] = kept[1]
    return shelves


def _renew() -> None:
    """After new answers: the word that they are in, and a button that shows what they change."""
    count = st.session_state.get(CHANGED, 0)
    if count:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="taste-renew-bar"):
            st.caption(t("taste.changed", count=count), width="content")
            st.button(t("taste.renew"), key="taste-renew", icon=":material/refresh:", type="tertiary", on_click=_stale)


def _stale() -> None:
    st.session_state[STALE] = True


def _shelf(name: str, found: tuple[Recommendation, ...], setting: cards.Setting, steering: Steering) -> tunes.Shelf:
    title, lead = t(f"taste.shelf_{name}", title=""), t(f"taste.lead_{name}", stars=0, plays=0)
    notes: tuple[str, ...] = ()
    if name == "for-you":
        history = setting.history
        new = history.is_empty
        lead = t("taste.lead_for-you_new") if new else t("taste.lead_for-you", stars=len(history.stars), plays=history.plays)
        if not steering.is_neutral:
            notes = (t("taste.note_steered", ways=", ".join(steer.ways(steering))),)
    seed = found[0].because.items[0][0] if name == "like" and found[0].because else ""
    if seed:
        title = t("taste.shelf_like", title=setting.book[seed].title)
    return tunes.Shelf(name, title, tuple(cards.card(one, setting, notes) for one in found), lead)
