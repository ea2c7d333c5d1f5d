"""What every registered recommender must do, whatever it is made of."""

from __future__ import annotations

from copy import copy
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from core.errors import Cancelled, FormatError, MissingError, RequestError
from core.taste.files import load_model, save_model
from core.taste.models.asked import Asked, remembering
from core.taste.protocol import Fitted, Interactions, Recommender, StarPredictor
from core.taste.ranking import masked, top
from core.taste.registry import RECOMMENDERS, get
from tests.taste.world import GROUPS, PER_GROUP, cold_columns, group, world

MODELS = pytest.mark.parametrize("model_id", sorted(RECOMMENDERS))
PERSONAL = pytest.mark.parametrize("model_id", sorted(set(RECOMMENDERS) - {"popularity"}))


@cache
def fitted(model_id: str) -> Recommender:
    data, content = world()
    return get(model_id).fit(data, content, seed=3)


@MODELS
def test_is_a_recommender_with_its_own_id(model_id: str) -> None:
    model = get(model_id)
    assert isinstance(model, Recommender)
    assert model.id == model_id


@MODELS
def test_scores_are_finite_and_one_row_for_each_history(model_id: str) -> None:
    data, _ = world()
    scores = fitted(model_id).scores(data.weights[:7], data.stars[:7])
    assert scores.shape == (7, len(data.items))
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()


@MODELS
def test_rows_are_scored_alike_alone_and_together(model_id: str) -> None:
    data, _ = world()
    together = fitted(model_id).scores(data.weights[:5], data.stars[:5])
    alone = fitted(model_id).scores(data.weights[3:4], data.stars[3:4])
    np.testing.assert_allclose(alone[0], together[3], atol=1e-4)


@MODELS
def test_same_seed_same_scores(model_id: str) -> None:
    data, content = world()
    again = get(model_id).fit(data, content, seed=3)
    first = fitted(model_id).scores(data.weights, data.stars)
    np.testing.assert_allclose(again.scores(data.weights, data.stars), first, atol=1e-5)


@MODELS
def test_saved_and_loaded_scores_alike(model_id: str, tmp_path: Path) -> None:
    data, _ = world()
    path = tmp_path / "models" / f"{model_id}.safetensors"
    save_model(fitted(model_id), path)
    loaded = load_model(path)
    assert loaded.items == data.items
    np.testing.assert_array_equal(loaded.scores(data.weights, data.stars), fitted(model_id).scores(data.weights, data.stars))
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert not any(listener.encode() in path.read_bytes() for listener in data.listeners)


@MODELS
def test_folding_in_gives_what_fitting_gave(model_id: str) -> None:
    data, _ = world()
    model = fitted(model_id)
    if not isinstance(model, Fitted):
        np.testing.assert_allclose(model.scores(data.weights[:1], data.stars[:1])[0],
                                   model.scores(data.weights, data.stars)[0], atol=1e-4)
        return
    ours, theirs = model.scores(data.weights, data.stars), model.fitted_scores()
    agreement = [np.corrcoef(a, b)[0, 1] for a, b in zip(ours, theirs, strict=True)]
    assert np.median(agreement) > 0.97


@MODELS
def test_asking_again_gives_the_same_and_nothing_stays_in_the_model(model_id: str) -> None:
    data, _ = world()
    model = fitted(model_id)
    weights, stars = data.weights[3], data.stars[3]
    first, why = model.scores(weights, stars), model.reasons(weights, stars, 0)
    inside = (model, *getattr(model, "models", {}).values())
    before = [(key, id(value)) for one in inside for key, value in vars(one).items()]
    asked: Asked = {}
    for _ in range(2):
        with remembering(asked):
            np.testing.assert_array_equal(model.scores(weights, stars), first)
            assert model.reasons(weights, stars, 0) == why
            assert not np.array_equal(model.scores(data.weights[4], data.stars[4]), first) or model_id == "popularity"
    assert {key[0] for key in asked} >= {model}
    assert [(key, id(value)) for one in inside for key, value in vars(one).items()] == before


