"""The page "My taste": the first visit, the shelves, what is kept and how it goes."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import soundfile
import streamlit as st
from streamlit.testing.v1 import AppTest

from core.errors import LimitError
from core.score.files import MAX_BYTES
from core.taste import shared
from tests.pages.conftest import APP
from tests.taste.small import of_style, small_table
from ui import catalogue, services
from ui.files import to_midi
from ui.taste import acts, own_data, recording
from ui.texts.en import EN
from ui.tunes import Op

ME = "me" * 16


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "catalogue_features", small_table)


def open_page(tab: str = "", listener: str = ME, **state: Any) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["_listener"] = listener
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    app.switch_page("pages/taste.py").run()
    if tab:
        app.session_state["taste_tabs"] = EN[f"taste.tab_{tab}"]
        app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> dict[str, list[dict[str, Any]]]:
    """Shelf id to its cards, of every list of pieces on the page."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part in app.get("bidi_component"):
        data = json.loads(part.proto.json or "null")
        for shelf in (data or {}).get("shelves", ()):
            found[shelf["id"]] = shelf["cards"]
    return found


def loves_jigs(listener: str = ME) -> list[str]:
    jigs = of_style("irish-jig")[:4]
    for item in jigs:
        services.store().listening.rate(listener, item, 5.0)
    return jigs


def test_the_first_visit_asks_until_the_shelves_come() -> None:
    app = open_page()
    asked = []
    for _ in range(5):
        (card,) = shown(app)["visit"]
        asked.append(card["id"])
        assert card["path"]
        services.store().listening.rate(ME, card["id"], 4.0)
        app.run()
    assert len(set(asked)) == 5
    assert len(shown(app)["for-you"]) > 3
    assert not {card["id"] for card in shown(app)["for-you"]} & set(asked)


def test_the_first_visit_can_be_passed_over_and_skipped() -> None:
    app = open_page()
    first = shown(app)["visit"][0]["id"]
    app.button(key="taste-visit-pass").click().run()
    assert shown(app)["visit"][0]["id"] != first
    app.button(key="taste-visit-skip").click().run()
    assert "for-you" in shown(app)


def test_cards_say_why_and_what_can_be_done() -> None:
    jigs = loves_jigs()
    app = open_page()
    card = shown(app)["for-you"][0]
    assert card["because"]["lead"].startswith("Because you gave")
    assert sum(part["share"] for part in card["because"]["parts"]) == pytest.approx(1, abs=0.02)
    assert {entry["op"]["do"] for entry in card["menu"]} >= {"pass", "more", "open", "seed", "exclude"}
    assert {entry["op"].get("kind") for entry in card["menu"]} >= {"item", "artist", "style"}
    assert not set(jigs) & {card["id"] for card in shown(app)["for-you"]}


def test_sliders_change_the_first_shelf() -> None:
    loves_jigs()
    app = open_page()
    before = [card["id"] for card in shown(app)["for-you"]]
    assert not app.select_slider  # the browser loads nothing for what is folded away
    app.session_state["taste-steer"] = True
    app.run()
    app.select_slider(key="taste.axis.happy").set_value(-1.0).run()
    assert not app.exception
    assert [card["id"] for card in shown(app)["for-you"]] != before
    app.button(key="taste-steer-reset").click().run()
    assert [card["id"] for card in shown(app)["for-you"]] == before


