"""Ranking what was held out: the hybrid beside its parts, popularity and Surprise SVD."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.report import Figure
from core.taste.evaluation.blend_fit import fit_blend
from core.taste.evaluation.hetrec import HetRec, held_out
from core.taste.evaluation.metrics import lists_of, mean, ndcg
from core.taste.models.als import ALS
from core.taste.models.blend import Blend
from core.taste.models.ease import EASE
from core.taste.models.hybrid import Hybrid
from core.taste.models.svd import SVDpp
from core.taste.protocol import Floats, Recommender

TEST_SHARE = 0.2
Say = Callable[[str], None]
NOTE_NDCG = {"popularity": 0.076, "content": 0.073, "user-knn": 0.198, "item-knn": 0.219, "als": 0.232, "ease": 0.232,
             "svd": 0.034, "two-tower": 0.218}
"""NDCG@10 that an earlier measurement of ours found, one split, mostly without tags (two-tower with)."""


@dataclass(frozen=True, eq=False)
class Split:
    """One split of the note's protocol with the hybrid fitted on its training part."""

    data: HetRec
    train: sparse.csr_matrix
    test: sparse.csr_matrix
    hybrid: Hybrid
    seed: int


def fitted_split(data: HetRec, seed: int, blend: Blend | None, say: Say) -> Split:
    """20% of every listener's artists held out; `blend` None learns the weights from the training part."""
    train, test = held_out(data.plays, (TEST_SHARE,), seed)
    if blend is None:
        blend = fit_blend(data, train, (test,), seed, f"HetRec Last.fm-2K, training part of seed {seed}", say, sizes=())
    hybrid = Hybrid(blend).fit(data.interactions(train), data.content(test), seed=seed)
    say(f"seed {seed}: hybrid fitted")
    return Split(data, train, test, hybrid, seed)


def table(split: Split, say: Say, full: bool) -> dict[str, NDArray[np.float64]]:
    """NDCG@10 of every listener by the hybrid and by each model alone, the latter without content where they
    can do without, and with it under `… + tags`."""
    found = {"hybrid": _quality(split.hybrid.scores, split)}
    plain: list[Recommender] = [ALS(), EASE()]
    if full:
        plain.append(SVDpp())
    for name, model in split.hybrid.models.items():
        found[name + (" + tags" if name in ("als", "ease", "two-tower") else "")] = _quality(model.scores, split)
        say(f"seed {split.seed}: {name} measured")
    for model in plain:
        found[model.id] = _quality(model.fit(split.data.interactions(split.train), seed=split.seed).scores, split)
        say(f"seed {split.seed}: {model.id} measured")
    return found


def figures(tables: list[dict[str, NDArray[np.float64]]], split_name: str) -> list[Figure]:
    """Means over listeners and seeds; the hybrid first, with its targets."""
    n = sum(len(table["hybrid"]) for table in tables)
    means = {name: float(np.mean([mean(table[name]) for table in tables])) for name in tables[0]}
    spread = float(np.std([mean(table["hybrid"]) for table in tables]))
    rows = [Figure("NDCG@10, hybrid", means["hybrid"], 0.240, "higher", n, split_name,
                   {"popularity": means["popularity"], "svd": means["svd"], "best seen before": 0.244,
                    "spread over seeds": spread})]
    for name, value in sorted(means.items(), key=lambda pair: -pair[1]):
        if name != "hybrid":
            noted = NOTE_NDCG.get("two-tower" if name == "two-tower + tags" else name)
            target = None if noted is None else round(0.97 * noted, 4)
            rows.append(Figure(f"NDCG@10, {name}", value, target, "higher", n, split_name,
                               {} if noted is None else {"noted": noted}))
    return rows


def recbole(data: HetRec, blend: Blend | None, seed: int, say: Say) -> list[Figure]:
    """The 8:1:1 protocol of RecBole-GNN's social table: a tenth for tests, a tenth set aside, all ranked;
    `blend` None learns the weights from the training part."""
    train, valid, test = held_out(data.plays, (0.1, 0.1), seed)
    if blend is None:
        blend = fit_blend(data, train, (valid, test), seed, "its own training part", say, sizes=())
    known = data.interactions(train)
    hybrid = Hybrid(blend).fit(known, data.content(valid, test), seed=seed)
    seen = sparse.csr_matrix(train + valid)
    values = {}
    for name, scorer in {"hybrid": hybrid.scores, "als": ALS().fit(known, seed=seed).scores,
                         "svd": hybrid.models["svd"].scores, "popularity": hybrid.models["popularity"].scores}.items():
        values[name] = mean(ndcg(lists_of(scorer, train, seen=seen), test))
    say(f"8:1:1, seed {seed}: measured")
    peers = {"MHCN": 0.2068, "SEPT": 0.2057, "LightGCN": 0.1972, **{k: v for k, v in values.items() if k != "hybrid"}}
    return [Figure("NDCG@10, hybrid with tags, 8:1:1", values["hybrid"], 0.2068, "higher", train.shape[0],
                   f"8:1:1, seed {seed}", peers)]


def by_taste(split: Split, quality: dict[str, NDArray[np.float64]]) -> list[Figure]:
    """Niche, middle and mainstream listeners, thirds by the mean popularity of what they hear."""
    popular = np.asarray((split.train > 0).sum(axis=0)).ravel()
    heard = (split.train > 0).astype(np.float32)
    mainstream = np.asarray(heard @ popular).ravel() / np.maximum(np.diff(split.train.indptr), 1)
    order = np.argsort(mainstream, kind="stable")
    thirds = np.array_split(order, 3)
    rows, gaps = [], {}
    for name in ("hybrid", "als"):
        values = [mean(quality[name][third]) for third in thirds]
        gaps[name] = (values[2] - values[0]) / mean(quality[name])
        rows += [Figure(f"NDCG@10, {name}, {kind} listeners", value, None, "higher", len(third), f"seed {split.seed}")
                 for kind, value, third in zip(("niche", "middle", "mainstream"), values, thirds, strict=True)]
    rows.append(Figure("gap of mainstream and niche over the mean, hybrid", gaps["hybrid"], round(gaps["als"], 4), "lower",
                       len(order), f"seed {split.seed}", {"als": gaps["als"]}))
    return rows


def _quality(scorer: Callable[[sparse.csr_matrix], Floats], split: Split) -> NDArray[np.float64]:
    return ndcg(lists_of(scorer, split.train), split.test)
