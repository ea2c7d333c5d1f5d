"""The frame: languages, the guard, the listener's id, words from outside."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import APP
from ui import services
from ui.plain import plain
from ui.texts import text
from ui.texts.en import EN
from ui.texts.zh import ZH

PAGES = sorted((APP.parent / "pages").glob("*.py"))


def fields(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_both_languages_have_the_same_keys_and_fields() -> None:
    assert EN.keys() == ZH.keys()
    assert {key: fields(EN[key]) for key in EN} == {key: fields(ZH[key]) for key in ZH}
    assert all(ZH[key] != EN[key] for key in EN if key not in ("compose.top_p", "seed.track_name", "take.title", "error.lead"))


def test_every_text_that_is_asked_for_exists() -> None:
    asked = set()
    for path in [*APP.parent.glob("ui/**/*.py"), *PAGES]:
        asked |= set(re.findall(r"""\bt\(\s*"([a-z_.]+)\"""", path.read_text(encoding="utf-8")))
    assert asked - EN.keys() == set()
    assert len(asked) > 80


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("en", "no.such.key")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_calls_the_guard_before_anything_else(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    first = next(
        node
        for node in body
        if not isinstance(node, ast.Import | ast.ImportFrom) and not isinstance(getattr(node, "value", None), ast.Constant)
    )
    assert ast.unparse(first) == "shell.guard(__file__)"


def test_the_language_can_be_chosen_and_is_remembered(app: AppTest) -> None:
    app.segmented_control(key="_language_choice").set_value("zh").run()
    assert not app.exception
    assert app.title[0].value == ZH["compose.title"]
    me = app.session_state["_listener"]
    assert services.store().listener(me).language == "zh"
    again = AppTest.from_file(str(APP), default_timeout=30)
    again.session_state["_listener"] = me
    again.run()
    assert again.title[0].value == ZH["compose.title"]
    for page in ("library", "about", "take"):
        assert not again.switch_page(f"pages/{page}.py").run().exception


def test_listeners_get_ids_that_cannot_be_guessed(app: AppTest) -> None:
    other = AppTest.from_file(str(APP), default_timeout=30).run()
    ids = {app.session_state["_listener"], other.session_state["_listener"]}
    assert len(ids) == 2
    assert all(len(id) >= 30 for id in ids)


@pytest.mark.parametrize(
    "words", ["**bold**", "[a](http://b)", "![a](b)", "<i>", ":material/home:", "$x$", "# head", "`code`", "a\n\n# b"]
)
def test_words_from_outside_are_no_markdown(words: str) -> None:
    shown = plain(words)
    assert re.sub(r"\\(.)", r"\1", shown) == " ".join(words.split())
    assert not re.search(r"(?<!\\)[*\[\]<>$`#:!]", shown)
