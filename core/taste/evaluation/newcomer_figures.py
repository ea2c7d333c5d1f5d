"""New listeners and new artists: what the hybrid does with little or nothing heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy import sparse

from core.report import Figure
from core.taste.evaluation.blend_fit import cold_weights, fit_blend
from core.taste.evaluation.hetrec import COLD_LEAST, HetRec, first_of, held_out, without_items
from core.taste.evaluation.metrics import lists_of, mean, ndcg, recall
from core.taste.models.als import ALS
from core.taste.models.blend import Blend
from core.taste.models.hybrid import Hybrid

Say = Callable[[str], None]
NEW_SHARE = 0.2
GIVEN = {1: 0.061, 3: None, 5: 0.104, 10: None, 40: None}
COLD_ITEMS = 281


def listeners(data: HetRec, blend: Blend | None, seed: int, say: Say) -> list[Figure]:
    """A fifth of the listeners is unknown to the models. A fifth of their artists is held out for the test; they
    name n random ones of the others, and what they do not name is ranked like all else and counts as a miss.
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
    shown, wanted = held_out(new, (0.2,), seed)
    rows = []
    for count, target in GIVEN.items():
        given, _ = first_of(shown, count, seed)
        scorers = {"hybrid": hybrid.scores, "als": alone.scores, "popularity": hybrid.models["popularity"].scores}
        values = {name: mean(ndcg(lists_of(scorer, given), wanted)) for name, scorer in scorers.items()}
        rows.append(Figure(f"NDCG@10, new listener with {count}", values.pop("hybrid"), target, "higher", cut, split, values))
    return rows


def fold_in(data: HetRec, say: Say, seeds: int = 5) -> list[Figure]:
    """New listeners' histories folded in, against a model that was fitted with them; every listener is new once,
    in one of as many parts as there are seeds."""
    ours, theirs, same = [], [], []
    for seed, part in enumerate(np.array_split(np.random.default_rng(0).permutation(data.plays.shape[0]), seeds)):
        is_new = np.isin(np.arange(data.plays.shape[0]), part)
        given, wanted = held_out(data.plays[is_new], (0.2,), seed)
        known = data.plays[~is_new]
        folded = ALS().fit(data.interactions(known), seed=seed)
        together = ALS().fit(data.interactions(sparse.csr_matrix(sparse.vstack([known, given]))), seed=seed)
        ours.append(ndcg(lists_of(folded.scores, given), wanted))
        theirs.append(ndcg(lists_of(_rows_in_turn(together.fitted_scores()[known.shape[0]:]), given), wanted))
        same.append(ndcg(lists_of(together.scores, given), wanted))
    say("fold-in: measured")
    values = {"fold-in": mean(np.concatenate(ours)), "refit": mean(np.concatenate(theirs)),
              "folded into the refit": mean(np.concatenate(same))}
    return [Figure("NDCG@10 of fold-in over that of a refit, ALS", values["fold-in"] / values["refit"], 0.99, "higher",
                   data.plays.shape[0], f"every listener new once, in {seeds} parts", values)]


def _rows_in_turn(scores: np.ndarray) -> Callable[[sparse.csr_matrix], np.ndarray]:
    """A scorer that gives the rows of a table, as many as it is asked for, one after the other."""
    at = iter(np.arange(len(scores)))

    def scorer(rows: sparse.csr_matrix) -> np.ndarray:
        return np.asarray(scores[[next(at) for _ in range(rows.shape[0])]])

    return scorer


def items(data: HetRec, blend: Blend, seed: int, say: Say) -> list[Figure]:
    """`COLD_ITEMS` of the artists with at least `COLD_LEAST` listeners, and with tags by somebody else, are hidden
    from everybody, and so are the tags that their own listeners gave them; then the hidden ones are ranked among themselves.
    What parts count for items that nobody heard is learned from the other artists alone."""
    train, hidden, cold = without_items(data, data.plays, (), seed, COLD_ITEMS)
    blend = replace(blend, cold=cold_weights(data, train, (hidden,), seed, blend.parts))
    content = data.content(hidden)
    known = data.interactions(train)
    hybrid = Hybrid(blend).fit(known, content, seed=seed)
    say(f"new artists, seed {seed}: hybrid fitted")
    tagged = np.asarray((content.matrix > 0).sum(axis=1)).ravel()[None]
    scorers = {"hybrid": hybrid.scores, "tag popularity": lambda rows: np.repeat(tagged, rows.shape[0], 0).astype(np.float32)}
    scorers |= {name: hybrid.models[name].scores for name in ("content", "als", "ease", "two-tower") if name in hybrid.models}
    values = {name: mean(recall(lists_of(scorer, train, among=cold), hidden)) for name, scorer in scorers.items()}
    return [Figure("R@10, new artists, hybrid", values.pop("hybrid"), 0.53, "higher", COLD_ITEMS,
                   f"{COLD_ITEMS} artists with {COLD_LEAST} listeners or more and tags, seed {seed}", values)]
