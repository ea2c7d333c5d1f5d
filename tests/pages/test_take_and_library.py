"""A take's own page, its edits, and the Library page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from core.store import TakeRecord
from tests.fakes import FakeEngine, melody
from tests.pages.conftest import APP
from ui import composing, services
from ui.files import from_midi, to_midi

ME = "me" * 16


def stored(owner: str = ME, kept: bool = True, title: str = "Morning jig") -> TakeRecord:
    """A take of eight bars in the store."""
    score = melody()
    request = FakeEngine().resolve(composing.Request(style="irish-jig", bars=8))
    new = composing.NewTake(
        owner, title, "irish-jig", "lstm", composing.files.request_to_json(request), "fake0000", 7, to_midi(score)
    )
    (record,) = services.store().add([new])
    return services.store().keep(record.id, owner) if kept else record


def open_page(page: str, listener: str = ME, **query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["_listener"] = listener
    app.run()
    app.query_params.update(query)
    return app.switch_page(f"pages/{page}.py").run()


def open_take(record: TakeRecord, listener: str = ME, tab: str | None = None) -> AppTest:
    app = open_page("take", listener, id=record.id)
    if tab is not None:
        app.session_state[f"tabs-{record.id}"] = tab
        app.run()
    return app


def test_an_address_opens_its_take() -> None:
    app = open_take(stored())
    assert not app.exception
    assert app.title[0].value == "Morning jig"
    assert any("D major" in text.value and "8 bars" in text.value for text in app.markdown)


@pytest.mark.parametrize(
    ("query", "words"), [({}, "Choose a take"), ({"id": "0" * 32}, "leads to no take"), ({"id": "'; drop"}, "no take")]
)
def test_an_address_without_a_take_leads_on(query: dict[str, str], words: str) -> None:
    app = open_page("take", **query)
    assert not app.exception
    shown = [element.value for element in (*app.warning, *app.markdown)]
    assert any(words in text for text in shown)


def test_names_from_outside_are_shown_as_they_are() -> None:
    app = open_take(stored(title="<b>x</b> ![p](http://x/y.png) $a$"))
    assert "![p](" not in app.title[0].value
    assert "<b>" not in app.title[0].value.replace("\\<", "")


def test_edits_are_stored_and_undone() -> None:
    record = stored()
    app = open_take(record, tab="Edits")
    app.number_input(key=f"edit-{record.id}-transpose").set_value(2).run()
    app.button(key=f"edit-{record.id}-transpose-apply").click().run()
    assert not app.exception
    assert not app.error
    after = from_midi(services.store().take(record.id).midi)
    assert after.melody.notes[0].pitch == melody().melody.notes[0].pitch + 2
    assert after.key is not None
    assert after.key.name == "E major"
    app.button(key=f"undo-{record.id}").click().run()
    assert from_midi(services.store().take(record.id).midi).key == melody().key
    app.button(key=f"redo-{record.id}").click().run()
    assert from_midi(services.store().take(record.id).midi).key == after.key
    assert len(services.store().versions(record.id)) == 4


def edited(record: TakeRecord, widget: str, value: object, apply: str | None) -> AppTest:
    app = open_take(record, tab="Edits")
    key = f"edit-{record.id}-{widget}"
    if apply is None:
        next(element for element in (*app.selectbox, *app.slider, *app.toggle) if element.key == key).set_value(value).run()
    else:
        app.session_state[key] = value
        app.run()
        app.button(key=f"edit-{record.id}-{apply}-apply").click().run()
    assert not app.exception
    assert not app.error
    return app


@pytest.mark.parametrize(
    ("widget", "value", "apply", "expected"),
    [
        ("160.0-tempo", 90.0, "160.0-tempo", lambda score: score.tempos[0].bpm == 90),
        ("2-major-tonic", 7, "2-major-key", lambda score: score.key.name == "G major"),
        ("2-major-mode", "minor", "2-major-key", lambda score: score.key.name == "D minor"),
        ("grid", "1/4", "quantise", lambda score: all(note.start % 480 == 0 for note in score.melody.notes)),
        ("trim-8", (3, 4), "trim", lambda score: len(score.bars) == 2),
        ("part-0-73-100-False-instrument", 40, None, lambda score: score.tracks[0].program == 40),
        ("part-0-73-100-False-volume", 64, None, lambda score: score.tracks[0].volume == 64),
        ("part-0-73-100-False-mute", True, None, lambda score: score.tracks[0].muted),
    ],
)
def test_every_edit_reaches_the_store(widget, value, apply, expected) -> None:
    record = stored()
    edited(record, widget, value, apply)
    assert expected(from_midi(services.store().take(record.id).midi))


def test_an_edit_that_cannot_be_done_says_why_and_changes_nothing() -> None:
    record = stored()
    low = to_midi(replace(melody(), tracks=(replace(melody().melody, notes=(replace(melody().melody.notes[0], pitch=3),)),)))
    services.store().edit(record.id, ME, low, "low")
    app = open_take(record, tab="Edits")
    app.number_input(key=f"edit-{record.id}-transpose").set_value(-12).run()
    app.button(key=f"edit-{record.id}-transpose-apply").click().run()
    assert not app.exception
    assert "0 and 127" in app.error[0].value
    assert services.store().take(record.id).midi == low


@pytest.mark.parametrize("tab", ["All parts", "Notation"])
def test_the_other_views_are_drawn(tab: str) -> None:
    app = open_take(stored(), tab=tab)
    assert not app.exception
    assert not app.error
    assert app.get("plotly_chart" if tab == "All parts" else "image")


def test_somebody_elses_take_can_be_copied_and_not_changed() -> None:
    record = stored(owner="other" * 6)
    app = open_take(record)
    keys = {button.key for button in app.button}
    assert f"undo-{record.id}" not in keys
    assert f"keep-{record.id}" not in keys
    app.button(key="copy").click().run()
    assert not app.exception
    (copy,) = services.store().takes(ME)
    assert (copy.title, copy.midi) == (record.title, record.midi)


def test_a_title_can_be_changed() -> None:
    record = stored()
    app = open_take(record)
    app.text_input(key=f"title-{record.id}-Morning jig").set_value("Evening jig").run()
    assert services.store().take(record.id).title == "Evening jig"
    assert app.title[0].value == "Evening jig"


def test_an_empty_library_invites() -> None:
    app = open_page("library")
    assert not app.exception
    assert app.subheader[0].value == "Nothing kept yet"


def test_the_library_shows_what_this_listener_kept() -> None:
    record, _draft, _other = stored(), stored(kept=False, title="Draft"), stored(owner="other" * 6, title="Theirs")
    app = open_page("library")
    assert not app.exception
    removable = [button.key for button in app.button if str(button.key).startswith("remove-")]
    assert removable == [f"remove-{record.id}"]
    app.button(key=f"remove-{record.id}").click().run()
    assert app.subheader[0].value == "Nothing kept yet"
    assert services.store().take(record.id).kept is False


def test_a_kept_take_becomes_a_seed() -> None:
    record = stored()
    app = open_page("library")
    app.button(key=f"use-{record.id}").click().run()
    assert not app.exception
    assert app.session_state["c_from"] == "upload"
    assert any("Morning jig" in caption.value for caption in app.caption)


def found_tunes(app: AppTest) -> str:
    return next(caption.value for caption in app.caption if caption.value.endswith(" tunes"))


def test_the_catalogue_is_searched_and_a_tune_becomes_a_seed() -> None:
    app = open_page("library")
    app.session_state["library_tabs"] = "Catalogue"
    app.run()
    everything = found_tunes(app)
    app.text_input(key="library_search").set_value("fare well o'neill").run()
    app.selectbox(key="catalogue_style").set_value("irish-air").run()
    assert not app.exception
    assert found_tunes(app) != everything
    tune = app.expander[0]
    assert "Fare You Well" in tune.label.replace("\\", "")
    app.text_input(key="library_search").set_value("no such tune anywhere").run()
    assert any("No tune matches" in text.value for text in app.markdown)


def test_the_about_page_names_styles_and_licences() -> None:
    app = open_page("about")
    assert not app.exception
    assert not app.error
    words = "\n".join(text.value for text in app.markdown)
    assert "Irish jig" in words
    assert "O'Neill" in words
