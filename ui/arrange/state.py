"""The arrangements of a session: each with its request, and with every state that undo leads back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from core.analysis.sections import Section
from core.engines.arranging import ArrangeRequest
from core.score import Score
from core.score.edits import set_muted
from ui import session
from ui.roll.history import History

MOST = 12
"""Arrangements that a session keeps."""

_ALL, _SHOWN, _COUNT = "arranged", "arranged_shown", "arranged_count"


@dataclass(frozen=True, slots=True)
class Played:
    """One state: the band's score with its mixer, and the names of the tracks that are heard alone (none for all)."""

    score: Score
    solo: frozenset[str] = frozenset()

    @property
    def heard(self) -> Score:
        """As it sounds: only solo tracks where there are some, none that is muted."""
        score = self.score
        for index, track in enumerate(score.tracks):
            if self.solo and track.name not in self.solo:
                score = set_muted(score, index, True)
        return score


@dataclass(frozen=True)
class Arranged:
    """One arrangement. `request` is the resolved one that it began with."""

    id: str
    title: str
    request: ArrangeRequest
    weights: str
    seconds: float
    history: History[Played]

    @property
    def present(self) -> Played:
        return self.history.present

    @property
    def score(self) -> Score:
        return self.history.present.score

    @property
    def sections(self) -> tuple[Section, ...]:
        return self.request.sections or ()

    @property
    def piece(self) -> Score:
        """What the band plays from, with the chords as they stand now."""
        return replace(self.request.score, chords=self.score.chords)


def everything() -> tuple[Arranged, ...]:
    """The arrangements of this session, the newest last."""
    make: Callable[[], tuple[Arranged, ...]] = tuple
    return session.get(_ALL, make)


def add(title: str, request: ArrangeRequest, weights: str, seconds: float, score: Score) -> Arranged:
    """Put a new arrangement on the page and show it."""
    number = st.session_state[_COUNT] = st.session_state.get(_COUNT, 0) + 1
    new = Arranged(f"a{number}", title, request, weights, seconds, History(Played(score)))
    st.session_state[_ALL] = (*everything(), new)[-MOST:]
    show(new.id)
    return new


def find(id: str) -> Arranged | None:
    """The arrangement with this id; None where the session let it go."""
    return next((one for one in everything() if one.id == id), None)


def show(id: str) -> None:
    """Have the page show an arrangement."""
    st.session_state[_SHOWN] = id


def shown() -> Arranged | None:
    """The arrangement that the page shows: the one chosen, else the newest."""
    all_of_them = everything()
    if not all_of_them:
        return None
    return find(st.session_state.get(_SHOWN, "")) or all_of_them[-1]


def push(id: str, change: Callable[[Played], Played]) -> None:
    """Change an arrangement; one step of undo.

    Raises:
        RequestError: see the edits of `core.score.edits`.
    """
    one = find(id)
    if one is not None:
        _put(replace(one, history=one.history.push(change(one.present))))


def undo(id: str) -> None:
    one = find(id)
    if one is not None:
        _put(replace(one, history=one.history.undo()))


def redo(id: str) -> None:
    one = find(id)
    if one is not None:
        _put(replace(one, history=one.history.redo()))


def _put(changed: Arranged) -> None:
    st.session_state[_ALL] = tuple(changed if one.id == changed.id else one for one in everything())
