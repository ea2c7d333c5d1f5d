"""Recordings registered and known again on the page that analyses."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from core.audio.notes import HeardNote
from core.audio.recording import RATE
from core.audio.transcribe import Melody
from core.engines.protocol import Progress
from core.insight.report import Report, analyse
from core.rights import library
from core.rights.melody_index import MelodyIndex
from tests.analysis.test_sections import tune as melody
from tests.pages.conftest import APP
from tests.rights.make import small_library
from tests.rights.test_recordings import mp3, tune
from ui import hum, services
from ui.analyse import known, reports
from ui.plain import plain
from ui.texts import text


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hearing the notes takes seconds and is tested with the audio."""

    def analysed(data: bytes, name: str, *, own: MelodyIndex, progress: Progress) -> Report:
        return analyse(melody("A4", "B4"), name=name, data=data, own=own, progress=progress)

    kept = small_library()
    monkeypatch.setattr(library, "shared", lambda: kept)
    monkeypatch.setattr(reports, "analyse_file", analysed)


def brought(app: AppTest, data: bytes, name: str) -> AppTest:
    """The page with a recording, its last tab open."""
    app.session_state["analyse_sounds"] = {name: (name, data)}
    app.session_state["analyse_piece"] = f"sound:{name}"
    app.session_state["analyse_tabs"] = text("en", "analyse.tab_sound")
    app.run()
    return waited(app, reports.WORK.key)


def waited(app: AppTest, key: str) -> AppTest:
    if key in app.session_state and app.session_state[key] is not None:
        services.runner().wait(app.session_state[key], 60)
        app.run()
    return app


def pressed(app: AppTest, button: str = "known-look") -> AppTest:
    app.button(key=button).click().run()
    return waited(app, known.WORK.key)


def test_a_recording_is_registered_known_in_a_cut_and_forgotten() -> None:
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/analyse.py")
    song = tune(1)
    brought(app, mp3(song), "song.mp3")
    assert "known-look" not in [button.key for button in app.button]  # there is nothing yet that it could be
    pressed(app, "known-register")
    assert [said.value for said in app.success] == [text("en", "known.is", title=plain("song.mp3"), seconds="0.0")]

    pressed(brought(app, mp3(song[5 * RATE : 15 * RATE]), "cut.mp3"))
    assert not app.exception
    (found,) = [said.value for said in app.success]
    assert found.removeprefix(f"This is “{plain('song.mp3')}”, from ")[:3] in ("4.9", "5.0", "5.1")

    pressed(brought(app, mp3(tune(2)), "other.mp3"))
    assert not app.success
    assert text("en", "known.none") in [said.value for said in app.info]
    assert app.button(key="known-register")

    (own,) = services.store().recordings.of(app.session_state["_listener"])
    app.button(key=f"known-remove-{own.id}").click().run()
    assert services.store().recordings.of(app.session_state["_listener"]) == ()


def test_silence_is_an_error_in_words() -> None:
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/analyse.py")
    pressed(brought(app, mp3(0 * tune(1)), "nothing.mp3"), "known-register")
    assert not app.exception
    assert app.error
    assert app.button(key="known-register")


def test_its_notes_are_corrected_on_the_roll_of_hum_or_play(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = hum.Brought("song.mp3", mp3(tune(1)), Melody((HeardNote(0.25, 0.75, 60, -10.0),), 0.0, 1.0))

    def listen_to(data: bytes, name: str, *, progress: Progress) -> hum.Brought:
        return heard

    monkeypatch.setattr(hum, "listen_to", listen_to)
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/analyse.py")
    brought(app, heard.data, "song.mp3")
    app.button(key="analyse-as-seed").click().run()
    waited(app, hum.WORK.key)
    assert not app.exception
    assert app.session_state["c_from"] == "hum"
    assert [note.pitch for note in app.session_state["hum_history"].present.melody.notes] == [60]