@MODELS
def test_seen_items_are_masked(model_id: str) -> None:
    data, _ = world()
    weights, stars = data.weights[:10], data.stars[:10]
    for row, columns in enumerate(top(masked(fitted(model_id).scores(weights, stars), weights), 10)):
        assert not set(columns) & set(weights[row].indices)


@MODELS
def test_an_empty_history_gets_finite_scores_that_are_not_chance(model_id: str) -> None:
    data, _ = world()
    empty = sparse.csr_matrix((2, len(data.items)), dtype=np.float32)
    scores = fitted(model_id).scores(empty)
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(scores[0], scores[1])
    popular = np.asarray((data.weights > 0).sum(axis=0)).ravel()
    assert popular[top(scores[:1], 10)[0]].mean() > popular.mean()


@PERSONAL
def test_finds_the_taste_of_a_listener(model_id: str) -> None:
    data, _ = world()
    lists = top(masked(fitted(model_id).scores(data.weights, data.stars), data.weights), 3)
    right = [group(column) == row % GROUPS for row, columns in enumerate(lists) for column in columns]
    assert np.mean(right) > 0.7


@PERSONAL
def test_a_new_listener_is_like_any_other(model_id: str) -> None:
    data, _ = world()
    weights = np.zeros((1, len(data.items)), np.float32)
    weights[0, [PER_GROUP, PER_GROUP + 1, PER_GROUP + 2]] = 5
    stars = (weights > 0) * np.float32(5)
    found = top(masked(fitted(model_id).scores(weights, stars), sparse.csr_matrix(weights)), 5)[0]
    assert np.mean([group(column) == 1 for column in found]) >= 0.6


@MODELS
def test_items_that_nobody_heard(model_id: str) -> None:
    data, _ = world()
    model = fitted(model_id)
    scores = model.scores(data.weights, data.stars)
    cold = cold_columns()
    assert np.isfinite(scores[:, cold]).all()
    if model.cold_items:
        best = [cold[index] for index in scores[:, cold].argmax(axis=1)]
        assert np.mean([group(column) == row % GROUPS for row, column in enumerate(best)]) > 0.8


@MODELS
def test_reasons_add_up_to_the_score(model_id: str) -> None:
    data, _ = world()
    model = fitted(model_id)
    for row in range(4):
        weights, stars = data.weights[row], data.stars[row]
        scores = model.scores(weights, stars)
        item = int(top(masked(scores, weights), 1)[0, 0])
        reasons = model.reasons(weights, stars, item)
        assert sum(reason.contribution for reason in reasons) == pytest.approx(float(scores[0, item]), abs=2e-3, rel=2e-3)
        history = {data.items[column] for column in [*weights.indices, *stars.indices]}
        assert {reason.key for reason in reasons if reason.kind == "item"} <= history
        assert [r.contribution for r in reasons] == sorted((r.contribution for r in reasons), reverse=True)


@PERSONAL
def test_without_the_first_reason_the_score_falls(model_id: str) -> None:
    data, _ = world()
    model = fitted(model_id)
    falls = []
    for row in range(30):
        weights, stars = data.weights[row], data.stars[row]
        scores = model.scores(weights, stars)
        item = int(top(masked(scores, weights), 1)[0, 0])
        first = next(r for r in model.reasons(weights, stars, item) if r.kind == "item")
        column = data.items.index(first.key)
        less_weights, less_stars = weights.tolil(), stars.tolil()
        less_weights[0, column] = less_stars[0, column] = 0
        falls.append(model.scores(less_weights.tocsr(), less_stars.tocsr())[0, item] < scores[0, item])
    assert np.mean(falls) > 0.9