@pytest.fixture
def do(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """`do(name, …)` acts as a card would; gives what it left in the session."""
    state: dict[str, Any] = {"_listener": ME}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr(acts, "listener", lambda: ME)

    def run(name: str, **values: Any) -> dict[str, Any]:
        acts.take_in((Op(name, values),))
        return state

    return run


def test_what_cards_send_reaches_the_store(do: Callable[..., dict[str, Any]]) -> None:
    listening = services.store().listening
    item = of_style("irish-jig")[0]
    do("rate", item=item, stars=3.5)
    do("like", item=item, liked=True)
    do("heard", item=item, seconds=30.0, length=60.0)
    do("exclude", kind="style", value="hornpipe")
    assert [(one.item, one.stars) for one in listening.ratings(ME)] == [(item, 3.5)]
    assert listening.likes(ME) == (item,)
    assert [(one.heard, one.skipped) for one in listening.plays(ME)] == [(30.0, False)]
    assert [(one.kind, one.value) for one in listening.exclusions(ME)] == [("style", "hornpipe")]
    do("rate", item=item, stars=None)
    assert listening.ratings(ME) == ()


@pytest.mark.parametrize(
    "values", [{"item": "nonsense", "stars": 3}, {"item": "tune:x", "stars": 9}, {"item": "take:" + "0" * 32, "stars": 1}]
)
def test_what_cannot_be_rated_is_said_and_nothing_breaks(do: Callable[..., dict[str, Any]], values: dict[str, Any]) -> None:
    state = do("rate", **values)
    assert state["_problem"]
    assert services.store().listening.ratings(ME) == ()


def test_the_profile_is_empty_then_in_plots_and_can_be_corrected() -> None:
    assert EN["taste.profile_empty"] in [header.value for header in open_page("profile").subheader]
    loves_jigs()
    app = open_page("profile")
    assert len(app.get("plotly_chart")) == 2
    app.slider(key="taste.edit.energy").set_value(10).run()
    assert not app.exception
    assert services.taste().edits(ME).energy == 0.1
    app.button(key="taste-edit-reset").click().run()
    assert services.taste().edits(ME).energy is None


def test_what_is_left_out_is_listed_and_allowed_again() -> None:
    loves_jigs()
    services.store().listening.exclude(ME, "style", "hornpipe")
    app = open_page("profile")
    assert any("Hornpipe" in line.value for line in app.markdown)
    app.button(key="allow-style-hornpipe").click().run()
    assert services.store().listening.exclusions(ME) == ()


def test_two_listeners_blend_by_a_code() -> None:
    loves_jigs()
    other = "other" * 6
    loves_jigs(other)
    open_page("together", other).button(key="taste-share").click().run()
    (share,) = services.store().shares.of(other)
    app = open_page("together", ME, **{"taste.theirs": share.id})
    assert len(shown(app)["together"]) == 10
    app = open_page("together", ME, **{"taste.theirs": "0" * 32})
    assert len(app.error) == 1


def test_playlists_are_empty_then_shown_and_renamed() -> None:
    assert EN["taste.lists_empty"] in [header.value for header in open_page("lists").subheader]
    one = services.store().playlists.make(ME, "Morning", of_style("irish-reel")[:2])
    app = open_page("lists", **{f"list-{one.id}": True})
    assert len(shown(app).get(one.id, ())) in (0, 2)


def test_everything_goes_after_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    loves_jigs()
    app = open_page("data")
    app.button(key="taste-forget").click().run()
    app.button(key="taste-forget-no").click().run()
    assert services.store().listening.ratings(ME)
    app.button(key="taste-forget").click().run()
    app.button(key="taste-forget-yes").click().run()
    assert not app.exception
    assert services.store().listening.ratings(ME) == ()
    assert app.session_state["_listener"] != ME


def unfolded(part: str) -> AppTest:
    app = open_page()
    app.session_state[part] = True
    app.run()
    assert not app.exception
    return app


def bring(app: AppTest, name: str, data: bytes) -> AppTest:
    """Bring a file to the part for recordings and wait until it was listened to."""
    app.file_uploader(key="taste-recording-file").upload(name, data, "application/octet-stream").run()
    app.button(key="taste-recording-find").click().run()
    job = app.session_state["taste.recording"]
    if job is not None:
        services.runner().wait(job, 60)
        app.run()
    return app


def test_a_recording_finds_pieces_of_its_kind_but_for_those_left_out() -> None:
    loves_jigs()
    piece = of_style("hornpipe")[3]
    tune = catalogue.score(piece.removeprefix("tune:"))
    app = bring(unfolded("taste-recording"), "my hornpipe.mid", to_midi(tune))
    near = [card["id"] for card in shown(app)["recording"]]
    assert len(near) == recording.SHOWN
    assert piece in near
    services.store().listening.exclude(ME, "item", piece)
    app.session_state[acts.STALE] = True
    assert piece not in [card["id"] for card in shown(app.run())["recording"]]


@pytest.mark.parametrize(
    ("name", "words"), [("broken.wav", "cannot be read"), ("silent.wav", "is silent"), ("tune.mid", "MIDI")]
)
def test_files_without_music_are_refused_in_words(name: str, words: str) -> None:
    loves_jigs()
    file = io.BytesIO()
    soundfile.write(file, np.zeros(3 * 22050), 22050, format="WAV")
    app = bring(unfolded("taste-recording"), name, file.getvalue() if name == "silent.wav" else b"no music")
    assert [words in error.value for error in app.error] == [True]
    assert "recording" not in shown(app)


def test_a_recording_is_no_larger_than_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "MEGABYTES", 1)
    with pytest.raises(LimitError, match=r"up to 1 MB; long\.wav has 2"):
        recording.listen(bytes(2 * 2**20), "long.wav")


def test_the_server_takes_in_what_the_pages_offer() -> None:
    limit = tomllib.loads((APP.parent / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"]["maxUploadSize"]
    assert limit == max(own_data.MEGABYTES, recording.MEGABYTES, MAX_BYTES // 2**20)
