"""How far the sounds are that a page waits for: looked after at the foot of every page, and in what runs again alone."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.jobs import JobStatus, State
from ui import sound
from ui.shell import rerun, t
from ui.working import bar

POLL_SECONDS = 0.3
PATIENCE_SECONDS = 1.0
"""Work that takes longer shows how far it is, and can be stopped."""

_AT_THE_FOOT = """<style>[class*="st-key-sound-progress"] {
  position: fixed; bottom: 1rem; left: 50%; transform: translateX(-50%); z-index: 99; width: min(30rem, 92vw);
  padding: 0.75rem 1rem; border-radius: 12px; background: var(--st-secondary-background-color, Canvas);
  box-shadow: 0 2px 16px rgb(0 0 0 / 0.2);
}</style>"""


def watch() -> None:
    """Follow the sounds that this run of the page has begun; the page runs again when one is there."""
    shown = frozenset(slot for slot, _, _ in sound.waited_for())
    if shown:
        _watch(shown, "")


def watch_alone(slot: str) -> None:
    """The same for the sound at one place, begun while a part of the page runs again alone and its foot does not."""
    context = get_script_run_ctx()
    if context is not None and context.fragment_ids_this_run:
        _watch(frozenset((slot,)), f"-{slot}")


@st.fragment(run_every=POLL_SECONDS)
def _watch(shown: frozenset[str], by: str) -> None:
    """The page shows the places in `shown` as waiting, until it runs again.

    Streamlit can lose a fragment's wish for that, when its next turn is asked for at the same moment:
    so it is wished at every turn that finds one of them settled, not only at the one that settles it.
    """
    sound.settle()
    if not shown <= {slot for slot, _, _ in sound.waited_for()}:
        rerun()
    slow = [(slot, status) for slot, status, seconds in sound.waited_for() if seconds >= PATIENCE_SECONDS]
    if slow:
        _bar(slow, by)


def _bar(slow: list[tuple[str, JobStatus]], by: str) -> None:
    running = [status for _, status in slow if status.state is State.RUNNING]
    jobs = len({status.id for _, status in slow})
    with st.container(key=f"sound-progress{by}"):
        st.html(_AT_THE_FOOT)
        words = t("sound.making" if jobs == 1 else "sound.making_more", count=jobs)
        bar(running[0].share if running else 0.0, words, f"sound-stop{by}", _stop, [slot for slot, _ in slow])


def _stop(slots: list[str]) -> None:
    for slot in slots:
        sound.stop(slot)
