"""The band at work: from the page's wishes to an arrangement, or to a part or some bars of one played anew."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.corpora.band_styles import BY_ID
from core.engines.arranged import arrange
from core.engines.arranging import Arrangement, ArrangeRequest
from core.engines.arranging_mix import mixed
from core.errors import SongloomError
from core.score import Score
from ui import composing
from ui.arrange import state
from ui.arrange.state import Played
from ui.names import name_of
from ui.shell import language, note_problem, t
from ui.working import Waiting

INTENSITY, HUMANISE, FREE = "arrange_intensity", "arrange_humanise", "c_free"
"""Keys of the page's choices; the last one is shared with the Compose page."""

_FOR, _TITLE, _ASKED = "arrange_for", "arrange_title", "arrange_asked"


def play(score: Score, title: str, band: str) -> None:
    """Have a band play a piece; for a button's `on_click`."""
    request = ArrangeRequest(
        score,
        band,
        intensity=st.session_state.get(INTENSITY, 50) / 100,
        humanise=bool(st.session_state.get(HUMANISE, True)),
        random_seed=composing.new_random_seed(),
        free_only=bool(st.session_state.get(FREE)),
    )
    _start(request, None, title)


def again(id: str, parts: tuple[str, ...] = (), bars: tuple[int, int] | None = None, piece: Score | None = None) -> None:
    """Have parts (() for all) or bars (None for all) of an arrangement played anew, `piece` with other chords."""
    one = state.find(id)
    if one is None:
        return
    request = replace(
        one.request, score=piece or one.piece, kept=one.score, parts=parts, bars=bars, random_seed=composing.new_random_seed()
    )
    _start(request, id, one.title)


def _start(request: ArrangeRequest, target: str | None, title: str) -> None:
    if WORK.is_on:
        return
    st.session_state[_FOR], st.session_state[_TITLE], st.session_state[_ASKED] = target, title, True
    try:
        WORK.start(arrange, request, len(state.everything()) + 1)
    except SongloomError as error:
        note_problem(error)


def _done(made: Arrangement) -> None:
    target, title = st.session_state.get(_FOR), st.session_state.get(_TITLE, "")
    if target is None:
        band = name_of(BY_ID[made.request.band].style, language())
        name = f"{title} · {band}"
        state.add(name, made.request, made.weights, made.seconds, replace(made.score, title=name))
        return

    def played(now: Played) -> Played:
        # The mixer may have been moved while the band played.
        return Played(mixed(replace(made.score, title=now.score.title), made.request.band, now.score), now.solo)

    state.push(target, played)


def _cancelled() -> None:
    st.session_state["said"] = "compose.cancelled"


WORK = Waiting("arrange_job", "arrange-stop", _done, _cancelled, patience=0.9)


def was_asked() -> bool:
    """Whether work was begun since the last call: the whole page is to be drawn then, with its bar."""
    return bool(st.session_state.pop(_ASKED, False)) and WORK.is_on


def watch() -> None:
    """Show the work in progress with a way to stop it."""
    WORK.watch(t("arrange.playing"))


