"""Work that a page waits for: put in the line, watched with a bar, stopped, taken in when it has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import Cancelled, SongloomError
from core.jobs import Runner, State
from core.jobs.protocol import Work
from ui.services import runner
from ui.shell import listener, note_problem, t

POLL_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of work, of which a session waits for one at a time.

    `key` is where the session holds the job, `stop` the key of the button that stops it. `done` is
    told the result, `cancelled` that there is none because the listener did not want it any more;
    errors are shown at the head of the page. `patience` is how many seconds `start` waits for the end
    before a bar is shown: short work is often done in less time than it takes to draw one. `line` gives the runner.
    """

    key: str
    stop: str
    done: Callable[[Any], None]
    cancelled: Callable[[], None]
    patience: float = 0.0
    line: Callable[[], Runner] = runner

    @property
    def is_on(self) -> bool:
        return st.session_state.get(self.key) is not None

    def start(self, function: Work, *arguments: Any) -> None:
        """Put the work in the line, unless there is some already.

        Raises:
            BusyError: the line is full.
        """
        if self.is_on:
            return
        job = st.session_state[self.key] = self.line().submit(listener(), function, *arguments)
        if self.patience and self.line().wait(job, self.patience).ended:
            self._take_in(job)

    def drop(self) -> None:
        """Stop what there is, unasked: something else is wanted now."""
        if self.is_on:
            runner().cancel(st.session_state[self.key])
            st.session_state[self.key] = None

    def watch(self, words: str) -> None:
        """Show how far the work is, as `words`, with a way to stop it; the page runs again when it has ended."""
        if self.is_on:
            _follow(self, words)

    def _take_in(self, job: str) -> None:
        st.session_state[self.key] = None
        try:
            result = self.line().result(job)
        except Cancelled:
            self.cancelled()
        except SongloomError as error:
            note_problem(error)
        except Exception:  # a bug: the runner has logged it, the page tells the user and stays
            note_problem(SongloomError(t("error.bug")))
        else:
            self.done(result)

    def _cancel(self, job: str) -> None:
        self.line().cancel(job)
        # The page does not wait for the worker: it is free at once, and the worker stops at its next step.
        st.session_state[self.key] = None
        self.cancelled()


@st.fragment(run_every=POLL_SECONDS)
def _follow(waiting: Waiting, words: str) -> None:
    job = st.session_state.get(waiting.key)
    if job is None:  # cancelled: the rest of the page is told
        st.rerun()
    try:
        status = waiting.line().status(job)
    except SongloomError as error:
        st.session_state[waiting.key] = None
        note_problem(error)
        st.rerun()
    if status.ended:
        waiting._take_in(job)
        st.rerun()
    if status.state is State.QUEUED:
        words = t("compose.next") if status.position == 1 else t("compose.queued", place=status.position)
    with st.container(border=True, key=f"{waiting.stop}-progress"):
        bar(status.share if status.state is State.RUNNING else 0.0, words, waiting.stop, waiting._cancel, job)


def bar(share: float, words: str, key: str, stop: Callable[..., None], *arguments: Any) -> None:
    """How far something is, 0 to 1, and beside it the button `key` that calls `stop` with the arguments."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(share, words)
        st.button(t("compose.cancel"), key=key, icon=":material/close:", type="tertiary", on_click=stop, args=arguments)
