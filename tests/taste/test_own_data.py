"""A listener's data and what was learned from it: taken along it gives the same music, forgotten it is in no file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.store.records import Item
from core.taste import fitting, snapshot
from core.taste.service import Taste
from tests.store.make import history
from tests.taste.small import ME, OTHER, crowd, of_style, small_table, small_taste

FEW = ("popularity", "svd", "als", "content")


def refit(taste: Taste, progress=fitting.no_progress) -> None:
    fitting.refit(taste.store.url, taste.folder, small_table(), FEW, progress=progress)


def listens(taste: Taste, listener: str = ME) -> None:
    for number, item in enumerate((*of_style("irish-jig")[:4], *of_style("german-folk")[:2])):
        taste.store.listening.rate(listener, item, 5.0 - number / 2)
        taste.store.listening.play(listener, item, 60 + number, 90)
    taste.store.listening.exclude(listener, "style", "hornpipe")


def brings_tracks(taste: Taste, listener: str) -> None:
    plays = history(60, listener, tracks=6)
    titles = [Item(item, f"Glorzbaum {number}") for number, item in enumerate(plays.items)]
    taste.store.imports.bring("lastfm", listener=listener, plays=plays, items=titles)


def files_with(mark: str, folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and mark.encode() in path.read_bytes()]


def test_an_export_brought_into_another_installation_gives_the_same_ten(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    here, there = small_taste(tmp_path), small_taste(tmp_path / "other")
    for taste in (here, there):
        crowd(taste)
    listens(here)
    refit(here)
    export = json.loads(json.dumps(here.store.privacy.export(ME)))
    there.store.privacy.import_export(export, ME)
    refit(there)
    ten = [(one.item, round(one.score, 4)) for one in here.recommend(ME, 10)]
    assert len(ten) == 10
    assert [(one.item, round(one.score, 4)) for one in there.recommend(ME, 10)] == ten


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path))
    return tmp_path


def test_forgetting_removes_what_was_learned_and_the_next_fit_knows_nothing(home: Path) -> None:
    taste = small_taste(home)
    crowd(taste)
    listens(taste)
    brings_tracks(taste, ME)
    refit(taste)
    assert files_with("artist-0/title-0", taste.folder)
    taste.forget(ME)
    for mark in (ME, "artist-0/title-0", "Glorzbaum"):
        assert files_with(mark, home) == []
    refit(taste)
    for mark in (ME, "artist-0/title-0", "Glorzbaum"):
        assert files_with(mark, home) == []
    assert taste.snapshot().models


def test_who_is_forgotten_during_a_fit_is_not_in_what_comes_of_it(home: Path) -> None:
    taste = small_taste(home)
    crowd(taste)
    listens(taste, OTHER)
    brings_tracks(taste, ME)
    steps = []

    def forget_in_the_middle(done: int, total: int) -> None:
        if not steps:
            taste.store.privacy.forget(ME)
        steps.append(done)

    refit(taste, forget_in_the_middle)
    assert files_with("artist-0/title-0", home) == []
    assert snapshot.current(taste.folder) is not None
    assert taste.recommend(OTHER, 3)
