"""What all sessions share: the store, the jobs and the engines."""

from __future__ import annotations

import streamlit as st

from core.engines.protocol import Engine
from core.jobs import LocalRunner, Runner, work
from core.store import Store


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


def engine(id: str = "lstm") -> Engine:
    """A generator by its id; it loads its weights when it first composes.

    Raises:
        RequestError: there is no such engine.
    """
    return work.engine(id)
