"""Every error that a page can show has a Chinese text, and real ones come out in Chinese."""

from __future__ import annotations

import re
import sqlite3
import string
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from core.audio.soundfonts import default_soundfont
from core.corpora.band_styles import BANDS
from core.corpora.styles import STYLES
from core.engines.arranging import ArrangeRequest
from core.engines.arranging_resolve import resolve as arrange
from core.engines.lstm.resolve import resolve
from core.engines.protocol import Request
from core.engines.request_io import parse_key, parse_metre
from core.errors import Cancelled, SongloomError, StoreError
from core.score import Metre, Note
from core.score.abc_reader import read_abc
from core.score.edits import trim
from core.score.files import read_score
from core.store.checks import half_stars, text
from core.store.database import explained
from core.taste.history.archive import Archive
from core.weights import load
from tests.analysis.test_sections import tune
from tests.ui.error_sites import CORE, templates, words
from ui.texts.errors import in_language
from ui.texts.errors_zh import ANALYSIS, ARRANGE, ENGINES, ERRORS_ZH, INSIGHT, LYRICS, RIGHTS, SCORE, STORE, TASTE, WORDS

SHOWN = ("analysis", "audio", "engines", "insight", "jobs", "lyrics", "rights", "score", "store", "taste", "corpora/catalogue.py")
"""What of core the pages reach; all of `ui` is held to the same."""

COMMAND_LINE = ("commands.py", "train.py", "train_own.py", "training.py", "harmonise_fit.py", "recordings_fit.py", "fit_key.py",
                "fit.py", "evaluation")
"""Within these, what is reached from the command line alone, which speaks English."""


def _modules() -> list[Path]:
    roots = [CORE / name for name in SHOWN] + [CORE.parent / "ui"]
    files = [file for root in roots for file in ([root] if root.is_file() else sorted(root.rglob("*.py")))]
    return [file for file in files if not set(COMMAND_LINE) & set(file.parts)]


def test_every_text_of_an_error_has_a_chinese_one() -> None:
    modules = _modules()
    raised = set().union(*map(templates, modules)) | words(modules)
    assert len(raised) > 500
    assert sorted(raised - set(ERRORS_ZH)) == []


def test_the_chinese_fills_the_same_holes() -> None:
    for english, chinese in ERRORS_ZH.items():
        holes = english.count("{}")
        filled = [name for _, name, _, _ in string.Formatter().parse(chinese) if name is not None]
        assert set(filled) <= {""} | {str(place) for place in range(holes)}, english
        assert filled.count("") in (0, holes), english
        assert re.search("[一-鿿]", chinese) or re.fullmatch(r"got [KLMQ]:\{\}|top p", english), english
    tables = (ANALYSIS, ARRANGE, ENGINES, INSIGHT, LYRICS, RIGHTS, SCORE, STORE, TASTE, WORDS)
    assert len(ERRORS_ZH) == sum(map(len, tables)), "a text is there twice"


def _locked() -> None:
    with explained("sqlite:///songloom.db"):
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))


def _resolve(**wishes: Any) -> None:
    resolve(Request(style="irish-jig", **wishes), next(style for style in STYLES if style.name == "Irish jig"), {})


def _trim() -> None:
    score = read_score(b"X:1\nM:4/4\nL:1/8\nK:C\nCDEF GABc|c8|\n", "tune.abc")
    trim(score, 3, 9)


REAL: dict[str, Callable[[], object]] = {
    "a broken MIDI file": lambda: read_score(b"no MIDI at all", "tune.mid"),
    "a MIDI file cut short": lambda: read_score(b"MThd\0\0\0\6\0\0\0\1\1\xe0MTrk\0\0\0\x40\0", "tune.mid"),
    "a file of another kind": lambda: read_score(b"", "tune.docx"),
    "words for ABC": lambda: read_abc("X:1\nK:C\n%%% ??? ;;;; &&&&"),
    "ABC without a key": lambda: read_abc("CDEF GABc"),
    "a broken MusicXML file": lambda: read_score(b"<score-partwise><part>", "tune.musicxml"),
    "a wrong key": lambda: parse_key("H major"),
    "a wrong metre": lambda: parse_metre("four"),
    "a metre that the style does not have": lambda: _resolve(metre=Metre(0, 4, 4)),
    "a temperature out of range": lambda: _resolve(temperature=9.0),
    "nothing to harmonise": lambda: _resolve(how="harmonise"),
    "bars out of range": _trim,
    "a locked store": _locked,
    "missing weights": lambda: load("leadsheet-none", Path("nowhere")),
    "stars out of range": lambda: half_stars(7),
    "an empty name": lambda: text(" ", "The name of a playlist", 200),
    "a metre that the band does not play": lambda: arrange(ArrangeRequest(tune("a4", metre=Metre(0, 5, 4)), "rock"), BANDS, None),
    "a pitch out of range": lambda: Note(0, 480, 128, 64),
    "a broken zip of a history": lambda: Archive(b"PK\x03\x04 and no more", "history.zip"),
}

NAMES = {"MIDI", "ABC", "MusicXML", "XML", "Songloom", "songloom", "General", "FluidSynth", "SoundFont", "Irish jig", "CDEF GABc",
         "leadsheet-none", "nowhere", "tune.mid", "tune.docx", "history.zip", "H major", "minor", "four", "zip"}


def _english(shown: str) -> list[str]:
    """The words of Latin letters, without names, files, addresses, commands and fields of a format."""
    shown = re.sub(r"songloom train [a-z -]+|sudo apt-get install [\w -]+", " ", shown)
    for name in sorted(NAMES, key=len, reverse=True):
        shown = shown.replace(name, " ")
    shown = re.sub(r"sqlite:\S+|\.\w+|'[^']*'|[KXML]:\S*", " ", shown)
    return re.findall(r"[A-Za-z]{3,}", shown)


@pytest.mark.parametrize("what", REAL)
def test_a_real_error_is_shown_in_chinese(what: str) -> None:
    with pytest.raises(SongloomError) as caught:
        REAL[what]()
    shown = in_language("zh", caught.value)
    assert re.search("[一-鿿]", shown)
    assert _english(shown) == [], shown
    assert in_language("en", caught.value) == str(caught.value)


def test_a_missing_soundfont_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.audio.soundfonts.available", lambda: ())
    with pytest.raises(SongloomError) as caught:
        default_soundfont()
    assert in_language("zh", caught.value).startswith("发声需要 General MIDI 音色库（.sf2 或 .sf3）；")
    assert "the system" not in in_language("zh", caught.value)


def test_the_parts_and_their_holes_keep_their_places() -> None:
    assert in_language("zh", Cancelled()) == "已按你的要求停止。"
    many = SongloomError("Codes can be tried 5 times in 10 minutes", "they were tried more often", "Wait a while")
    assert in_language("zh", many) == "10 分钟内最多可以试 5 次恢复码；尝试次数过多。请稍等一会儿。"


def test_what_has_no_chinese_stays_as_it_is() -> None:
    assert in_language("zh", StoreError("The moon is made of cheese")) == "The moon is made of cheese。"


def test_a_new_text_without_chinese_is_found(tmp_path: Path) -> None:
    module = tmp_path / "new.py"
    module.write_text(
        'def check(what):\n    got = f"got {what!r} instead" if what else "got silence"\n'
        '    raise RequestError("A lute is needed", got, todo="Tune it")\n'
    )
    assert templates(module) == {"A lute is needed", "got {} instead", "got silence", "Tune it"}
