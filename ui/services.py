"""What all sessions share: the store, the jobs and the engines."""

from __future__ import annotations

import gc
import logging
import os
import threading

import streamlit as st

from core.audio import synth
from core.audio.export import PLAYER, render_bytes
from core.audio.kept import KeptSounds
from core.audio.soundfonts import default_soundfont
from core.engines import registry
from core.engines.arranging import Arranger
from core.engines.protocol import Engine
from core.errors import SongloomError
from core.jobs import LocalRunner, Runner
from core.score import Note, Score, Track
from core.store import Store
from core.taste.service import Taste

_log = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The store of this server.

    Raises:
        StoreError: it cannot be opened; the next call tries again.
    """
    return Store()


@st.cache_resource(show_spinner=False)
def runner() -> Runner:
    """The jobs of this server."""
    return LocalRunner()


@st.cache_resource(show_spinner=False)
def taste() -> Taste:
    """What is known of taste on this server.

    Raises:
        StoreError: the store cannot be opened.
    """
    return Taste(store(), refits())


@st.cache_resource(show_spinner=False)
def refits() -> Runner:
    """A line for learning taste anew: that takes minutes, and nobody's composing may wait behind it."""
    return LocalRunner(1, prepare=lambda: None)


@st.cache_resource(show_spinner=False)
def judges() -> Runner:
    """A line for looking at takes that are there already: nothing waits for it."""
    return LocalRunner(1, limit=128, per_owner=48, keep_seconds=600)


@st.cache_resource(show_spinner=False)
def writers() -> Runner:
    """A line for next lines of lyrics: an address that answers slowly may hold up nobody's composing."""
    return LocalRunner(2)


@st.cache_resource(show_spinner=False)
def sounds() -> Runner:
    """The jobs that make sound: a line of their own, so that a long piece holds up nobody's composing."""
    workers = max(1, (os.cpu_count() or 2) // synth.LANES)
    return LocalRunner(workers, limit=128, per_owner=24, keep_seconds=120, prepare=lambda: None)


@st.cache_resource(show_spinner=False)
def kept_sounds() -> KeptSounds:
    """Sound that was made lately, for all sessions."""
    return KeptSounds()


def arranger() -> Arranger:
    """What has bands play; it loads its weights when it first does."""
    return registry.shared_arranger()


def engine(id: str = "lstm") -> Engine:
    """A generator by its id; it loads its weights when it first composes.

    Raises:
        RequestError: there is no such engine.
    """
    return registry.shared(id)


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Once a server, while the first page is being looked at: load what the first take would wait for."""
    runner()
    sounds()
    threading.Thread(target=_load, name="songloom-warm-up", daemon=True).start()


def _load() -> None:
    try:
        taste().warm_up()
        engine().styles()
        # One note through the whole chain: the soundfont is loaded, and the libraries behind it.
        render_bytes(Score((Track((Note(0, 60, 120),)),)), PLAYER, default_soundfont())
    except SongloomError as error:
        _log.warning("not ready: %s", error)  # the pages say so where it is needed
    # Streamlit collects garbage after every run of a script, with all other threads waiting: 0.4 s
    # with torch and plotly loaded, several times a second while progress is shown. What is loaded
    # by now stays, so it need not be looked through again and again; then it takes microseconds.
    gc.collect()
    gc.freeze()
