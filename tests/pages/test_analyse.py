"""The page that analyses, with pieces good and odd."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.corpora import catalogue as core_catalogue
from core.rights import library
from core.rights.lines import Lines, Place, line_of
from core.rights.melody_index import MelodyIndex
from core.score import Note, Score, Track
from core.store import NewTake
from tests.pages.conftest import APP
from tests.rights.make import random_line, score_of, small_library
from ui import catalogue, services
from ui.analyse import reports
from ui.files import to_midi
from ui.texts import text


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small library of real tunes: the whole one takes seconds to load and is tested with the rights."""
    tunes = [(Place(entry.id, entry.title, entry.source), line_of(core_catalogue.load(entry.id, unfold=False)))
             for entry in catalogue.search("", "irish-jig")[:4]]
    kept = replace(small_library(), tunes=MelodyIndex(Lines.of(tunes)))
    monkeypatch.setattr(library, "shared", lambda: kept)


def opened(item: str = "", tab: str = "harmony") -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/analyse.py")
    if item:
        app.query_params["piece"] = item
    app.session_state["analyse_tabs"] = text("en", f"analyse.tab_{tab}")
    return finished(app.run())


def finished(app: AppTest) -> AppTest:
    """The page once its report is there."""
    if reports.WORK.key in app.session_state and app.session_state[reports.WORK.key] is not None:
        services.runner().wait(app.session_state[reports.WORK.key], 60)
        app.run()
    return app


def brought(score: Score, tab: str = "harmony") -> AppTest:
    """The page with a file's music."""
    app = opened(tab=tab)
    app.session_state["pieces_brought"] = {"0" * 16: ("mine.mid", score)}
    app.session_state["analyse_piece"] = "file:" + "0" * 16
    return finished(app.run())


def words(app: AppTest) -> str:
    return "\n".join([element.value for element in (*app.markdown, *app.caption)])


def jig() -> str:
    return f"tune:{catalogue.search('', 'irish-jig')[0].id}"


def test_without_a_piece_the_page_says_what_to_do() -> None:
    app = opened()
    assert not app.exception
    assert text("en", "analyse.empty") in words(app)


@pytest.mark.parametrize("item", ["tune:nothing", "take:" + "0" * 32, "../../etc/passwd", "sound:" + "1" * 16])
def test_a_piece_that_is_not_there_is_said_and_another_can_be_chosen(item: str) -> None:
    app = opened(item)
    assert not app.exception
    assert app.error
    assert text("en", "analyse.empty") in words(app)


def test_a_tune_is_told_first_in_words_then_in_tabs() -> None:
    app = opened(jig())
    assert not app.exception
    assert not app.error
    assert text("en", "analyse.what") in words(app)
    assert "6/8" in words(app)


@pytest.mark.parametrize("tab", ["harmony", "form", "level", "style", "quality", "originality", "origin"])
def test_every_tab_is_drawn(tab: str) -> None:
    app = opened(jig(), tab)
    assert not app.exception
    assert not app.error
    assert app.session_state["analyse_tabs"] == text("en", f"analyse.tab_{tab}")


DRUMS = Score((Track((Note(0, 36, 240, 90), Note(480, 38, 240, 90)), is_drum=True),))
ONE = Score((Track((Note(0, 60, 480, 90),)),))
LONG = Score((Track(tuple(Note(480 * at, 60 + (at * 5) % 12, 480, 90) for at in range(2000))),))
SILENT = Score((Track(),))


@pytest.mark.parametrize("tab", ["harmony", "form", "level"])
@pytest.mark.parametrize("score", [DRUMS, ONE, LONG], ids=["drums", "one note", "500 bars"])
def test_odd_pieces_leave_the_page_whole(score: Score, tab: str) -> None:
    app = brought(score, tab)
    assert not app.exception
    assert text("en", "analyse.what") in words(app)


def test_a_piece_without_notes_is_refused_in_words_and_can_be_asked_again() -> None:
    app = brought(SILENT)
    assert not app.exception
    assert any("needs notes" in error.value for error in app.error)
    assert app.button(key="analyse-again")
    app.session_state["analyse_piece"] = jig()
    assert text("en", "analyse.what") in words(finished(app.run()))


def test_the_takes_that_one_kept_are_searched_too() -> None:
    music = score_of(random_line(900))
    app = opened()
    listener = app.session_state["_listener"]
    (take,) = services.store().add([NewTake(listener, "Mine", "irish-jig", "lstm", {}, "fake0000", 7, to_midi(music))])
    services.store().keep(take.id, listener)
    app.session_state["pieces_brought"] = {"0" * 16: ("again.mid", music)}
    app.session_state["analyse_piece"] = "file:" + "0" * 16
    app.session_state["analyse_tabs"] = text("en", "analyse.tab_originality")
    finished(app.run())
    assert not app.exception
    nearest = app.radio[0].options[0]
    assert nearest.startswith(f"Mine ({text('en', 'analyse.in_own')})")


def test_the_open_tab_stays_open_in_the_other_language() -> None:
    app = opened(jig(), "form")
    app.session_state["_language"] = "zh"
    app.run()
    assert not app.exception
    assert app.session_state["analyse_tabs"] == text("zh", "analyse.tab_form")
    assert any(text("zh", "analyse.form_words") == caption.value for caption in app.caption)
