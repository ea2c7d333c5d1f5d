"""Explanations that cause what they explain, and lists that keep a listener's own mix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from core.report import Figure
from core.taste.evaluation.metrics import K, mean, ndcg
from core.taste.evaluation.ranking_figures import Split
from core.taste.lists import CALIBRATION, POOL, VARIETY
from core.taste.models.asked import remembering
from core.taste.models.base import unit_rows
from core.taste.protocol import Floats
from core.taste.ranking import masked, top
from core.taste.rerank import calibrated, divergence, diversified

Say = Callable[[str], None]
EXPLAINED, CITED = 500, 3
KINDS = 40


def explanations(split: Split, say: Say) -> list[Figure]:
    """Recommendations at random places of random lists: what the score loses without the items that are cited,
    and without as many random others of the history."""
    random = np.random.default_rng(split.seed)
    enough = np.flatnonzero(np.diff(split.train.indptr) >= 2 * CITED)
    lost: list[float] = []
    lost_random: list[float] = []
    for row in random.choice(enough, EXPLAINED):
        history = split.train[int(row)]
        with remembering():
            scores = split.hybrid.scores(history)
            item = int(top(masked(scores, history), K)[0, random.integers(K)])
            reasons = [r for r in split.hybrid.reasons(history, None, item) if r.kind == "item"]
        cited = [split.hybrid.items.index(reason.key) for reason in reasons[:CITED]]
        others = random.choice(np.setdiff1d(history.indices, cited), CITED, replace=False)
        for columns, into in ((np.array(cited), lost), (others, lost_random)):
            into.append(float(scores[0, item] - split.hybrid.scores(_without(history, columns))[0, item]))
    say("explanations: measured")
    falls = float(np.mean(np.array(lost) > 0))
    name = f"seed {split.seed}, {CITED} items cited of each"
    return [Figure("share of recommendations whose score falls without the cited items", falls, 0.95, "higher", EXPLAINED, name,
                   {"random items": float(np.mean(np.array(lost_random) > 0))}),
            Figure("mean loss without the cited items less that without random ones",
                   float(np.mean(lost)) - float(np.mean(lost_random)), 0.0, "higher", EXPLAINED, name,
                   {"cited": float(np.mean(lost)), "random": float(np.mean(lost_random))})]


def _without(history: sparse.csr_matrix, columns: np.ndarray) -> sparse.csr_matrix:
    keep = ~np.isin(history.indices, columns)
    return sparse.csr_matrix((history.data[keep], history.indices[keep], [0, int(keep.sum())]), shape=history.shape)


def diversity(split: Split, say: Say) -> list[Figure]:
    """Calibration and variety of the hybrid's hundred best: what they give and what they cost."""
    content = split.data.content(split.test)
    often = np.argsort(-np.asarray((content.matrix > 0).sum(axis=0)).ravel(), kind="stable")[:KINDS]
    kinds = np.asarray(content.matrix[:, often].todense(), np.float32)
    mixes = kinds / np.maximum(kinds.sum(axis=1, keepdims=True), 1e-9)
    alike = unit_rows(content.matrix)
    found: dict[str, list[np.ndarray]] = {"as ranked": [], "calibrated": [], "varied": []}
    wishes = []

    for start in range(0, split.train.shape[0], 256):
        rows = split.train[start:start + 256]
        scores = masked(split.hybrid.scores(rows), rows)
        for row, pool in enumerate(top(scores, POOL)):
            mix = mixes[rows[row].indices].sum(axis=0)
            wish = mix / mix.sum() if mix.sum() > 0 else mix
            own = scores[row, pool]
            near = np.asarray((alike[pool] @ alike[pool].T).todense(), np.float32)
            wishes.append(wish)
            found["as ranked"].append(pool[:K])
            found["calibrated"].append(pool[calibrated(own, mixes[pool], wish, K, CALIBRATION)])
            found["varied"].append(pool[diversified(own, near, K, VARIETY)])
    say("diversity: measured")
    return _diversity_figures(split, {name: np.stack(lists) for name, lists in found.items()}, np.stack(wishes), mixes, alike)


def _diversity_figures(split: Split, lists: dict[str, np.ndarray], wishes: Floats, mixes: Floats,
                       alike: sparse.csr_matrix) -> list[Figure]:
    quality = {name: mean(ndcg(some, split.test)) for name, some in lists.items()}
    known = np.flatnonzero(wishes.sum(axis=1) > 0)
    far = {name: float(np.mean([divergence(wishes[row], mixes[some[row]].mean(axis=0)) for row in known]))
           for name, some in lists.items()}
    inner = {name: float(np.mean([_likeness(alike, row) for row in some])) for name, some in lists.items()}
    n, where = len(known), f"ten of the best {POOL}, seed {split.seed}"
    plain = "as ranked"
    return [
        Figure("KL divergence taken off by calibration", 1 - far["calibrated"] / far[plain], 0.25, "higher", n, where,
               {"as ranked": far[plain], "calibrated": far["calibrated"]}),
        Figure("NDCG@10 lost by calibration", 1 - quality["calibrated"] / quality[plain], 0.02, "lower", n, where,
               {"as ranked": quality[plain], "calibrated": quality["calibrated"]}),
        Figure("likeness within the list taken off by variety", 1 - inner["varied"] / inner[plain], None, "higher", n, where,
               {"as ranked": inner[plain], "varied": inner["varied"]}),
        Figure("NDCG@10 lost by variety", 1 - quality["varied"] / quality[plain], None, "lower", n, where, {}),
    ]


def _likeness(alike: sparse.csr_matrix, columns: np.ndarray) -> float:
    """Mean cosine of the pairs of a list."""
    table = np.asarray((alike[columns] @ alike[columns].T).todense())
    pairs = len(columns) * (len(columns) - 1)
    return float((table.sum() - np.trace(table)) / pairs)


