"""Runs the app with the fake engine: `python -m tests.serve PORT [streamlit options]`.

The registry is changed in this process before Streamlit starts, so the product has no hook for it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from streamlit.web import cli

from core.engines import registry
from core.engines.lstm.lines import work
from core.insight.badge import Badge
from core.jobs import local
from core.taste import shared
from tests.fakes import FakeArranger, FakeEngine, fake_lines
from ui.analyse import badges

APP = Path(__file__).parents[1] / "app.py"


def _nothing() -> None:
    """Prepares no worker."""


def _unchanged(_taste: shared.Shared) -> None:
    """Makes no community and starts no refit."""


def _no_badge(_score: object, _style: str = "", *, progress: object) -> Badge:
    """Says nothing of a take: its badges are tested alone."""
    return Badge()


def main(port: str, *options: str) -> None:
    # Learning takes minutes and belongs to the tests of taste; here likeness alone recommends.
    shared.Shared.welcome = shared.Shared.heed = _unchanged  # type: ignore[method-assign]
    shared.Shared.start_refit = _unchanged  # type: ignore[assignment, method-assign]
    badges.badge = _no_badge
    registry.ENGINES["lstm"] = lambda device: FakeEngine()
    registry.ARRANGERS["gan"] = FakeArranger
    work.suggest, work.languages = fake_lines, lambda: ("en", "zh")
    local.one_torch_thread = _nothing  # the fake engine needs no torch, and importing it takes seconds
    workers = os.environ.get("SONGLOOM_TEST_WORKERS")
    if workers:
        local.default_workers = lambda: int(workers)
    if os.environ.get("SONGLOOM_TEST_HOLD"):
        FakeEngine.hold.set()
    sys.argv = [
        "streamlit", "run", str(APP), "--server.port", port, "--server.headless", "true",
        "--server.address", "127.0.0.1", "--server.fileWatcherType", "none", *options,
    ]  # fmt: skip
    cli.main(prog_name="streamlit")


if __name__ == "__main__":
    main(*sys.argv[1:])
