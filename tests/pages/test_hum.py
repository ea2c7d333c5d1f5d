"""A melody that is hummed or played, as a way to start on the Compose page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.audio.notes import HeardNote
from core.audio.transcribe import Melody
from core.errors import FormatError
from tests.audio.voices import melody, wav
from ui import hum
from ui.roll.history import History

FROG = (60, 62, 64, 65, 64, 62, 60)


def brought() -> hum.Brought:
    notes = tuple(HeardNote(0.25 + 0.5 * index, 0.75 + 0.5 * index, pitch, -10.0) for index, pitch in enumerate(FROG))
    return hum.Brought("frog.wav", wav(melody(FROG, [0.5] * 7)), Melody(notes, 0.0, 3.75))


def heard(app: AppTest) -> AppTest:
    app.session_state["c_from"] = "hum"
    one = brought()
    app.session_state["hum_heard"], app.session_state["hum_history"] = one, History(hum.written(one.melody))
    return app.run()


def test_the_empty_way_says_what_to_do_and_what_is_kept(app: AppTest) -> None:
    app.session_state["c_from"] = "hum"
    app.run()
    assert not app.exception
    assert any("Press the microphone" in info.value for info in app.info)
    assert any("Nothing recorded leaves this machine" in caption.value for caption in app.caption)
    app.button(key="compose").click().run()
    assert [error.value for error in app.error]


def test_what_was_heard_is_shown_and_composed_from(app: AppTest, finish: Callable[[AppTest], AppTest]) -> None:
    heard(app)
    assert not app.exception
    assert any("7 notes heard in frog" in caption.value for caption in app.caption)
    assert any("in C major" in caption.value for caption in app.caption)
    app.button(key="compose").click().run()
    finish(app)
    seed = app.session_state["batches"][-1][0].request.seed
    assert [note.pitch for note in seed.melody.notes] == list(FROG)


def test_a_metronome_and_a_metre_write_the_notes_anew(app: AppTest) -> None:
    heard(app)
    app.session_state["c_hum_beat"], app.session_state["c_hum_tempo"] = "metronome", 60
    app.selectbox(key="c_hum_metre").set_value("3/4").run()
    assert not app.exception
    score = app.session_state["hum_history"].present
    assert str(score.metres[0]) == "3/4"
    assert score.tempos[0].bpm == 60
    assert {note.duration for note in score.melody.notes[:-1]} == {240}
    assert app.session_state["hum_history"].past


def test_a_recording_is_heard_as_a_job_does() -> None:
    done = hum.listen_to(wav(melody(FROG, [0.5] * 7)), "frog.wav")
    assert [note.pitch for note in done.melody.notes] == list(FROG)
    with pytest.raises(FormatError, match="cannot be read"):
        hum.listen_to(b"no sound", "text.wav")


def test_other_ways_stay_as_they_are(app: AppTest) -> None:
    heard(app)
    app.session_state["c_from"] = "style"
    app.run()
    assert not app.exception
