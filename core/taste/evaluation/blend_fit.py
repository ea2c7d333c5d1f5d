"""Learning the weights of the blend, from the training part of a split alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from core.errors import DataMissingError
from core.taste.evaluation.hetrec import HetRec, first_of, held_out, without_items
from core.taste.evaluation.metrics import BLOCK, K, discounts
from core.taste.models.blend import Blend, ascend, standardised
from core.taste.protocol import Floats, Recommender
from core.taste.ranking import masked, top
from core.taste.registry import get

PARTS = ("popularity", "content", "user-knn", "item-knn", "als", "ease", "two-tower")
LENGTHS = (1, 3, 5, 10, 20)
WHOLE, LONGEST_CUT = 40, 30
"""Length that stands for histories as they are; new listeners' are cut to the second, so that something is left."""
SIZES = (10, 100)
ASIDE = 0.1
CANDIDATES = 100
DRAWS = 4
Say = Callable[[str], None]


def fit_blend(data: HetRec, train: sparse.csr_matrix, hidden: tuple[sparse.csr_matrix, ...], seed: int, note: str,
              say: Say = lambda line: None, parts: tuple[str, ...] = PARTS, sizes: tuple[int, ...] = SIZES) -> Blend:
    """Weights for each size of installation and length of history.

    A tenth of the listeners is set aside, as new ones whose histories are cut to each length; of the
    others' items a tenth is held out for the weights of whole histories. For the weights of items that nobody
    heard, a tenth of the items with enough listeners is hidden from everybody.

    Args:
        train: all that may be looked at.
        hidden: what the split holds back, so that own tags on it stay unseen too.
        sizes: numbers of listeners besides all of them.
    """
    random = np.random.default_rng(seed + 1000)
    order = random.permutation(train.shape[0])
    cut = round(ASIDE * train.shape[0])
    new, known = train[np.sort(order[:cut])], np.sort(order[cut:])
    rest, valid = held_out(train, (ASIDE,), seed + 2000)
    aside = sparse.diags(np.isin(np.arange(train.shape[0]), order[:cut]).astype(np.float32)) @ train
    content = data.content(*hidden, valid, sparse.csr_matrix(aside))
    lines = []
    for size in (*sizes, len(known)):
        some = np.sort(random.permutation(known)[:size])
        models = []
        for name in parts:
            models.append(get(name).fit(data.interactions(rest[some]), content, seed=seed))
            say(f"blend, {size} listeners: {name} fitted")
        problems = [_Problem.cut(models, new, length, seed) for length in LENGTHS]
        if size == len(known):
            problems.append(_Problem(models, rest[some], valid[some]))
        else:
            problems.append(_Problem.cut(models, new, LONGEST_CUT, seed))
        lines.append(np.stack([ascend(problem.quality, len(parts)) for problem in problems]))
        say(f"blend, {size} listeners: weights found")
    cold = cold_weights(data, train, hidden, seed, parts)
    say("blend, items that nobody heard: weights found")
    return Blend(parts, (*sizes, len(known)), (*LENGTHS, WHOLE), np.stack(lines), note, cold)


def cold_weights(data: HetRec, train: sparse.csr_matrix, hidden: tuple[sparse.csr_matrix, ...], seed: int,
                 parts: tuple[str, ...]) -> Floats | None:
    """Weights for items that nobody heard, from a tenth of the better known ones, hidden from everybody; none where
    too few have content."""
    known, unheard, cold = without_items(data, train, hidden, seed + 3000, ASIDE)
    if len(cold) < 2 * K:
        return None
    content = data.content(*hidden, unheard)
    models = [get(name).fit(data.interactions(known), content, seed=seed) for name in parts]
    return ascend(_Problem(models, known, unheard, cold).quality, len(parts))


class _Problem:
    """Histories, what is wanted, and the standardised scores of the candidates that any part would show."""

    def __init__(self, models: list[Recommender], given: sparse.csr_matrix, wanted: sparse.csr_matrix,
                 among: NDArray[np.int64] | None = None) -> None:
        self.among = np.arange(given.shape[1]) if among is None else among
        self.scores: list[Floats] = []
        self.wanted: list[NDArray[np.bool_]] = []
        self.ideal: list[float] = []
        keep = (np.diff(given.indptr) > 0) & (np.diff(wanted.indptr) > 0)
        given, wanted = given[keep], wanted[keep]
        for start in range(0, given.shape[0], BLOCK):
            self._add(models, given[start:start + BLOCK], wanted[start:start + BLOCK])
        if not self.wanted:
            raise DataMissingError("The blend is learned from listeners with more than a few items", "there are none",
                                   "Take a larger data set")
        width = max((len(row) for row in self.wanted), default=1)
        count = len(self.wanted)
        self.table = np.full((count, width, len(models)), -1e6, np.float32)
        self.hit = np.zeros((count, width), bool)
        for index, (scores, hit) in enumerate(zip(self.scores, self.wanted, strict=True)):
            self.table[index, :len(hit)], self.hit[index, :len(hit)] = scores, hit
        self.scores.clear()

    @classmethod
    def cut(cls, models: list[Recommender], listeners: sparse.csr_matrix, length: int, seed: int) -> _Problem:
        """Several random cuts of listeners who have more than `length` items."""
        enough = listeners[np.diff(listeners.indptr) > length]
        pairs = [first_of(enough, length, seed + draw) for draw in range(DRAWS)]
        given, wanted = (sparse.csr_matrix(sparse.vstack(part)) for part in zip(*pairs, strict=True))
        return cls(models, given, wanted)

    def _add(self, models: list[Recommender], given: sparse.csr_matrix, wanted: sparse.csr_matrix) -> None:
        scores = [standardised(model.scores(given)) for model in models]
        left_out = ~np.isin(np.arange(given.shape[1]), self.among)
        best = [top(masked(part, given, left_out), CANDIDATES) for part in scores]
        gains = np.cumsum(discounts(K))
        for row in range(given.shape[0]):
            columns = np.setdiff1d(np.unique(np.concatenate([lists[row] for lists in best])), given[row].indices)
            columns = columns[~left_out[columns]]
            self.scores.append(np.stack([part[row, columns] for part in scores], axis=1))
            self.wanted.append(np.isin(columns, wanted[row].indices))
            self.ideal.append(float(gains[min(wanted[row].nnz, K) - 1]))

    def quality(self, weights: Floats) -> float:
        """Mean NDCG@10 with these weights."""
        blended = self.table @ weights
        best = np.argpartition(-blended, K, axis=1)[:, :K]
        order = np.take_along_axis(best, np.argsort(-np.take_along_axis(blended, best, 1), axis=1, kind="stable"), 1)
        gains = (np.take_along_axis(self.hit, order, 1) * discounts(K)).sum(axis=1)
        return float(np.mean(gains / np.array(self.ideal)))
