"""`songloom recommend`, on a fresh installation with the catalogue that comes with it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli import main

LOVED = "tune:oneill/0701-0720/701"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path))
    monkeypatch.delenv("SONGLOOM_DB", raising=False)


def test_recommendations_have_score_stars_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rate", "--listener", "Ann", LOVED, "5"]) == 0
    capsys.readouterr()
    assert main(["recommend", "--listener", "Ann", "-k", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["recommendations"]
    assert len({one["item"] for one in found}) == 3
    assert LOVED not in {one["item"] for one in found}
    assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)
    assert all(0.5 <= one["predicted_stars"] <= 5 for one in found)
    assert all(LOVED in {reason["key"] for reason in one["reasons"]} for one in found)


@pytest.mark.parametrize("wrong", [["-k", "0"], ["-k", "3", "--model", "oracle"]])
def test_absurd_wishes_are_told_in_a_line(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rate", "--listener", "Ann", LOVED, "5"]) == 0
    assert main(["recommend", "--listener", "Ann", *wrong]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
