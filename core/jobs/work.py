"""The long pieces of work, as plain functions that can be pickled and sent to any runner."""

from __future__ import annotations

import threading

from core.engines import registry
from core.engines.protocol import Engine, Progress, Request, Take, no_progress

_engines: dict[str, Engine] = {}
_lock = threading.Lock()


def engine(id: str) -> Engine:
    """The engine of this process with an id, made once and shared by all threads.

    Raises:
        RequestError: there is no such engine.
    """
    with _lock:
        if id not in _engines:
            _engines[id] = registry.get(id)
        return _engines[id]


def compose(request: Request, *, progress: Progress = no_progress) -> tuple[Take, ...]:
    """Compose with the engine that the request names; see `core.engines.protocol.Engine.compose`."""
    return engine(request.engine).compose(request, progress)
