"""Predicted stars, on the simulated community, whose true stars are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from core.report import Figure
from core.taste.community import simulate
from core.taste.content import content_of
from core.taste.features import at_hand
from core.taste.models.base import unit_rows
from core.taste.models.star_content import with_content
from core.taste.models.svd import SVD, SVDpp, surprise_trainset
from core.taste.protocol import MAX_STARS, MIN_STARS, Floats, Interactions

Say = Callable[[str], None]
TEST_SHARE = 0.2


def stars(seed: int, say: Say, full: bool) -> list[Figure]:
    """A fifth of the community's stars held out at random. Nothing where the catalogue's features are missing."""
    table = at_hand()
    if table is None:
        say("stars: left out, the features of the catalogue are not at hand")
        return []
    community = simulate(table, seed=seed)
    given = community.ratings
    shape = (len(community.listeners), len(community.items))
    test = np.random.default_rng(seed).random(len(given.value)) < TEST_SHARE
    known = sparse.csr_matrix((given.value[~test], (given.listener[~test], given.item[~test])), shape=shape, dtype=np.float32)
    data = Interactions(community.listeners, community.items, sparse.csr_matrix(shape, dtype=np.float32), known)
    where = (given.listener[test], given.item[test])
    wanted = given.value[test]
    truth = community.true_stars()
    biases = _biases(known)
    alone = SVD().fit(data, seed=seed)
    predictions = {"SVD": alone.predict_stars(known)}
    content = unit_rows(content_of(table).aligned(data.items).matrix)
    predictions = {"SVD and content, as the hybrid": with_content(predictions["SVD"], known, content), **predictions}
    if full:
        predictions["SVD++"] = SVDpp().fit(data, seed=seed).predict_stars(known)
    peers = {"biases alone": _rmse(biases[where], wanted), "the mean": _rmse(np.full_like(wanted, known.data.mean()), wanted),
             "the truth itself": _rmse(truth[where], wanted)}
    rows = [Figure(f"RMSE of stars, {name}", _rmse(predicted[where], wanted), round(peers["biases alone"], 4), "lower",
                   len(wanted), f"simulated community of {shape[0]}, seed {seed}", peers)
            for name, predicted in predictions.items()]
    say("stars: measured")
    return rows


def _biases(known: sparse.csr_matrix) -> Floats:
    """Surprise's BaselineOnly as a table (listeners × items)."""
    from surprise import BaselineOnly

    trainset = surprise_trainset(known)
    model = BaselineOnly(verbose=False).fit(trainset)
    listener, item = np.zeros(known.shape[0], np.float32), np.zeros(known.shape[1], np.float32)
    for inner in range(trainset.n_users):
        listener[trainset.to_raw_uid(inner)] = model.bu[inner]
    for inner in range(trainset.n_items):
        item[trainset.to_raw_iid(inner)] = model.bi[inner]
    return np.asarray(np.clip(trainset.global_mean + listener[:, None] + item, MIN_STARS, MAX_STARS), np.float32)


def _rmse(predicted: Floats, wanted: Floats) -> float:
    return float(np.sqrt(np.mean((predicted - wanted) ** 2)))
