"""What components share: their scripts, their words, the log of what the listener did."""

import re

import pytest

from core.errors import FormatError
from ui import ear, karaoke, roll, tunes
from ui.components import WEB, Component, joined, read_log, words
from ui.karaoke import texts as karaoke_texts
from ui.lyrics import sheet
from ui.roll import texts as roll_texts
from ui.shape import slider
from ui.tunes import texts as tunes_texts

COMPONENTS = [roll._COMPONENT, tunes._COMPONENT, slider._COMPONENT, ear._COMPONENT, sheet._COMPONENT, karaoke._COMPONENT]


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.name)
def test_the_browser_modules_join_without_imports_or_clashes(component: Component) -> None:
    assert sorted(path.stem for path in component.web.glob("*.mjs")) == sorted(component.modules)
    script = joined([component.web / f"{name}.mjs" for name in component.modules])
    assert "import {" not in script
    assert script.count("export default mounting(") == script.count("export ") == 1
    functions = re.findall(r"^(?:async )?function (\w+)", script, flags=re.MULTILINE)
    lines = re.findall(r"^const (.*)", script, flags=re.MULTILINE)
    names = functions + [name for line in lines for name in re.findall(r"(?:^|, )(\w+) = ", line)]
    assert {"agree", "mounting", "pageOfPlayers", "REST_MS"} <= set(names)
    assert len(names) == len(set(names))


def test_modules_import_what_stands_before_them() -> None:
    for component in COMPONENTS:
        before = {path.name for path in WEB.glob("*.mjs")}
        for name in component.modules:
            text = (component.web / f"{name}.mjs").read_text(encoding="utf-8")
            wanted = set(re.findall(r'^import [^"]*"[^"]*?([\w-]+\.mjs)";', text, flags=re.MULTILINE | re.DOTALL))
            assert wanted <= before, f"{component.name}/{name}"
            before.add(f"{name}.mjs")


def test_words_come_in_every_language() -> None:
    for table in (roll_texts.WORDS, tunes_texts.WORDS, karaoke_texts.WORDS):
        assert table["en"].keys() == table["zh"].keys()
        assert words(table, "zh-CN") == table["zh"]
        assert words(table, "fr") == table["en"]


def test_the_log_gives_what_is_new_once_and_in_order() -> None:
    log = [{"seq": 3, "do": "c"}, {"seq": 2, "do": "b"}, {"seq": 1, "do": "a"}, {"seq": 3, "do": "again"}]
    assert read_log(log, 1, 9) == (({"seq": 2, "do": "b"}, {"seq": 3, "do": "c"}), 3)
    assert read_log(log, 3, 9) == ((), 3)
    assert read_log(None, 7, 9) == ((), 7)


@pytest.mark.parametrize("log", ["drop table", [7], [{}], [{"seq": True}], [{"seq": "1"}], [{"seq": 1}] * 10])
def test_a_log_that_no_component_would_write_is_refused(log: object) -> None:
    with pytest.raises(FormatError):
        read_log(log, 0, 9)
