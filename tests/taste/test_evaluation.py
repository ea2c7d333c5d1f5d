"""The evaluation itself: splits that hide what they should, measures that are right, a whole run on a small set."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from core import cli
from core.errors import FormatError
from core.taste.evaluation import list_figures, newcomer_figures, ranking_figures
from core.taste.evaluation.blend_fit import fit_blend
from core.taste.evaluation.hetrec import FOLDER, HetRec, first_of, held_out, load
from core.taste.evaluation.metrics import lists_of, mean, ndcg, recall
from core.taste.models.blend import Blend
from core.taste.models.popularity import Popularity

LISTENERS, ARTISTS, GROUPS, TAGS = 60, 180, 3, 9


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up set in the published format: three tastes, tags that name them."""
    root = tmp_path_factory.mktemp("data")
    target = root / FOLDER
    target.mkdir()
    random = np.random.default_rng(1)
    plays, tagged = ["userID\tartistID\tweight"], ["userID\tartistID\ttagID\tday\tmonth\tyear"]
    tagged += [f"1\t{artist + 10}\t{artist % GROUPS + 1}\t1\t1\t2009" for artist in range(0, ARTISTS, 2)]
    for listener in range(LISTENERS):
        for artist in range(ARTISTS):
            mine = artist % GROUPS == listener % GROUPS
            if random.random() < (0.7 if mine else 0.05):
                plays.append(f"{listener + 2}\t{artist + 10}\t{random.integers(1, 900)}")
                if random.random() < 0.4:
                    tag = artist % GROUPS + GROUPS * random.integers(3) + 1
                    tagged.append(f"{listener + 2}\t{artist + 10}\t{tag}\t1\t1\t2009")
    (target / "user_artists.dat").write_text("\n".join(plays) + "\n")
    (target / "user_taggedartists.dat").write_text("\n".join(tagged) + "\n")
    (target / "tags.dat").write_text("tagID\ttagValue\n" + "".join(f"{tag + 1}\ttag {tag}\n" for tag in range(TAGS)))
    return root


@pytest.fixture
def small_blend(monkeypatch: pytest.MonkeyPatch) -> Blend:
    """Instead of the shipped blend: fewer parts, fitted in no time."""
    blend = Blend(("popularity", "content", "als", "ease"), (10,), (1, 40),
                  np.array([[[0.4, 0.6, 0, 0], [0, 0.1, 0.5, 0.4]]], np.float32))
    monkeypatch.setattr(Blend, "shipped", lambda: blend)
    return blend


@pytest.fixture(scope="module")
def data(folder: Path) -> HetRec:
    return load(folder / FOLDER)


def test_reads_the_tables(data: HetRec) -> None:
    assert data.plays.shape == (LISTENERS, ARTISTS)
    assert len(data.tags) == TAGS
    assert data.taggings[:, 0].max() < LISTENERS


def test_a_broken_table_is_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="user_artists"):
        load(tmp_path)
    for name in ("user_artists.dat", "user_taggedartists.dat", "tags.dat"):
        (tmp_path / name).write_bytes((folder / FOLDER / name).read_bytes())
    (tmp_path / "user_artists.dat").write_text("userID\tartistID\tweight\n1\tone\t5\n")
    with pytest.raises(FormatError, match="grouplens"):
        load(tmp_path)


def test_a_split_takes_a_part_of_every_listener(data: HetRec) -> None:
    train, valid, test = held_out(data.plays, (0.1, 0.2), 3)
    assert (train + valid + test != data.plays).nnz == 0
    assert train.multiply(test).nnz == train.multiply(valid).nnz == valid.multiply(test).nnz == 0
    wanted = np.round(0.2 * np.diff(data.plays.indptr))
    assert np.diff(test.indptr).tolist() == wanted.tolist()
    assert (held_out(data.plays, (0.1, 0.2), 3)[2] != test).nnz == 0
    assert (held_out(data.plays, (0.1, 0.2), 4)[2] != test).nnz > 0


