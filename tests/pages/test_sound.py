"""Sound on a page: made by jobs, followed, stopped, asked for again, shared between places."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.audio import export
from core.errors import SoundMissingError
from core.score import Score
from tests.fakes import melody
from ui import services, sound, sound_progress

WAIT = 10.0


class Render:
    """Stands for `render_bytes`: each call goes on only when it is let through, and can be cancelled."""

    def __init__(self) -> None:
        self.calls, self.open, self.started = 0, threading.Event(), threading.Event()

    def __call__(self, score: Score, form: str, soundfont, progress) -> bytes:
        self.calls += 1
        self.started.set()
        while not self.open.wait(0.01):
            progress(30, 100)
        progress(100, 100)
        return f"{form} {score.note_count}".encode()


@pytest.fixture
def render(monkeypatch: pytest.MonkeyPatch) -> Iterator[Render]:
    held = Render()
    monkeypatch.setattr(export, "render_bytes", held)
    monkeypatch.setattr(sound, "listener", lambda: "me" * 16)
    monkeypatch.setattr(sound_progress, "PATIENCE_SECONDS", 0.0)
    yield held
    held.open.set()


def two_players() -> None:
    """Two places of a page, the same music in both unless `bars` says otherwise for the second."""
    import streamlit as st

    from core.score.edits import transpose
    from tests.fakes import melody
    from ui import player, sound_progress

    player.show(melody(), key="one", title="One")
    player.show(transpose(melody(), st.session_state.get("up", 0)), key="two", title="Two")
    sound_progress.watch()


def page() -> AppTest:
    return AppTest.from_function(two_players, default_timeout=30)


def ended(app: AppTest) -> None:
    for work in tuple(app.session_state["sound_work"].values()):
        services.sounds().wait(work.job, WAIT)


def test_equal_music_is_made_once_and_is_there_when_it_is_done(render: Render) -> None:
    app = page().run()
    assert not app.exception
    assert len(app.session_state["sound_work"]) == 2
    render.open.set()
    ended(app)
    app.run()
    assert render.calls == 1
    assert app.session_state["sound_work"] == {}
    assert page().run().session_state["sound_work"] == {}
    assert render.calls == 1


def test_a_wish_to_run_again_that_was_lost_is_wished_again(monkeypatch: pytest.MonkeyPatch, render: Render) -> None:
    wishes: list[str] = []
    monkeypatch.setattr(sound_progress, "rerun", lambda: wishes.append("run"))

    def turns() -> None:
        from ui import sound_progress

        for _ in range(2):
            sound_progress._watch(frozenset({"a place whose sound came at an earlier turn"}), "")

    assert not AppTest.from_function(turns, default_timeout=30).run().exception
    assert wishes == ["run", "run"]


def test_long_work_can_be_stopped_and_asked_for_again(render: Render) -> None:
    app = page().run()
    assert render.started.wait(WAIT)
    app.run()
    job = app.session_state["sound_work"]["one"].job
    app.button(key="sound-stop").click().run()
    assert services.sounds().wait(job, WAIT).state == "cancelled"
    app.run()
    assert not app.exception
    render.open.set()
    app.button(key="one-again").click().run()
    ended(app)
    app.run()
    assert render.calls == 2
    assert "one" not in app.session_state["sound_work"]


def test_work_on_music_that_was_edited_meanwhile_is_stopped(render: Render) -> None:
    app = page().run()
    assert render.started.wait(WAIT)
    shared = app.session_state["sound_work"]["one"].job
    app.session_state["up"] = 2
    app.run()
    edited = app.session_state["sound_work"]["two"].job
    assert edited != shared
    assert not services.sounds().status(shared).ended  # the first place still waits for it
    app.session_state["up"] = 3
    app.run()
    assert services.sounds().wait(edited, WAIT).state == "cancelled"
    render.open.set()
    ended(app)
    app.run()
    assert app.session_state["sound_work"] == {}


def test_what_goes_wrong_is_said_and_not_tried_forever(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(score, form, soundfont, progress) -> bytes:
        render.calls += 1
        raise SoundMissingError("Sound needs FluidSynth", "it is gone", "Install it")

    monkeypatch.setattr(export, "render_bytes", missing)
    app = page().run()
    ended(app)
    app.run()
    app.run()
    assert sum("Install it" in caption.value for caption in app.caption) == 2
    assert render.calls <= 2


def test_a_long_file_is_made_by_a_job(render: Render, monkeypatch: pytest.MonkeyPatch) -> None:
    def files() -> None:
        from tests.fakes import melody
        from ui import downloads

        downloads._sound(melody(), "mp3", "tune.mp3", "x")

    monkeypatch.setattr(sound, "SHORT_S", 1.0)
    app = AppTest.from_function(files, default_timeout=30).run()
    assert render.calls == 0
    app.button(key="download-x-mp3-make").click().run()
    assert render.started.wait(WAIT)
    render.open.set()
    ended(app)
    app.run()
    assert not app.exception
    assert app.get("download_button")
    assert sound.is_kept(melody(), "mp3")
