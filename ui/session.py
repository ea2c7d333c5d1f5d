"""What a session holds beside its widgets: takes on the page, the melody brought, edits under way.

All of it belongs to one browser tab; what must last is in the store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import streamlit as st

from core.engines.protocol import Request
from core.score import Score
from core.store import TakeRecord
from ui.roll.history import History

T = TypeVar("T")
MAX_BATCHES = 12
"""Answers that a page keeps; older ones are still drafts in the store."""


@dataclass(frozen=True)
class Shown:
    """A take on a page: what the store knows of it, and its score as composed or last edited.

    `record.id` begins with `UNSAVED` when the store could not take it.
    """

    record: TakeRecord
    score: Score
    request: Request | None = None

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def has_words(self) -> bool:
        return any(track.lyrics for track in self.score.tracks)

    @property
    def is_stored(self) -> bool:
        return not self.record.id.startswith(UNSAVED)


UNSAVED = "unsaved."


def get(key: str, make: Callable[[], T]) -> T:
    """The session's value under `key`, made the first time."""
    if key not in st.session_state:
        st.session_state[key] = make()
    value: T = st.session_state[key]
    return value


def batches() -> tuple[tuple[Shown, ...], ...]:
    """The answers of this session, the newest last."""
    return get("batches", tuple)


def add_batch(batch: tuple[Shown, ...]) -> None:
    """Put a new answer on the page."""
    st.session_state["batches"] = (*batches(), batch)[-MAX_BATCHES:]
    st.session_state["batch"] = len(st.session_state["batches"])
    st.session_state["opened"] = None


def add_beside(id: str, more: tuple[Shown, ...]) -> None:
    """Put takes behind the one with this id, in the newest answer that has it; without it they are a new answer."""
    everything = list(batches())
    for at in range(len(everything) - 1, -1, -1):
        places = [take.id for take in everything[at]]
        if id in places:
            behind = places.index(id) + 1
            everything[at] = (*everything[at][:behind], *more, *everything[at][behind:])
            st.session_state["batches"] = tuple(everything)
            st.session_state["batch"] = at + 1
            return
    add_batch(more)


def current_batch() -> tuple[Shown, ...]:
    """The answer that the page shows; empty when there is none."""
    everything = batches()
    if not everything:
        return ()
    number = int(st.session_state.get("batch") or len(everything))
    return everything[max(1, min(number, len(everything))) - 1]


def update(shown: Shown) -> None:
    """Put a changed take in the place of the same take, wherever the session shows it."""
    st.session_state["batches"] = tuple(
        tuple(shown if other.id == shown.id else other for other in batch) for batch in batches()
    )


def replace_id(id: str, stored: Shown) -> None:
    """Put a take that has an address now in the place of the same take that had none."""
    st.session_state["batches"] = tuple(tuple(stored if other.id == id else other for other in batch) for batch in batches())


def history(shown: Shown) -> History[Score]:
    """The edits of a take in this session."""
    found: History[Score] = get(f"history.{shown.id}", lambda: History(shown.score))
    return found


def set_history(shown: Shown, value: History[Score]) -> Shown:
    """Note a take's edits; returns the take with its new score, which the pages show from now on."""
    st.session_state[f"history.{shown.id}"] = value
    changed = replace(shown, score=value.present)
    update(changed)
    return changed
