"""Three words on every take: like its style, good, original. Worked out in the background, after the takes are there."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Literal

import streamlit as st

from core.errors import BusyError, SongloomError
from core.insight.badge import Badge, badge
from core.score import Score
from core.taste.pieces import tidy
from ui import session
from ui.analyse.words import name_of
from ui.plain import plain
from ui.services import judges
from ui.shell import listener, rerun, t

POLL_SECONDS = 1.0
_WORK = "badge_work"
_KEPT = 512
"""Badges that a server keeps."""
_COLOURS: dict[str, Literal["red", "orange"]] = {"copy": "red", "close": "orange"}
"""Verdicts of `core.rights.originality` that name the other piece."""
_TOO_SHORT = "too_short"
_GOOD = 50
"""Quality from which a badge is green: more like a real piece than like a damaged one."""

Slots = dict[str, str]


class _Kept:
    """The badges of this server by the take's music, the latest ones."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, Badge] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Badge | None:
        with self._lock:
            return self._found.get(key)

    def put(self, key: str, found: Badge) -> None:
        with self._lock:
            self._found[key] = found
            while len(self._found) > _KEPT:
                self._found.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _kept() -> _Kept:
    return _Kept()


def row(score: Score, style: str) -> None:
    """The badges of a take; where they are not known yet, nothing, and the work is begun."""
    if not score.note_count:
        return
    key = f"{hash(score)} {style}"
    found = _kept().get(key)
    if found is None:
        _begin(key, score, style)
        return
    with st.container(horizontal=True, gap="small"):
        _draw(found)


def watch() -> None:
    """Follow the badges that this run of the page has begun; the page runs again once all of them are there."""
    if _slots():
        _watch()


@st.fragment(run_every=POLL_SECONDS)
def _watch() -> None:
    waiting = _slots()
    before = len(waiting)
    for key, job in tuple(waiting.items()):
        try:
            if not judges().status(job).ended:
                continue
            _kept().put(key, judges().result(job))
        except SongloomError:  # stopped or forgotten: a take without badges is whole
            _kept().put(key, Badge())
        except Exception:  # a bug: the runner has logged it
            _kept().put(key, Badge())
        del waiting[key]
    if before and not waiting:
        rerun()


def _begin(key: str, score: Score, style: str) -> None:
    if key in _slots():
        return
    try:
        _slots()[key] = judges().submit(listener(), badge, score, style)
    except BusyError:  # too many at once: those go without
        _kept().put(key, Badge())


def _slots() -> Slots:
    make: Callable[[], Slots] = dict
    return session.get(_WORK, make)


def _draw(found: Badge) -> None:
    if found.style.value is not None:
        words = t("analyse.badge_style", style=plain(name_of(found.style.value)), percent=round(100 * found.match))
        st.badge(words, icon=":material/music_note:", color="blue")
    if found.overall.value is not None:
        words = t("analyse.badge_quality", overall=round(found.overall.value))
        st.badge(words, icon=":material/grade:", color="green" if found.overall.value >= _GOOD else "orange")
    if found.likeness.value is not None:
        verdict, title = found.likeness.value.verdict, found.likeness.value.title
        if verdict == _TOO_SHORT:
            return
        known = verdict in _COLOURS
        words = t(f"analyse.badge_{verdict}", title=plain(tidy(title))) if known else t("analyse.badge_original")
        st.badge(words, icon=":material/fingerprint:", color=_COLOURS[verdict] if known else "green")
