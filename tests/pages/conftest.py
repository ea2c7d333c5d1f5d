"""Pages run in this process, with the fake engine, a store of their own and no other session's jobs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.audio import export
from core.engines import registry
from core.engines.lstm.lines import work
from core.insight.badge import Badge
from core.jobs import local
from core.taste import shared
from tests.fakes import FakeArranger, FakeEngine, fake_lines
from ui import services, shell
from ui.analyse import badges

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(autouse=True)
def songloom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # AppTest puts the app in place of `__main__`; processes that later tests spawn would each load all of it.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path))
    monkeypatch.delenv("SONGLOOM_DB", raising=False)
    monkeypatch.setitem(registry._shared, "lstm", FakeEngine())
    monkeypatch.setitem(registry._shared_arrangers, "gan", FakeArranger())
    monkeypatch.setattr(work, "suggest", fake_lines)
    monkeypatch.setattr(work, "languages", lambda: ("en", "zh"))
    # Rendering is tested with the sound; here a page only needs to get some.
    monkeypatch.setattr(local, "one_torch_thread", lambda: None)
    monkeypatch.setattr(shell, "warm_up", lambda: None)
    for name in ("welcome", "heed", "start_refit"):  # learning takes minutes; here likeness alone recommends
        monkeypatch.setattr(shared.Shared, name, lambda self: None)
    monkeypatch.setattr(export, "render_bytes", lambda score, form, soundfont, progress=None: b"sound")
    monkeypatch.setattr(badges, "badge", lambda score, style="", *, progress: Badge())
    st.cache_resource.clear()
    yield
    services.runner().close()  # type: ignore[attr-defined]
    services.sounds().close()  # type: ignore[attr-defined]
    services.writers().close()  # type: ignore[attr-defined]
    services.refits().close()  # type: ignore[attr-defined]
    services.judges().close()  # type: ignore[attr-defined]
    services.store().close()
    st.cache_resource.clear()


@pytest.fixture
def app() -> AppTest:
    """The app on its first page, run once."""
    return AppTest.from_file(str(APP), default_timeout=30).run()


@pytest.fixture
def finish() -> Callable[[AppTest], AppTest]:
    """`finish(app)` waits for the jobs of the session and runs the page, as its progress bars do."""

    def wait(app: AppTest) -> AppTest:
        job = app.session_state["job"]
        if job is not None:  # else it was done before the page had run to its end
            services.runner().wait(job, 30)
            app.run()
        wanted = tuple(app.session_state["sound_work"].values()) if "sound_work" in app.session_state else ()
        if not wanted:
            return app
        for sound in wanted:
            services.sounds().wait(sound.job, 30)
        if "_problem_shown" in app.session_state:
            app.session_state["_problem"] = app.session_state["_problem_shown"]
        return app.run()

    return wait
