"""The page that varies and morphs, with the networks of the repository."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.engines.vae import morph, piece, shaping
from core.score import Note, Score, Track
from tests.pages.conftest import APP
from ui import catalogue, services
from ui.identity import _KEY as KEY
from ui.shape import there, vary
from ui.texts import text

WAIT = 60


def tunes() -> list[str]:
    """A jig, and a reel in another key and metre."""
    found = []
    for style in ("irish-jig", "irish-reel"):
        found.append(next(tune.id for tune in catalogue.search("", style) if len(catalogue.score(tune.id).bars) <= 17))
    return [f"tune:{id}" for id in found]


def opened(tab: str, *items: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    app.switch_page("pages/shape.py")
    for which, item in zip("ab", items, strict=False):
        app.query_params[which] = item
    app.session_state["shape_tabs"] = text("en", f"shape.tab_{tab}")
    return app.run()


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


def test_without_a_piece_the_page_says_what_to_do() -> None:
    app = opened("vary")
    assert not app.exception
    assert text("en", "shape.empty") in [markdown.value for markdown in app.markdown]


@pytest.mark.parametrize("item", ["tune:nothing", "take:" + "0" * 32, "../../etc/passwd", "tune:<script>"])
def test_a_piece_that_is_not_there_is_said_and_another_can_be_chosen(item: str) -> None:
    app = opened("vary", item)
    assert not app.exception
    assert app.error
    assert text("en", "shape.empty") in [markdown.value for markdown in app.markdown]


def test_a_choice_is_not_lost_to_the_address_of_a_moment_before() -> None:
    first, second = tunes()
    app = opened("vary", first)
    app.session_state["shape_a"] = second  # chosen, while a run with the old address was already under way
    app.run()
    assert app.query_params["a"] in (second, [second])
    app.query_params["a"] = first
    app.run()
    assert app.query_params["a"] in (first, [first])
    assert app.session_state["shape_a"] == first


def test_variations_come_the_nearest_first_and_can_be_kept(finish: Callable[[AppTest], AppTest]) -> None:
    app = opened("vary", tunes()[0])
    app.slider(key="shape_strength").set_value(70)
    app.button(key="shape-vary").click().run()
    if app.session_state[vary.WORK.key] is not None:  # else it was done before the page had run to its end
        services.runner().wait(app.session_state[vary.WORK.key], WAIT)
        app.run()
    assert not app.exception
    made = app.session_state["batches"][-1]
    apart = [app.session_state["shape_apart"][shown.id] for shown in made]
    assert len(made) == 4
    assert apart == sorted(apart)
    assert apart[-1] > 0.1
    app.button(key=f"keep-{made[0].id}").click().run()
    assert [record.id for record in services.store().takes(made[0].record.owner)] == [made[0].id]


def brought(app: AppTest, score: Score) -> AppTest:
    """The page with a file's music as its piece, after "Vary" was pressed."""
    app.session_state["pieces_brought"] = {"0" * 16: ("mine.mid", score)}
    app.session_state["shape_a"] = "file:" + "0" * 16
    app.run()
    app.button(key="shape-vary").click().run()
    if app.session_state[vary.WORK.key] is not None:
        services.runner().wait(app.session_state[vary.WORK.key], WAIT)
        app.run()
    assert not app.exception
    return app


DRUMS = Score((Track((Note(0, 36, 240, 90), Note(480, 38, 240, 90)), is_drum=True),))
CHORDS = Score((Track(tuple(Note(480 * at, pitch + at % 5, 480, 90) for at in range(16) for pitch in (60, 64, 67))),))
ONE = Score((Track((Note(0, 60, 480, 90),)),))
LONG = Score((Track(tuple(Note(480 * at, 60 + (at * 5) % 12, 480, 90) for at in range(1200))),))


