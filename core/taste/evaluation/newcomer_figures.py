"""New listeners and new artists: what the hybrid does with little or nothing heard."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse

from core.report import Figure
from core.taste.evaluation.blend_fit import fit_blend
from core.taste.evaluation.hetrec import HetRec, first_of, held_out, only
from core.taste.evaluation.metrics import lists_of, mean, ndcg, recall
from core.taste.models.als import ALS
from core.taste.models.blend import Blend
from core.taste.models.hybrid import Hybrid

Say = Callable[[str], None]
NEW_SHARE = 0.2
GIVEN = {1: 0.061, 3: None, 5: 0.104, 10: None}
COLD_ITEMS, COLD_LEAST = 281, 5


def listeners(data: HetRec, blend: Blend | None, seed: int, say: Say) -> list[Figure]:
    """A fifth of the listeners is unknown to the models; they name n random artists, the rest is ranked.
    `blend` None learns the weights from the known listeners."""
    order = np.random.default_rng(seed).permutation(data.plays.shape[0])
    cut = round(NEW_SHARE * len(order))
    new, known = data.plays[np.sort(order[:cut])], data.plays[np.sort(order[cut:])]
    unseen = sparse.csr_matrix(sparse.diags(np.isin(np.arange(len(order)), order[:cut]).astype(np.float32)) @ data.plays)
    content = data.content(unseen)
    if blend is None:
        own = sparse.csr_matrix(data.plays - unseen)
        blend = fit_blend(data, own, (unseen,), seed, "the known listeners", say, sizes=())
    hybrid = Hybrid(blend).fit(data.interactions(known), content, seed=seed)
    alone = ALS().fit(data.interactions(known), seed=seed)
    say(f"new listeners, seed {seed}: hybrid fitted")
    split = f"{cut} unseen listeners, seed {seed}"
    rows = []
    for count, target in GIVEN.items():
        given, rest = first_of(new, count, seed)
        scorers = {"hybrid": hybrid.scores, "als": alone.scores, "popularity": hybrid.models["popularity"].scores}
        values = {name: mean(ndcg(lists_of(scorer, given), rest)) for name, scorer in scorers.items()}
        rows.append(Figure(f"NDCG@10, new listener with {count}", values.pop("hybrid"), target, "higher", cut, split, values))
    return [*rows, *_fold_in(data, known, new, seed, say)]


def _fold_in(data: HetRec, known: sparse.csr_matrix, new: sparse.csr_matrix, seed: int, say: Say) -> list[Figure]:
    """New listeners' whole histories folded in, against a model that was fitted with them."""
    given, rest = held_out(new, (0.2,), seed)
    together = sparse.csr_matrix(sparse.vstack([known, given]))
    folded = ALS().fit(data.interactions(known), seed=seed)
    refitted = ALS().fit(data.interactions(together), seed=seed)
    ours = mean(ndcg(lists_of(folded.scores, given), rest))
    theirs = refitted.fitted_scores()[known.shape[0]:]
    theirs_ndcg = mean(ndcg(lists_of(_rows_in_turn(theirs), given), rest))
    say(f"fold-in, seed {seed}: measured")
    return [Figure("NDCG@10 of fold-in over that of a refit, ALS", ours / theirs_ndcg, 0.99, "higher", new.shape[0],
                   f"unseen listeners, seed {seed}", {"fold-in": ours, "refit": theirs_ndcg})]


def _rows_in_turn(scores: np.ndarray) -> Callable[[sparse.csr_matrix], np.ndarray]:
    """A scorer that gives the rows of a table, as many as it is asked for, one after the other."""
    at = iter(np.arange(len(scores)))

    def scorer(rows: sparse.csr_matrix) -> np.ndarray:
        return np.asarray(scores[[next(at) for _ in range(rows.shape[0])]])

    return scorer


def items(data: HetRec, blend: Blend, seed: int, say: Say) -> list[Figure]:
    """`COLD_ITEMS` of the artists with at least `COLD_LEAST` listeners are hidden from everybody, and the tags
    that their own listeners gave them; then the hidden ones are ranked among themselves."""
    count = np.asarray((data.plays > 0).sum(axis=0)).ravel()
    often = np.flatnonzero(count >= COLD_LEAST)
    cold = np.sort(np.random.default_rng(seed).permutation(often)[:COLD_ITEMS])
    is_cold = np.isin(data.plays.indices, cold)
    train, hidden = only(data.plays, ~is_cold), only(data.plays, is_cold)
    content = data.content(hidden)
    known = data.interactions(train)
    hybrid = Hybrid(blend).fit(known, content, seed=seed)
    say(f"new artists, seed {seed}: hybrid fitted")
    tagged = np.asarray((content.matrix > 0).sum(axis=1)).ravel()[None]
    scorers = {"hybrid": hybrid.scores, "tag popularity": lambda rows: np.repeat(tagged, rows.shape[0], 0).astype(np.float32)}
    scorers |= {name: hybrid.models[name].scores for name in ("content", "als", "ease", "two-tower") if name in hybrid.models}
    values = {name: mean(recall(lists_of(scorer, train, among=cold), hidden)) for name, scorer in scorers.items()}
    return [Figure("R@10, new artists, hybrid", values.pop("hybrid"), 0.53, "higher", COLD_ITEMS,
                   f"{COLD_ITEMS} of {len(often)} artists with {COLD_LEAST} listeners or more, seed {seed}", values)]
