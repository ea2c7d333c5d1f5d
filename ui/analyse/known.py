"""Recordings known again: whether the one on the page is among those that the listener registered; registering, removing."""

from __future__ import annotations

import streamlit as st

from core.engines.protocol import Progress
from core.errors import SongloomError
from core.rights.recordings import Print, identify, print_of
from core.store.records import Recording
from ui import session
from ui.analyse import piece
from ui.analyse.piece import Chosen
from ui.plain import plain
from ui.services import store
from ui.shell import listener, note_problem, show_error, t
from ui.working import Waiting

_PRINTS, _REGISTER = "known_prints", "known_register"
_KEPT = 4


def draw() -> None:
    """For the recording of the page: a button that looks for it, the answer, and the list of what is registered."""
    chosen = piece.chosen()
    if chosen is None or chosen.score is not None:
        return
    st.markdown(f"**{t('known.title')}**")
    st.caption(t("known.about"))
    found = _prints().get(chosen.item)
    try:
        mine = store().recordings.of(listener())
    except SongloomError as error:
        show_error(error)
        return
    if found is None:
        with st.container(horizontal=True):
            if mine:
                st.button(t("known.look"), key="known-look", icon=":material/fingerprint:", on_click=_look, args=(chosen, False),
                          disabled=WORK.is_on)  # fmt: skip
            st.button(t("known.register"), key="known-register", icon=":material/add:", on_click=_look, args=(chosen, True),
                      disabled=WORK.is_on)  # fmt: skip
        WORK.watch(t("known.looking", title=plain(chosen.title)))
    else:
        _answer(chosen, found, mine)
    if mine:
        _list(mine)


def _answer(chosen: Chosen, found: Print, mine: tuple[Recording, ...]) -> None:
    matches = identify(found, mine)
    for match in matches:
        key = "known.is" if match.begins >= 0 else "known.holds"
        st.success(t(key, title=plain(match.title), seconds=f"{abs(match.begins):.1f}"), icon=":material/fingerprint:")
    if not matches:
        st.info(t("known.none"), icon=":material/search_off:")
        st.button(t("known.register"), key="known-register", icon=":material/add:", on_click=_register, args=(chosen, found))


def _list(mine: tuple[Recording, ...]) -> None:
    with st.expander(t("known.mine", count=len(mine)), icon=":material/library_music:"):
        for one in mine:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(t("known.row", title=plain(one.title), seconds=f"{one.seconds:.0f}"), width="content")
                st.button(t("known.remove", title=plain(one.title)), key=f"known-remove-{one.id}", icon=":material/delete:",
                          type="tertiary", on_click=_remove, args=(one.id,))  # fmt: skip


def _look(chosen: Chosen, register: bool) -> None:
    st.session_state[_REGISTER] = chosen if register else None
    try:
        WORK.start(_print, chosen.item, chosen.data, chosen.name)
    except SongloomError as error:
        note_problem(error)


def _print(item: str, data: bytes, name: str, *, progress: Progress) -> tuple[str, Print]:
    progress(0, 1)
    return item, print_of(data, name)


def _register(chosen: Chosen, found: Print) -> None:
    try:
        store().recordings.register(listener(), chosen.title, found.seconds, found.chromaprint)
    except SongloomError as error:
        note_problem(error)


def _remove(id: str) -> None:
    try:
        store().recordings.remove(listener(), id)
    except SongloomError as error:
        note_problem(error)


def _prints() -> dict[str, Print]:
    return session.get(_PRINTS, dict[str, Print])


def _done(found: tuple[str, Print]) -> None:
    prints = _prints()
    prints[found[0]] = found[1]
    while len(prints) > _KEPT:
        prints.pop(next(iter(prints)))
    wanted: Chosen | None = st.session_state.get(_REGISTER)
    if wanted is not None and wanted.item == found[0]:
        _register(wanted, found[1])


def _cancelled() -> None:
    st.session_state["said"] = "analyse.cancelled"


WORK = Waiting("known_job", "known-cancel", _done, _cancelled, patience=1.0)
