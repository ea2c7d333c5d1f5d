"""The page on which a band plays, with a band that is quick."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.corpora.band_styles import BACKING, BANDS
from core.score import ChordSymbol, Key, Metre, Note, Score, Track
from core.score.files import read_score
from core.score.stamp import STAMP
from tests.analysis.test_sections import tune
from tests.fakes import FakeArranger
from tests.pages.conftest import APP
from ui import services
from ui.arrange import work
from ui.arrange.state import Arranged
from ui.identity import _KEY as KEY
from ui.texts import text

SONG = replace(tune("a4", "a4", "b4"), keys=(Key(0, 0),), chords=(ChordSymbol(0, 0), ChordSymbol(1920, 7)))


def opened(score: Score | None = SONG, name: str = "mine.mid") -> AppTest:
    """The page, with a file's music as its piece."""
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.switch_page("pages/arrange.py")
    if score is not None:
        app.session_state["pieces_brought"] = {"0" * 16: (name, score)}
        app.session_state["shape_piece"] = "file:" + "0" * 16
    return settled(app.run())


def settled(app: AppTest) -> AppTest:
    """After the band's work, where some is under way."""
    if work.WORK.key in app.session_state and app.session_state[work.WORK.key] is not None:
        services.runner().wait(app.session_state[work.WORK.key], 30)
        app.run()
    assert not app.exception
    return app


def click(app: AppTest, key: str) -> AppTest:
    return settled(app.button(key=key).click().run())


def now(app: AppTest) -> Arranged:
    found: Arranged = app.session_state["arranged"][-1]
    return found


def notes(app: AppTest) -> dict[str, tuple[Note, ...]]:
    return {track.name: track.notes for track in now(app).score.tracks}


def view(app: AppTest, name: str) -> AppTest:
    app.session_state[f"arrange-tabs-{now(app).id}"] = text("en", f"arrange.tab_{name}")
    return settled(app.run())


@pytest.fixture
def played() -> AppTest:
    return click(opened(), "band-rock")


def test_without_a_piece_the_page_says_what_to_do() -> None:
    assert text("en", "arrange.empty") in [markdown.value for markdown in opened(None).markdown]


def test_one_click_has_a_band_play(played: AppTest) -> None:
    one = now(played)
    assert one.title == "mine.mid · Rock band"
    assert [track.name for track in one.score.tracks] == ["melody", *BACKING]
    assert one.score.tracks[0].notes == SONG.tracks[0].notes
    assert [section.letter for section in one.sections] == ["A", "A", "B"]
    assert not played.error
    (facts,) = (json.loads(words.removeprefix(STAMP)) for words in one.score.texts if words.startswith(STAMP))
    assert facts["request"]["style"] == "rock"
    assert facts["weights"] == "fake0000"


def test_the_mixer_changes_the_sound_and_not_the_notes(played: AppTest) -> None:
    before = notes(played)
    id = now(played).id
    played.slider(key=f"mix-{id}-bass-volume").set_value(30).run()
    played.slider(key=f"mix-{id}-bass-pan").set_value(-20).run()
    played.selectbox(key=f"mix-{id}-bass-program").set_value(38).run()
    played.toggle(key=f"mix-{id}-drums-mute").set_value(True).run()
    bass, drums = now(played).score.tracks[3:]
    assert (bass.volume, bass.pan, bass.program, drums.muted) == (30, 44, 38, True)
    assert notes(played) == before
    played.toggle(key=f"mix-{id}-melody-solo").set_value(True).run()
    assert [track.name for track in now(played).present.heard.tracks if not track.muted] == ["melody"]
    assert not now(played).score.tracks[1].muted
    for _ in range(5):
        click(played, "arrange-undo")
    assert now(played).score.tracks[3].volume != 30
    assert played.toggle(key=f"mix-{id}-melody-solo").value is False
    click(played, "arrange-redo")
    assert played.slider(key=f"mix-{id}-bass-volume").value == 30


