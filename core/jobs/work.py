"""The long pieces of work, as plain functions that can be pickled and sent to any runner."""

from __future__ import annotations

from core.engines import registry
from core.engines.protocol import Progress, Request, Take, no_progress


def compose(request: Request, *, progress: Progress = no_progress) -> tuple[Take, ...]:
    """Compose with the engine that the request names; see `core.engines.protocol.Engine.compose`."""
    return registry.shared(request.engine).compose(request, progress)
