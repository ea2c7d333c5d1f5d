"""The long pieces of work, as plain functions that can be pickled and sent to any runner."""

from __future__ import annotations

from core.engines.protocol import Progress, Request, Take, no_progress
from core.engines.registry import engine


def compose(request: Request, *, progress: Progress = no_progress) -> tuple[Take, ...]:
    """Compose with the engine that the request names; see `core.engines.protocol.Engine.compose`."""
    return engine(request.engine).compose(request, progress)