def test_drums_alone_are_refused_and_the_page_stays() -> None:
    app = brought(opened("vary"), DRUMS)
    assert any("pitched note" in error.value for error in app.error), [error.value for error in app.error]
    assert "shape_apart" not in app.session_state
    app.session_state["shape_a"] = tunes()[0]
    assert not app.run().exception


@pytest.mark.parametrize(("score", "remark"), [(ONE, "key"), (CHORDS, "skyline")], ids=["one note", "chords"])
def test_odd_pieces_are_varied_and_the_page_says_what_was_taken(score: Score, remark: str) -> None:
    app = brought(opened("vary"), score)
    assert not app.error
    assert len(app.session_state["shape_apart"]) == 4
    assert text("en", f"shape.remark_{remark}") in captions(app)


def test_three_hundred_bars_are_refused_in_words() -> None:
    app = brought(opened("vary"), LONG)
    assert any("bars" in error.value and "300" in error.value for error in app.error), [error.value for error in app.error]
    assert "shape_apart" not in app.session_state


def test_a_file_of_an_earlier_session_is_asked_for_again() -> None:
    app = opened("vary", "file:" + "1" * 16)
    assert not app.exception
    assert "Bring it again" in app.error[0].value


def test_a_morph_says_what_it_does_about_keys_and_metres_and_is_kept() -> None:
    app = opened("morph", *tunes())
    assert not app.exception
    assert text("en", "shape.remark_metres") in captions(app)
    app.session_state["shape_share"] = 15
    app.run()
    assert not app.exception
    app.button(key="morph-now-keep").click().run()
    (record,) = services.store().takes(str(app.session_state[KEY]))
    assert record.request["morph"]["share"] == 0.75
    app.slider(key="shape_steps").set_value(3).run()
    assert not app.exception
    assert "shape_row" in app.session_state
    assert len(app.session_state["shape_row"][1]) == 3


def test_a_morph_needs_a_second_piece() -> None:
    app = opened("morph", tunes()[0])
    assert text("en", "shape.morph_empty") in [markdown.value for markdown in app.markdown]


def test_styles_and_character_change_the_piece() -> None:
    app = opened("styles", tunes()[0])
    app.multiselect(key="shape_styles").set_value(["hymn", "polka"]).run()
    assert not app.exception
    assert not app.error
    app.button(key="mix-styles-keep").click().run()
    app = opened("character", tunes()[0])
    app.slider(key="shape_density").set_value(80).run()
    assert not app.exception
    assert not app.error
    app.button(key="mix-character-keep").click().run()
    (record,) = services.store().takes(str(app.session_state[KEY]))
    assert record.request["character"] == {"density": 0.8}


def traces(app: AppTest) -> list[dict[str, object]]:
    assert not app.exception
    assert not app.error
    (chart,) = app.get("plotly_chart")
    found: list[dict[str, object]] = json.loads(chart.proto.spec)["data"]
    return found


def test_the_map_shows_clouds_of_styles_rings_the_piece_and_marks_what_was_composed_there() -> None:
    app = opened("map", f"tune:{shaping.atlas(False).spots[0].tune}")
    styles = len({spot.style for spot in shaping.atlas(False).spots})
    assert len(traces(app)) == styles + 1
    made = shaping.compose_at(0.5, 0.5, 1, False)
    app.session_state["shape_click"] = (0.5, 0.5)
    app.session_state[there.WORK.key] = services.runner().submit("tests", shaping.compose_at, 0.5, 0.5, 1, False)
    services.runner().wait(app.session_state[there.WORK.key], WAIT)
    app.run()
    star, _ring = traces(app)[styles:]
    assert star["name"] == text("en", "shape.map_made")
    assert star["x"] == pytest.approx([found.x for found in made.found])
    assert len([button for button in app.button if str(button.key).startswith("there-")]) == there.NEAREST


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_was_done_to_a_piece_has_words(lang: str) -> None:
    for name in (*piece.REMARKS, *morph.REMARKS):
        assert text(lang, f"shape.remark_{name}")
