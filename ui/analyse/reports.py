"""Reports of this session: made by a job, kept while the piece stays as it is."""

from __future__ import annotations

from contextlib import suppress

import streamlit as st

from core.engines.protocol import Progress
from core.errors import FormatError, SongloomError
from core.insight.report import Report, analyse, analyse_file
from core.rights.library import own_index
from core.score import Score
from ui import files, session
from ui.analyse.piece import Chosen
from ui.plain import plain
from ui.services import store
from ui.shell import listener, note_problem, t
from ui.working import Waiting

_REPORTS, _ASKED = "analyse_reports", "analyse_asked"
_KEPT = 6
"""Reports that a session keeps."""

Own = tuple[str, str, Score]
"""A piece of one's own: its id, title and music."""


def of(chosen: Chosen) -> Report | None:
    """The report on a piece, which is begun where there is none; None while it is made, or where that was stopped or failed."""
    reports, key = _reports(), _key(chosen)
    if key not in reports and st.session_state.get(_ASKED) != key:
        begin(chosen)
    return reports.get(key)


def begin(chosen: Chosen) -> None:
    """Have the report made; what is under way for another piece is stopped."""
    WORK.drop()
    key = st.session_state[_ASKED] = _key(chosen)
    try:
        mine = _own(chosen.item)
        if chosen.score is None:
            WORK.start(_of_file, key, chosen.data, chosen.name, mine)
        else:
            kind, _, id = chosen.item.partition(":")
            itself = frozenset((id,)) if kind == "tune" else frozenset()
            WORK.start(_of_score, key, chosen.score, chosen.name, chosen.data, chosen.style or None, itself, mine)
    except SongloomError as error:
        note_problem(error)


def watch(chosen: Chosen) -> None:
    """How far the work is, with a way to stop it."""
    WORK.watch(t("analyse.working", title=plain(chosen.title)))


def again(chosen: Chosen) -> None:
    """A way to begin the report once more, where it was stopped or failed."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(chosen.title)}**", width="content")
        st.button(t("analyse.again"), key="analyse-again", icon=":material/refresh:", on_click=begin, args=(chosen,))


def _key(chosen: Chosen) -> str:
    return f"{chosen.item} {hash(chosen.score)}"


def _reports() -> dict[str, Report]:
    return session.get(_REPORTS, dict[str, Report])


def _own(item: str) -> tuple[Own, ...]:
    """The takes that the listener kept, but for the one that is analysed; damaged ones are left out."""
    found = []
    for record in store().takes(listener()):
        if f"take:{record.id}" != item:
            with suppress(FormatError):
                found.append((record.id, record.title, files.from_midi(record.midi)))
    return tuple(found)


def _of_score(
    key: str, score: Score, name: str, data: bytes, style: str | None, leave_out: frozenset[str], mine: tuple[Own, ...], *,
    progress: Progress,
) -> tuple[str, Report]:
    return key, analyse(score, name=name, data=data, style=style, leave_out=leave_out, own=own_index(mine), progress=progress)


def _of_file(key: str, data: bytes, name: str, mine: tuple[Own, ...], *, progress: Progress) -> tuple[str, Report]:
    return key, analyse_file(data, name, own=own_index(mine), progress=progress)


def _done(found: tuple[str, Report]) -> None:
    reports = _reports()
    reports[found[0]] = found[1]
    while len(reports) > _KEPT:
        reports.pop(next(iter(reports)))


def _cancelled() -> None:
    st.session_state["said"] = "analyse.cancelled"


WORK = Waiting("analyse_job", "analyse-cancel", _done, _cancelled, patience=1.5)