def test_own_tags_on_hidden_items_are_not_seen(data: HetRec) -> None:
    whole = data.content()
    nothing = data.content(data.plays)
    assert whole.matrix.nnz > nothing.matrix.nnz == ARTISTS // 2  # those by somebody who heard nothing stay
    row, column, _ = data.taggings[-1]
    one = sparse.csr_matrix(([1.0], ([row], [column])), shape=data.plays.shape)
    others = data.taggings[(data.taggings[:, 0] != row) | (data.taggings[:, 1] != column)]
    assert data.content(one).matrix.nnz == len({(what, tag) for _, what, tag in others})


def test_first_items_and_the_rest(data: HetRec) -> None:
    given, rest = first_of(data.plays, 4, 0)
    assert set(np.diff(given.indptr)) == {4}
    assert (given + rest != data.plays).nnz == 0


def test_ndcg_and_recall_by_hand() -> None:
    wanted = sparse.csr_matrix(np.array([[0, 1, 0, 1, 0], [1, 0, 0, 0, 0], [0, 0, 0, 0, 0]]))
    lists = np.array([[1, 0, 3], [1, 2, 3], [0, 1, 2]])
    ideal = 1 + 1 / np.log2(3)
    np.testing.assert_allclose(ndcg(lists, wanted), [(1 + 0.5) / ideal, 0, np.nan])
    np.testing.assert_allclose(recall(lists, wanted), [1, 0, np.nan])
    assert mean(recall(lists, wanted)) == 0.5


def test_lists_leave_out_what_was_heard(data: HetRec) -> None:
    train, test = held_out(data.plays, (0.2,), 0)
    model = Popularity().fit(data.interactions(train))
    lists = lists_of(model.scores, train, 5)
    assert not np.asarray(train[np.repeat(np.arange(LISTENERS), 5), lists.ravel()]).any()
    unseen = lists_of(model.scores, train, 5, seen=sparse.csr_matrix(train + test))
    assert not np.asarray(data.plays[np.repeat(np.arange(LISTENERS), 5), unseen.ravel()]).any()
    few = np.array([2, 5, 7, 11, 13, 17, 19])
    assert set(lists_of(lambda rows: np.ones(rows.shape, np.float32), 0 * train, 3, among=few).ravel()) <= set(few)


def test_the_blend_is_learned_without_the_test_part(data: HetRec) -> None:
    train, test = held_out(data.plays, (0.2,), 0)
    parts = ("popularity", "content", "als")
    blend = fit_blend(data, train, (test,), 0, "made up", parts=parts, sizes=(10,))
    assert blend.parts == parts
    np.testing.assert_allclose(blend.table.sum(axis=2), 1, atol=1e-4)
    again = fit_blend(data, train, (test,), 0, "made up", parts=parts, sizes=(10,))
    np.testing.assert_array_equal(again.table, blend.table)


@pytest.mark.usefixtures("small_blend")
def test_a_whole_run(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(newcomer_figures, "GIVEN", {1: None, 3: 0.1})
    monkeypatch.setattr(newcomer_figures, "COLD_ITEMS", 12)
    monkeypatch.setattr(list_figures, "EXPLAINED", 20)
    assert cli.main(["evaluate", "taste", "--data", str(folder), "--only", "ranking,recbole,newcomers,cold,lists", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    found = {row["name"]: row for row in report["figures"]}
    assert found["NDCG@10, hybrid"]["value"] > found["NDCG@10, popularity"]["value"]
    assert found["R@10, new artists, hybrid"]["value"] > 0.5
    assert all(np.isfinite(row["value"]) for row in report["figures"])
    assert {"NDCG@10, new listener with 3", "KL divergence taken off by calibration"} <= set(found)


def test_an_unknown_part_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "taste", "--data", str(folder), "--only", "luck"]) != 0
    assert "luck" in capsys.readouterr().err


def test_missing_data_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "taste", "--data", str(tmp_path)]) != 0
    assert FOLDER in capsys.readouterr().err


def test_the_table_of_several_seeds(data: HetRec, small_blend: Blend) -> None:
    split = ranking_figures.fitted_split(data, 1, small_blend, lambda line: None)
    tables = [ranking_figures.table(split, lambda line: None, full=True)] * 2
    rows = ranking_figures.figures(tables, "made up")
    assert rows[0].n == 2 * LISTENERS
    assert rows[0].peers["spread over seeds"] == 0
    assert {"NDCG@10, svdpp", "NDCG@10, als", "NDCG@10, als + tags"} <= {row.name for row in rows}
