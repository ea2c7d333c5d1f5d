"""The Compose page, from the empty state to takes, and what it does with bad input."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.audio import export
from core.corpora.styles import STYLES
from core.errors import SoundMissingError, StoreError
from core.insight.quality import quality
from core.score import Track
from tests.fakes import NOT_FREE, melody
from ui import services
from ui.files import to_midi

Finish = Callable[[AppTest], AppTest]


def composed(app: AppTest, finish: Finish) -> AppTest:
    app.button(key="compose").click().run()
    return finish(app)


def cards(app: AppTest) -> list[str]:
    return [shown.id for shown in app.session_state["batches"][-1]]


def rolls(app: AppTest) -> int:
    return len(app.get("bidi_component"))


def test_the_empty_page_invites_with_every_style(app: AppTest) -> None:
    assert not app.exception
    assert [header.value for header in app.header] == ["What will you hear first?"]
    assert all(app.button(key=f"try-{style.id}") for style in STYLES)


def test_compose_gives_four_takes_that_can_be_opened_again(app: AppTest, finish: Finish) -> None:
    composed(app, finish)
    assert not app.exception
    assert len(cards(app)) == 4
    assert all(app.button(key=f"keep-{id}") for id in cards(app))
    stored = [services.store().take(id) for id in cards(app)]
    assert sorted(take.title for take in stored) == [f"Irish jig {number}" for number in range(1, 5)]
    found = [quality(shown.score, "irish-jig").logit for shown in app.session_state["batches"][-1]]
    assert found == sorted(found, reverse=True)  # the best comes first
    assert stored[0].request["style"] == "irish-jig"
    assert not any(take.kept for take in stored)


def test_a_card_of_the_gallery_composes_in_its_style(app: AppTest, finish: Finish) -> None:
    app.button(key="try-waltz").click().run()
    finish(app)
    assert {shown.record.style for shown in app.session_state["batches"][-1]} == {"waltz"}
    assert app.selectbox(key="c_style").value == "waltz"


def test_what_is_asked_for_reaches_the_engine(app: AppTest, finish: Finish) -> None:
    app.selectbox(key="c_style").set_value("hymn")
    app.selectbox(key="c_tonic").set_value(7)
    app.selectbox(key="c_bars").set_value(8).run()
    app.selectbox(key="c_mode").set_value("minor")
    app.selectbox(key="c_metre").set_value("3/4")
    app.number_input(key="c_tempo").set_value(72)
    app.slider(key="c_takes").set_value(2)
    app.number_input(key="c_seed").set_value(5)
    app.selectbox(key="c_program").set_value(40)
    app.selectbox(key="c_style2").set_value("waltz")
    app.toggle(key="c_own_range").set_value(True).run()
    app.slider(key="c_mix").set_value(0.4)
    composed(app, finish)
    batch = app.session_state["batches"][-1]
    assert len(batch) == 2
    request = batch[0].request
    assert (request.tonic, request.mode, str(request.metre), request.tempo) == (7, "minor", "3/4", 72)
    assert (request.bars, request.random_seed, request.program, request.style2, request.mix) == (8, 5, 40, "waltz", 0.4)
    assert request.pitch_range == (57, 79)
    assert batch[0].score.key.name == "G minor"


def test_only_metres_and_modes_of_the_style_are_offered(app: AppTest) -> None:
    app.selectbox(key="c_metre").set_value("6/8").run()
    app.selectbox(key="c_style").set_value("waltz").run()
    assert app.selectbox(key="c_metre").options == ["As usual", "3/4"]
    assert app.selectbox(key="c_metre").value == ""
    assert app.selectbox(key="c_mode").options == ["As usual", "major", "minor"]


def test_the_switch_for_free_music_takes_styles_away(app: AppTest) -> None:
    before = set(app.selectbox(key="c_style").options)
    app.toggle(key="c_free").set_value(True).run()
    after = set(app.selectbox(key="c_style").options)
    assert len(before - after) == len(NOT_FREE)
    assert any("any use" in caption.value for caption in app.caption)


def test_settings_survive_a_change_of_page(app: AppTest) -> None:
    app.selectbox(key="c_style").set_value("hornpipe")
    app.slider(key="c_temperature").set_value(1.3)
    app.selectbox(key="c_bars").set_value(32).run()
    app.switch_page("pages/about.py").run()
    app.switch_page("pages/compose.py").run()
    assert app.selectbox(key="c_style").value == "hornpipe"
    assert app.slider(key="c_temperature").value == 1.3
    assert app.selectbox(key="c_bars").value == 32


def test_abc_is_a_seed_and_nonsense_keeps_the_page(app: AppTest, finish: Finish) -> None:
    app.session_state["c_from"] = "abc"
    app.run()
    assert not app.error
    composed(app, finish)
    request = app.session_state["batches"][-1][0].request
    assert request.how == "continue"
    assert request.seed.note_count == 12
    takes = cards(app)
    app.text_area(key="c_abc").set_value("this is \x00 no tune [[[").run()
    assert app.error
    assert not app.exception
    assert cards(app) == takes


def test_a_melody_announced_and_not_brought_is_asked_for(app: AppTest) -> None:
    app.session_state["c_from"] = "draw"
    app.run()
    app.button(key="compose").click().run()
    assert "A melody to start from is needed" in app.error[0].value
    assert "job" not in app.session_state


BROKEN = {
    "empty.mid": b"",
    "noise.mid": bytes(range(256)) * 40,
    "cut.mid": b"MThd\0\0\0\6\0\0",
    "bomb.mxl": b"PK\3\4",
    "tune.abc": b"\xff\xfe nonsense",
    "score.musicxml": b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><score-partwise>&y;</score-partwise>",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_upload_says_so_and_keeps_what_was_there(app: AppTest, finish: Finish, name: str) -> None:
    composed(app, finish)
    takes = cards(app)
    app.session_state["c_from"] = "upload"
    app.run()
    app.file_uploader(key="seed_file").set_value((name, BROKEN[name], "application/octet-stream")).run()
    assert not app.exception
    assert len(app.error) == 1
    assert cards(app) == takes


def test_an_upload_offers_its_parts_and_bars(app: AppTest, finish: Finish) -> None:
    upload = replace(melody(), tracks=(Track(name="Drums", is_drum=True, notes=melody().melody.notes), melody().melody))
    app.session_state["c_from"] = "upload"
    app.run()
    app.file_uploader(key="seed_file").set_value(("tune.mid", to_midi(upload), "audio/midi")).run()
    assert not app.error
    assert app.selectbox(key="c_seed_part").options == ["2. Melody, 48 notes"]
    app.slider(key="c_seed_bars").set_value((3, 4)).run()
    composed(app, finish)
    seed = app.session_state["batches"][-1][0].request.seed
    assert seed.note_count == 12
    assert seed.melody.notes[0].pitch == melody().melody.notes[12].pitch


def test_composing_does_not_wait_for_taste_to_be_learned(app: AppTest, finish: Finish) -> None:
    learned = threading.Event()

    def learn(*, progress: Callable[[int, int], None]) -> None:
        learned.wait(60)

    line = services.taste()._runner
    assert line is not None
    assert line is not services.runner()
    line.submit("taste", learn)
    composed(app, finish)
    assert app.session_state["batches"]
    learned.set()


def test_going_on_starts_from_a_take(app: AppTest, finish: Finish) -> None:
    composed(app, finish)
    first = app.session_state["batches"][-1][0]
    app.button(key=f"continue-{first.id}").click().run()
    finish(app)
    going_on = app.session_state["batches"][-1][0]
    assert going_on.record.new_from == first.score.length
    assert going_on.score.tracks[0].notes[: first.score.note_count] == first.score.tracks[0].notes
    assert len(app.session_state["batches"]) == 2


def test_a_store_that_refuses_leaves_the_takes_on_the_page(app: AppTest, finish: Finish, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_takes):
        raise StoreError("Songloom keeps your music in the data base x", "the disk is full", "Free some space, then try again")

    with monkeypatch.context() as patch:
        patch.setattr(services.store(), "add", refuse)
        composed(app, finish)
    assert "disk is full" in app.error[0].value
    assert len(cards(app)) == 4
    lost = app.session_state["batches"][-1][0]
    app.button(key=f"keep-{lost.id}").click().run()
    assert not app.exception
    assert services.store().takes(app.session_state["_listener"])[0].title == lost.record.title


def test_no_weights_is_a_message(monkeypatch: pytest.MonkeyPatch, app: AppTest) -> None:
    monkeypatch.setattr(services.engine(), "styles", lambda free_only=False: [])
    app.run()
    assert not app.exception
    assert "assets/models" in app.error[0].value.replace("\\", "")


def test_no_synthesizer_is_a_message_in_place_of_the_player(
    app: AppTest, finish: Finish, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(score, form, soundfont, progress) -> bytes:
        raise SoundMissingError("FluidSynth makes the sound", "it is not installed", "Install it: apt install libfluidsynth3")

    monkeypatch.setattr(export, "render_bytes", missing)
    composed(app, finish)
    assert not app.exception
    assert rolls(app) >= 4
    assert sum("apt install" in caption.value for caption in app.caption) == 4


def test_a_style_without_a_tune_in_the_catalogue_has_an_example_written_by_songloom(app: AppTest) -> None:
    missing = "pop"
    app.selectbox(key="c_style").set_value(missing).run()
    app.session_state[f"example-{missing}"] = True
    app.run()
    assert not app.exception
    assert any("Written by Songloom" in caption.value for caption in app.caption)
    assert rolls(app) >= 1
