"""The weights of the blend: where they are measured, between, and how they are learned."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from core.errors import FormatError, MissingError
from core.taste.models.blend import Blend, ascend, standardised
from core.taste.models.hybrid import Hybrid
from core.taste.models.popularity import Popularity
from core.taste.models.svd import SVD
from core.taste.registry import RECOMMENDERS
from tests.taste.world import GROUPS, cold_columns, group, world

BLEND = Blend(("content", "als"), (10, 1000), (1, 100),
              np.array([[[1, 0], [0.8, 0.2]], [[0.6, 0.4], [0, 1]]], np.float32), "by hand")


def test_weights_at_the_measured_points_and_beyond() -> None:
    found = BLEND.weights(np.array([0, 1, 100, 5000]), 10)
    np.testing.assert_allclose(found, [[1, 0], [1, 0], [0.8, 0.2], [0.8, 0.2]], atol=1e-6)
    np.testing.assert_allclose(BLEND.weights(np.array([100]), 10**6), [[0, 1]], atol=1e-6)


def test_weights_between_go_along_the_logarithm() -> None:
    np.testing.assert_allclose(BLEND.weights(np.array([10]), 100), [[0.6, 0.4]], atol=1e-6)


def test_collaboration_grows_with_history_and_listeners() -> None:
    by_length = BLEND.weights(np.array([1, 5, 20, 100]), 300)[:, 1]
    by_size = [BLEND.weights(np.array([20]), size)[0, 1] for size in (10, 50, 200, 1000)]
    assert (np.diff(by_length) > 0).all()
    assert (np.diff(by_size) > 0).all()


def test_what_is_shipped_fits_the_models() -> None:
    blend = Blend.shipped()
    assert set(blend.parts) <= set(RECOMMENDERS) - {"hybrid"}
    np.testing.assert_allclose(blend.table.sum(axis=2), 1, atol=1e-3)
    assert (blend.table >= 0).all()
    assert "HetRec" in blend.note


def test_what_is_shipped_shifts_from_popularity_and_content_to_collaboration() -> None:
    blend = Blend.shipped()
    alone = [blend.parts.index(name) for name in ("popularity", "content")]
    few, many = blend.weights(np.array([1, 40]), 1500)[:, alone].sum(axis=1)
    small, large = (blend.weights(np.array([10]), size)[0, alone].sum() for size in (10, 1500))
    assert few > many
    assert small > large


def test_ascent_finds_the_useful_part() -> None:
    found = ascend(lambda weights: float(weights[2] - weights[0]), 4)
    assert found[2] > 0.9
    assert found.sum() == pytest.approx(1)


def test_ascent_leaves_out_what_gives_nothing() -> None:
    def quality(weights: np.ndarray) -> float:
        return -abs(float(weights[0]) / max(float(weights[0] + weights[1]), 1e-9) - 0.5)

    assert ascend(quality, 4).tolist() == [0.5, 0.5, 0, 0]


def test_standardised_rows() -> None:
    found = standardised(np.array([[1, 2, 3], [5, 5, 5]], np.float32))
    np.testing.assert_allclose(found.mean(axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(found.std(axis=1), [1, 0], atol=1e-5)


def test_written_and_read(tmp_path: Path) -> None:
    path = tmp_path / "blend.json"
    path.write_text(json.dumps(BLEND.as_dict()))
    read = Blend.shipped(path)
    np.testing.assert_allclose(read.table, BLEND.table)
    assert (read.parts, read.sizes, read.lengths, read.note) == (BLEND.parts, BLEND.sizes, BLEND.lengths, BLEND.note)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"parts": ["als"], "sizes": [1], "lengths": [1], "table": [[[1, 2]]]}'])
def test_a_broken_blend_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "blend.json"
    with pytest.raises(MissingError):
        Blend.shipped(path)
    path.write_text(text)
    with pytest.raises(FormatError):
        Blend.shipped(path)


def test_without_content_the_hybrid_does_with_the_other_parts() -> None:
    data, _ = world()
    found = Hybrid(BLEND).fit(data)
    assert found.parts == ("als",)
    assert np.isfinite(found.scores(data.weights, data.stars)).all()


def test_stars_of_the_hybrid_are_those_of_svd_without_content() -> None:
    data, _ = world()
    found = Hybrid(BLEND).fit(data)
    np.testing.assert_array_equal(found.predict_stars(data.stars), SVD().fit(data).predict_stars(data.stars))


def test_content_tells_the_stars_of_items_that_nobody_rated() -> None:
    data, content = world()
    found = Hybrid(BLEND).fit(data, content)
    cold = cold_columns()
    stars = found.predict_stars(data.stars)[:, cold]
    mine = np.array([[group(column) == row % GROUPS for column in cold] for row in range(stars.shape[0])])
    assert stars[mine].mean() > stars[~mine].mean() + 0.03
    plain = SVD().fit(data).predict_stars(data.stars)[:, cold]
    assert abs(plain[mine].mean() - plain[~mine].mean()) < 0.001


def test_items_that_nobody_heard_have_weights_of_their_own() -> None:
    data, content = world()
    cold, other = cold_columns(), [column for column in range(len(data.items)) if column not in cold_columns()]
    plain = Hybrid(BLEND).fit(data, content).scores(data.weights, data.stars)
    own = Hybrid(replace(BLEND, cold=np.array([1, 0], np.float32))).fit(data, content)
    found = own.scores(data.weights, data.stars)
    np.testing.assert_array_equal(found[:, other], plain[:, other])
    by_content = standardised(own.models["content"].scores(data.weights))
    np.testing.assert_allclose(found[:, cold], by_content[:, cold], atol=1e-5)
    assert not np.allclose(found[:, cold], plain[:, cold])
    weights, stars = data.weights[0], data.stars[0]
    reasons = own.reasons(weights, stars, cold[0])
    assert sum(reason.contribution for reason in reasons) == pytest.approx(float(found[0, cold[0]]), abs=1e-4)
    assert Blend.from_dict(own.blend.as_dict()).cold.tolist() == [1, 0]
    with pytest.raises(FormatError):
        Blend.from_dict({**BLEND.as_dict(), "cold": [1, 0, 0]})


def test_popularity_expects_more_of_what_more_is_said_of() -> None:
    data, content = world()
    cold, heard = cold_columns()[:2], np.asarray((data.weights > 0).sum(axis=0)).ravel()
    matrix = content.matrix.toarray() * (0.2 + heard[:, None])
    matrix[cold[0]], matrix[cold[1]] = content.matrix.toarray()[cold[0]], content.matrix.toarray()[cold[1]] * 8
    found = Popularity().fit(data, replace(content, matrix=sparse.csr_matrix(matrix))).scores(data.weights[:1])[0]
    assert 0 <= found[cold[0]] < found[cold[1]] <= 1
    np.testing.assert_array_equal(found[heard > 0], Popularity().fit(data).scores(data.weights[:1])[0][heard > 0])
