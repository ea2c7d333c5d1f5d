"""Which value calibration chooses: the first that reaches what real pieces show, else the nearest."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.engines.lstm import calibrate
from core.engines.lstm.leadsheet import encode
from core.score.abc_reader import read_abc

TUNE = "X:1\nM:6/8\nL:1/8\nK:D\n" + "DFA DFA | GBd gfe | " * 4


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> calibrate._Bench:
    """A bench whose composing returns what is written in its file, in place of music."""
    sheet = encode(read_abc(TUNE))
    facts: dict[str, Any] = {"metres": [sheet.metre], "modes": [sheet.mode]}
    (tmp_path / "set-free.json").write_text(json.dumps({"statistics": {"jig": facts}}))
    corpus = SimpleNamespace(sheets={"a": sheet}, samples={"train": [SimpleNamespace(id="a", style=0)]}, styles=("jig",))
    monkeypatch.setattr(calibrate._Bench, "_compose", lambda self: facts_of(self))
    return calibrate._Bench("set-free", tmp_path, corpus, "jig")


def facts_of(bench: calibrate._Bench) -> Any:
    return json.loads(bench.path.read_text())["statistics"]["jig"]


@pytest.mark.parametrize(
    ("reached", "wanted", "more_is_fine", "chosen", "tries"),
    [
        ({1: 0.2, 2: 0.6, 3: 0.9}, 0.5, False, 2, 2),
        ({1: 0.45, 2: 0.9, 3: 0.9}, 0.5, False, 1, 2),
        ({1: 0.45, 2: 0.9, 3: 0.9}, 0.5, True, 2, 2),
        ({1: 0.2, 2: 0.4, 3: 0.3}, 0.5, True, 2, 3),
    ],
)
def test_the_nearest_value_is_written(
    bench: calibrate._Bench, reached: dict[float, float], wanted: float, more_is_fine: bool, chosen: float, tries: int
) -> None:
    tried = bench.choose("guidance", (1, 2, 3), lambda made: reached[made["guidance"]], wanted, more_is_fine=more_is_fine)
    assert len(tried) == tries
    assert facts_of(bench)["guidance"] == chosen


def test_other_facts_stay(bench: calibrate._Bench) -> None:
    before = facts_of(bench)
    bench.choose("repeat_bonus", (0.5,), lambda made: 1.0, 1.0)
    assert facts_of(bench) == {**before, "repeat_bonus": 0.5}
