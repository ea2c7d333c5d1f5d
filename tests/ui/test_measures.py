"""Every measure that the analysis shows has a name in both languages, and values are written as people read them."""

from __future__ import annotations

import string

import pytest

from core import weights
from core.insight.emotion import KINDS
from core.insight.files import FOLDER
from core.insight.heard import HIDDEN
from core.insight.linear import UNNAMED
from core.insight.quality_measures import SHOWN
from core.insight.style import ALL, FREE
from core.score.instruments import INSTRUMENTS
from ui.analyse import measures
from ui.names import instrument, kits
from ui.texts import has_text, text
from ui.texts.instruments_zh import INSTRUMENTS_ZH


def shown() -> list[str]:
    """What can stand on the page: the reasons for style and mood, and the measures of quality."""
    of_style = [name for model in (ALL, FREE) for name in weights.load(model, FOLDER).config["linear"]["features"]]
    of_mood = [name for kind in KINDS for name in weights.load("emotion", FOLDER).config[kind]["features"]]
    named = [name for name in of_mood if not name.startswith(HIDDEN)]
    return sorted({*of_style, *named, UNNAMED, *(name for names in SHOWN.values() for name in names)})


def test_every_measure_has_a_name_of_its_own_in_both_languages() -> None:
    assert len(shown()) > 250
    assert [name for name in shown() if not has_text(measures.parsed(name)[0])] == []
    for language in ("en", "zh"):
        named = [text(language, key, which=which) for key, which in map(measures.parsed, shown())]
        assert len(set(named)) == len(named), [name for name in named if named.count(name) > 1]
        signs = [name for name in named if any(sign in name for sign in "{}_" + string.whitespace[1:])]
        assert signs == []


@pytest.mark.parametrize(("measure", "found", "written"), [
    ("in_scale_share", 0.985, "98%"), ("interval.+3", 0.1, "10%"), ("pitch lowest", 60, "C4"), ("log gap 50%", -2, "0.25 s"),
    ("pulse a minute", 93.75, "94"), ("interval class 1", 0.031, "0.03"), ("syncopation", 1.204, "1.2"),
    ("degree 3", 0.25, "25%"), ("chord minor", 0.5, "50%"), ("notes a second", 4.0, "4"), ("tune goes on", -0.001, "0"),
    ("contour_arch", -1.5, "−1.5"),
])  # fmt: skip
def test_values_are_written_in_their_unit(measure: str, found: float, written: str) -> None:
    assert measures.value(measure, found) == written


@pytest.mark.parametrize(("measure", "which"), [
    ("interval.-12", "−12"), ("interval.+0", "0"), ("place.9/12", "3/4"), ("gap class 7", "> 1"), ("degree 10", "♭7"),
    ("top moves 6", "≥ 12"), ("length.1/6", "1/6"), ("heard minor chord on step 8", "♭6"), ("heard minor to major 3 up", "3"),
])  # fmt: skip
def test_one_of_a_family_says_which(measure: str, which: str) -> None:
    assert measures.parsed(measure)[1] == which


def test_every_instrument_and_kit_has_a_chinese_name() -> None:
    names = [instrument(program, "zh") for program in range(len(INSTRUMENTS))]
    assert len(set(names)) == len(INSTRUMENTS) == len(INSTRUMENTS_ZH)
    assert kits("zh").keys() == kits("en").keys()
    assert instrument(40, "en") == "Violin"
    assert instrument(0, "zh", is_drum=True) not in names
