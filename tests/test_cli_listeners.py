"""`songloom rate`, `export` and `forget`: what they do, and names that are no names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core import cli
from core.store import NewTake, Store
from tests.test_cli import refused

TUNE = "tune:oneill/0701-0720/701"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SONGLOOM_DB", raising=False)
    return tmp_path / "home"


def run(*argv: str) -> int:
    return cli.main(list(argv))


def exported(capsys: pytest.CaptureFixture[str], name: str) -> dict:
    assert run("export", "--listener", name) == 0
    return json.loads(capsys.readouterr().out)


NAMES = ("Ann", "../../etc/passwd", "/root/.ssh/id_rsa", "'; DROP TABLE listeners; --", "C:\\CON", "%s", "周")


@pytest.mark.parametrize("name", NAMES)
def test_a_listener_of_any_name_rates_exports_and_is_forgotten(
    name: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for stars in ("4.5", "3"):
        assert run("rate", "--listener", name, TUNE, stars) == 0
    found = exported(capsys, name)
    assert found["listener"]["name"] == name
    assert [(row["item"], row["stars"]) for row in found["ratings"]] == [(TUNE, 3)]
    assert run("rate", "--listener", name, TUNE, "none") == 0
    assert exported(capsys, name)["ratings"] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]
    assert {path.name.partition("-")[0] for path in home.iterdir()} == {"songloom.db"}
    assert run("forget", "--listener", name) == 0
    assert "forgotten, with 0 takes" in capsys.readouterr().out
    assert "nobody here is called" in refused(capsys, "export", "--listener", name)


def test_an_export_goes_to_a_file_and_takes_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = Store()
    (take,) = store.add([NewTake("ann-id", "Jig", "irish-jig", "lstm", {}, "w", 7, b"MThd")])
    store.close()
    assert run("rate", "--listener", "ann-id", f"take:{take.id}", "5") == 0
    out = tmp_path / "ann.json"
    assert run("export", "--listener", "ann-id", "--out", str(out)) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert json.loads(out.read_text(encoding="utf-8"))["takes"][0]["title"] == "Jig"
    assert run("forget", "--listener", "ann-id") == 0
    assert "with 1 takes" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("item", "stars", "words"),
    [
        (TUNE, "5.5", "0.5 to 5 in halves"),
        (TUNE, "0", "0.5 to 5 in halves"),
        (TUNE, "nan", "0.5 to 5 in halves"),
        (TUNE, "many", "0.5 to 5 in halves"),
        ("tune:oneill/none/1", "3", "A tune of the catalogue"),
        ("take:" + "0" * 32, "3", "there is none"),
        ("track:nobody/nothing", "3", "nobody brought it"),
        ("song:x", "3", "An item is named like"),
        ("../../etc/passwd", "3", "An item is named like"),
    ],
)
def test_bad_ratings_are_refused_and_make_no_listener(
    item: str, stars: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert words in refused(capsys, "rate", "--listener", "Ann", item, stars)
    assert "nobody here" in refused(capsys, "export", "--listener", "Ann")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "at least 1 character; got none"),
        ("a\x00b", "it holds control characters"),
        ("x" * 81, "at most 80 characters; got 81"),
    ],
)
def test_names_that_are_none_are_refused(name: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert words in refused(capsys, "rate", "--listener", name, TUNE, "3")
    assert words in refused(capsys, "forget", "--listener", name)
    store = Store()
    assert store.listening.counts()["ratings"] == 0
    store.close()


def test_an_export_comes_in_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ann.json"
    assert run("rate", "--listener", "Ann", TUNE, "4.5") == 0
    assert run("export", "--listener", "Ann", "--out", str(out)) == 0
    assert run("import", str(out), "--listener", "Bea") == 0
    assert "new: 0 takes, 1 ratings, 0 plays" in capsys.readouterr().out
    assert [(row["item"], row["stars"]) for row in exported(capsys, "Bea")["ratings"]] == [(TUNE, 4.5)]
    assert run("import", str(out), "--listener", "Bea", "--json") == 0
    assert set(json.loads(capsys.readouterr().out).values()) == {0}


@pytest.mark.parametrize(
    ("text", "expected"), [("{", "is JSON"), ("\x00", "is JSON"), ("[]", "An export of a listener is needed")]
)
def test_what_is_no_export_makes_no_listener(
    text: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "no.json"
    path.write_text(text)
    assert expected in refused(capsys, "import", str(path), "--listener", "Nobody")
    assert "is not there" in refused(capsys, "import", str(tmp_path / "nothing.json"), "--listener", "Nobody")
    assert "nobody here is called" in refused(capsys, "export", "--listener", "Nobody")