def test_another_one_for_one_track_keeps_the_others_and_the_mixer(played: AppTest) -> None:
    id = now(played).id
    played.slider(key=f"mix-{id}-bass-volume").set_value(30).run()
    before = notes(played)
    click(played, "again-bass")
    after = notes(played)
    assert after["bass"] != before["bass"]
    assert {name for name in after if after[name] != before[name]} == {"bass"}
    assert now(played).score.tracks[3].volume == 30
    click(played, "arrange-undo")
    assert notes(played) == before


def test_a_section_and_a_bar_with_another_chord_are_played_anew_alone(played: AppTest) -> None:
    view(played, "chords")
    played.segmented_control[-1].set_value(1).run()
    before = notes(played)
    click(played, "again-section")
    after = notes(played)
    changed = {note.start // 1920 for name in after for note in set(after[name]) ^ set(before[name])}
    assert changed
    assert changed <= {4, 5, 6, 7}
    settled(played.text_input(key=f"chord-{now(played).id}-5").set_value("F Dm7").run())
    later = notes(played)
    assert [chord.text() for chord in now(played).score.chords] == ["C", "G", "F", "Dm7", "G"]
    changed = {note.start // 1920 for name in later for note in set(later[name]) ^ set(after[name])}
    assert changed == {5}
    played.text_input(key=f"chord-{now(played).id}-5").set_value("H<script>").run()
    assert any("A chord is written like" in error.value for error in played.error)
    assert notes(played) == later


def test_several_takes_stay_and_each_can_be_kept(played: AppTest) -> None:
    played.session_state["arrange-bands"] = True
    played.run()
    click(played, "band-jazz")
    assert [one.request.band for one in played.session_state["arranged"]] == ["rock", "jazz"]
    played.selectbox(key="arrange_take").set_value(played.session_state["arranged"][0].id).run()
    click(played, "arrange-keep")
    (record,) = services.store().takes(str(played.session_state[KEY]))
    assert (record.style, record.engine, record.weights) == ("rock", "gan", "fake0000")
    stored = read_score(record.midi, "kept.mid")
    assert [track.name for track in stored.tracks] == ["melody", *BACKING]
    assert [track.is_drum for track in stored.tracks] == [False] * 4 + [True]
    played.switch_page("pages/take.py")
    played.query_params["id"] = record.id
    assert not played.run().exception
    played.switch_page("pages/library.py")
    assert not played.run().exception
    click(played, f"arrange-take-{record.id}")  # what a band played can be arranged again
    assert not played.error


@pytest.mark.parametrize("name", ["chords", "tracks", "notation"])
def test_every_view_opens(played: AppTest, name: str) -> None:
    assert not view(played, name).error


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "drums alone": ({"tracks": (Track((Note(0, 36, 240),), is_drum=True),)}, "MIDI channel 10"),
    "changing metre": ({"metres": (Metre(0, 4, 4), Metre(1920 * 4, 3, 4))}, "changes between"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_no_band_plays_is_said_and_the_page_stays(what: str) -> None:
    changes, words = REFUSED[what]
    app = click(opened(replace(SONG, **changes)), "band-rock")
    assert any(words in error.value for error in app.error)
    assert not app.session_state["arranged"]


def test_bands_that_do_not_play_the_metre_say_so() -> None:
    app = opened(replace(SONG, metres=(Metre(0, 5, 4),)))
    assert all(app.button(key=f"band-{band.id}").disabled for band in BANDS)
    assert any("5/4" in caption.value for caption in app.caption)


def test_only_free_bands_are_offered_for_commercial_use() -> None:
    app = opened()
    app.toggle(key="c_free").set_value(True).run()
    assert "band-latin" not in [button.key for button in app.button]


def test_the_band_can_be_stopped() -> None:
    FakeArranger.hold.set()
    try:
        app = opened()
        app.button(key="band-rock").click().run()
        assert app.session_state[work.WORK.key] is not None
        app.button(key="arrange-stop").click().run()
        assert app.session_state[work.WORK.key] is None
        assert not app.session_state["arranged"]
    finally:
        FakeArranger.hold.clear()


def test_the_page_speaks_chinese() -> None:
    app = opened()
    app.session_state["_language"] = "zh"
    click(app.run(), "band-folk")
    assert now(app).title == "mine.mid · 民谣乐队"
