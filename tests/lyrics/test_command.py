"""`songloom lyrics`."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from core import cli
from tests.fakes import fake_lines

TEXT = "Beautiful dreamer, wake unto me\n月光照在窗前，你好吗\n"


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_lines_with_syllables_and_mood(song: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lyrics", str(song)]) == 0
    out = capsys.readouterr().out
    assert "9  'Beau-ti-ful 'dream-er, 'wake 'un-to me|" in out
    assert "你(ni2)-好(hao3) 吗(ma5)||" in out
    assert "mood: valence +" in out
    assert "major" in out


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("\ufeffI weep alone\n\nI weep alone".encode())))
    assert cli.main(["lyrics", "-"]) == 0
    assert "2 verse (found), again 1" in capsys.readouterr().out


def test_json_and_corrections(song: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fixes = tmp_path / "fixes.json"
    fixes.write_text('[{"word": "dreamer", "stress": [0, 1]}]')
    assert cli.main(["lyrics", str(song), "--json", "--corrections", str(fixes)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["languages"] == ["en", "zh"]
    section = found["sections"][0]
    assert [line["text"] for line in section["lines"]] == TEXT.splitlines()
    dreamer = section["lines"][0]["words"][1]
    assert [syllable["stress"] for syllable in dreamer["syllables"]] == [0, 1]
    assert dreamer["syllables"][1]["breath"] == "comma"
    assert dreamer["is_corrected"]
    assert set(section["suggestion"]) == {"mode", "bpm", "span", "lift", "density", "because"}


@pytest.mark.parametrize(
    ("data", "options", "said"),
    [(b"\xff\xfe", [], "UTF-8"), (b"", [], "no letter"), ("Привет".encode(), [], "Cyrillic"),
     (b"hi", ["--language", "xx"], "xx")],
)
def test_what_cannot_be_sung_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, options: list[str], said: str
) -> None:
    path = tmp_path / "song.txt"
    path.write_bytes(data)
    assert cli.main(["lyrics", str(path), *options]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_next_lines_say_who_wrote_them(song: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.engines.lstm.lines.writer.suggest", fake_lines)
    assert cli.main(["lyrics", str(song), "--suggest", "2", "--syllables", "7", "--rhyme", "1"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "written by a machine (songloom), 7 syllables, to rhyme with line 1"
    assert len(lines) == 2
    assert cli.main(["lyrics", str(song), "--suggest", "--rhyme", "none", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["written_by"], told["rhymes_with"], told["syllables"]) == ("songloom", None, 9)
    assert len(told["lines"]) == 3


@pytest.mark.parametrize(
    "options",
    [["--suggest", "0"], ["--suggest", "99"], ["--suggest", "--rhyme", "9"], ["--suggest", "--rhyme", "x"],
     ["--suggest", "--syllables", "99"], ["--suggest", "--address", "ftp://x", "--model", "m"],
     ["--suggest", "--address", "http://localhost/v1"]],
)  # fmt: skip
def test_next_lines_that_cannot_be_asked_for(song: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["lyrics", str(song), *options]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