@MODELS
def test_reasons_by_feature_name_features(model_id: str) -> None:
    data, content = world()
    for reason in fitted(model_id).feature_reasons(data.weights[0], data.stars[0], 3):
        assert reason.kind in ("feature", "prior")
        assert reason.kind == "prior" or reason.key in content.features


@MODELS
def test_stars_are_stars(model_id: str) -> None:
    model = fitted(model_id)
    if isinstance(model, StarPredictor):
        data, _ = world()
        predicted = model.predict_stars(data.stars)
        assert predicted.shape == data.stars.shape
        assert predicted.min() >= 0.5
        assert predicted.max() <= 5


@MODELS
def test_wrong_histories_are_refused(model_id: str) -> None:
    model = fitted(model_id)
    items = len(model.items)
    right = np.ones((1, items), np.float32)
    wrong = [np.ones((1, items + 1)), np.ones(items), -right, right * np.nan]
    for weights in wrong:
        with pytest.raises(RequestError, match=r"history|finite"):
            model.scores(weights)
    for stars in (right * 6, right * 0.2, np.ones((2, items))):
        with pytest.raises(RequestError):
            model.scores(right, stars)
    with pytest.raises(RequestError, match="column"):
        model.reasons(right, None, items)
    with pytest.raises(RequestError, match="one history"):
        model.reasons(np.ones((2, items)), None, 0)


@MODELS
def test_an_unfitted_model_and_no_data_are_refused(model_id: str, tmp_path: Path) -> None:
    data, content = world()
    with pytest.raises(RequestError, match="fitted"):
        get(model_id).scores(data.weights)
    with pytest.raises(RequestError, match="fitted"):
        save_model(get(model_id), tmp_path / "x.safetensors")
    nothing = Interactions((), data.items, sparse.csr_matrix((0, len(data.items))), sparse.csr_matrix((0, len(data.items))))
    with pytest.raises(RequestError, match="nothing yet"):
        get(model_id).fit(nothing, content)


@MODELS
def test_fitting_can_be_stopped_and_leaves_the_model_as_it_was(model_id: str) -> None:
    data, content = world()
    model = copy(fitted(model_id))  # fitting sets attributes anew, so that the one that is copied keeps its own
    before = model.scores(data.weights, data.stars)

    def stop(done: int, total: int) -> None:
        assert 0 <= done <= total
        raise Cancelled

    with pytest.raises(Cancelled):
        model.fit(data, content, stop, seed=4)
    np.testing.assert_array_equal(model.scores(data.weights, data.stars), before)


@MODELS
def test_fitting_anew_leaves_nothing_of_the_fit_before(model_id: str) -> None:
    data, content = world()
    some = Interactions(data.listeners[:20], data.items[::2], data.weights[:20, ::2], data.stars[:20, ::2])
    again, fresh = copy(fitted(model_id)), get(model_id)
    again.scores(data.weights[0], data.stars[0])
    again.fit(some, content, seed=3)
    fresh.fit(some, content, seed=3)
    np.testing.assert_allclose(again.scores(some.weights, some.stars), fresh.scores(some.weights, some.stars), atol=1e-5)


@MODELS
def test_fits_with_a_single_listener(model_id: str) -> None:
    data, content = world()
    alone = Interactions(data.listeners[:1], data.items, data.weights[:1], data.stars[:1])
    assert np.isfinite(get(model_id).fit(alone, content).scores(data.weights[:3], data.stars[:3])).all()


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    with pytest.raises(MissingError, match="not there"):
        load_model(path)
    save_model(fitted("popularity"), path)
    whole = path.read_bytes()
    for broken in (b"", b"no", whole[:-4], whole.replace(b"popularity\\\"", b"popularitx\\\"")):
        path.write_bytes(broken)
        with pytest.raises(FormatError):
            load_model(path)


def test_an_unknown_recommender_is_refused() -> None:
    with pytest.raises(RequestError, match="popularity"):
        get("crystal ball")
