"""The table of the catalogue: the shipped one is true, small and quick, and can be made again."""

from __future__ import annotations

import json
import time
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from core import cli
from core.corpora import catalogue
from core.errors import Cancelled, DataMissingError, FormatError
from core.score.files import write_score
from core.store.records import NewTake
from core.store.store import Store
from core.taste import features
from core.taste.content import BLOCKS, Scale, TakeDescriptions, content_of
from core.taste.describe import KINDS, NUMBERS, describe, usual_tempo
from core.taste.features import ASSET, FeatureTable, at_hand, catalogue_features, load_table, save_table
from tests.analysis.make import melody

TUNE = melody([(72, 1), (76, 1), (79, 1), (76, 1), (74, 1), (77, 1), (71, 1), (72, 1)])


@pytest.fixture(scope="module")
def table() -> FeatureTable:
    return load_table(ASSET)


def few(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(features, "tunes", lambda: islice(catalogue.tunes(), count))


def test_every_tune_of_the_catalogue_is_in_the_shipped_table(table: FeatureTable) -> None:
    assert table.ids == tuple(entry.id for entry in catalogue.catalogue())
    assert [entry.style for entry in catalogue.catalogue()] == table.word("style").tolist()
    assert np.isfinite(table.numbers).all()
    assert ASSET.stat().st_size <= 4 * 2**20
    assert "songloom catalogue features" in ASSET.with_suffix(".md").read_text(encoding="utf-8")


def test_shipped_numbers_are_those_of_this_code(table: FeatureTable) -> None:
    for ident in table.ids[::1000]:
        known = table.description(ident)
        style = known.word("style")
        texts = catalogue._text(ident)
        score = texts.read(unfold=False)
        again = describe(score, style, known.word("source"), None if texts.first("Q") else usual_tempo(style))
        assert again.words == known.words
        assert again.numbers == pytest.approx(known.numbers, rel=2e-3, abs=1e-3)


def test_table_and_content_load_in_a_tenth_of_a_second() -> None:
    def seconds() -> float:
        started = time.thread_time()  # what the machine does beside is not what is measured
        found = at_hand()
        assert found is not None
        content_of(found)
        return time.thread_time() - started

    assert min(seconds() for _ in range(5)) < 0.1


def test_a_table_survives_the_file(tmp_path: Path) -> None:
    made = FeatureTable.of(["a/1", "b/2"], [describe(TUNE, "waltz", "x"), describe(TUNE, "", "y")], "here")
    save_table(made, tmp_path / "t.safetensors")
    back = load_table(tmp_path / "t.safetensors")
    assert (back.ids, back.origin, back.word("style").tolist()) == (made.ids, "here", ["waltz", ""])
    assert back.numbers == pytest.approx(made.numbers, rel=1e-3)
    assert back.description("b/2").words == made.description("b/2").words
    assert back.number("valence") == pytest.approx(made.number("valence"), rel=1e-3)
    assert list(tmp_path.glob("*.part")) == []


def test_broken_and_missing_tables_are_told(tmp_path: Path) -> None:
    path = tmp_path / "t.safetensors"
    with pytest.raises(DataMissingError, match="songloom catalogue features"):
        load_table(path)
    path.write_bytes(ASSET.read_bytes()[:1000])
    with pytest.raises(FormatError, match="cannot be read"):
        load_table(path)


def test_a_table_of_other_features_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "NUMBERS", (*NUMBERS[:-1], "another"))
    with pytest.raises(FormatError, match="features of this version"):
        load_table(ASSET)


def test_another_music21_computes_once_and_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "origin", lambda: "music21 99.0")
    few(monkeypatch, 5)
    assert at_hand(tmp_path) is None
    seen: list[tuple[int, int]] = []
    table = catalogue_features(lambda done, total: seen.append((done, total)), tmp_path)
    assert (len(table), table.origin) == (5, "music21 99.0")
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1]
    monkeypatch.setattr(features, "tunes", lambda: pytest.fail("computed again"))
    assert catalogue_features(folder=tmp_path).ids == table.ids


def test_computing_can_be_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        catalogue_features(stop, tmp_path, tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_command_writes_table_and_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    few(monkeypatch, 3)
    assert cli.main(["catalogue", "features", "--out", str(tmp_path / "x.safetensors"), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["tunes"], facts["failures"]) == (3, {})
    assert len(load_table(tmp_path / "x.safetensors")) == 3
    assert "- Not described: 0" in (tmp_path / "x.md").read_text()


def test_content_finds_like_pieces(table: FeatureTable) -> None:
    content = content_of(table)
    matrix = content.matrix.toarray()
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    styles, modes, energy = table.word("style"), table.word("mode"), table.number("energy")
    picks = np.arange(0, len(table), 97)
    likeness = matrix[picks] @ matrix.T
    likeness[np.arange(len(picks)), picks] = -2
    nearest = likeness.argmax(1)
    assert (styles[nearest] == styles[picks]).mean() > 0.9
    assert (modes[nearest] == modes[picks]).mean() > 0.9
    assert np.abs(energy[nearest] - energy[picks]).mean() < 0.5 * np.abs(energy[picks] - energy[np.roll(picks, 1)]).mean()


def test_blocks_have_their_share_of_a_row(table: FeatureTable) -> None:
    content = content_of(table)
    assert set(BLOCKS) >= set(KINDS)
    assert sum(BLOCKS.values()) == pytest.approx(1)
    assert content.features[len(NUMBERS):][0].startswith("style:")
    assert content.matrix.power(2).sum() / len(table) == pytest.approx(1, abs=0.1)


def test_other_items_lie_on_the_scale_of_the_catalogue(table: FeatureTable) -> None:
    ident = table.ids[100]
    content = content_of(table, {"take:x": table.description(ident), "take:own": describe(TUNE, "my-own-style", "take")})
    assert content.items[-2:] == ("take:x", "take:own")
    assert content.matrix[-2].toarray() == pytest.approx(content.matrix[100].toarray(), abs=1e-5)
    assert content.matrix.shape[1] == len(content.features) == len(Scale(table).features)


def test_takes_are_described_once_for_every_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(f"sqlite:///{tmp_path / 'db'}")
    midi = write_score(TUNE, ".mid")
    (take,) = store.add([NewTake("me", "t", "waltz", "lstm", {}, "w", 1, midi)])
    takes = TakeDescriptions()
    first = takes.of(take)
    assert (first.word("style"), first.word("source")) == ("waltz", "take")
    assert takes.of(store.take(take.id)) is first
    slow = write_score(melody([(60, 4), (63, 4), (60, 4)], key=(0, "minor")), ".mid")
    assert takes.of(store.edit(take.id, "me", slow, "edit")).number("energy") < first.number("energy")
    takes.forget(take.id)
    assert takes.of(take) is not first
    store.close()
