"""`songloom evaluate taste`: every figure that the recommenders promise, on HetRec Last.fm-2K.

The shipped weights of the blend were learned from the training part of the split of seed 0 alone,
so the figures of that split are of data they have not seen. The five seeds of `full` each learn
their own, from their own training part.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Sequence

from threadpoolctl import threadpool_limits

from core.corpora.folder import DataFolder
from core.report import Figure, Report, commit
from core.taste.evaluation import list_figures, newcomer_figures, ranking_figures, star_figures
from core.taste.evaluation.hetrec import FOLDER, HetRec, load
from core.taste.models.blend import Blend

SEEDS = 5
Say = Callable[[str], None]


def evaluate(folder: DataFolder, parts: Sequence[str], full: bool = False, say: Say = lambda line: None) -> Report:
    """Measure the parts asked for.

    Raises:
        DataMissingError: HetRec Last.fm-2K is not at hand.
        FormatError: it is broken.
        MissingError: the weights of the blend are not at hand.
    """
    data = load(folder.path(FOLDER))
    shipped = Blend.shipped()
    figures: list[Figure] = []
    with threadpool_limits(1, "blas"):
        if {"ranking", "lists"} & set(parts):
            figures += _ranking(data, shipped, parts, full, say)
        if "recbole" in parts:
            figures += ranking_figures.recbole(data, None if full else shipped, 0, say)
        if "newcomers" in parts:
            figures += newcomer_figures.listeners(data, None if full else shipped, 0, say)
            figures += newcomer_figures.fold_in(data, say)
        if "cold" in parts:
            figures += newcomer_figures.items(data, shipped, 0, say)
        if "stars" in parts:
            figures += star_figures.stars(0, say, full)
    digest = hashlib.sha256(json.dumps(shipped.as_dict(), sort_keys=True).encode()).hexdigest()[:16]
    return Report(tuple(figures), commit(), {"blend": digest}, f"cpu ({platform.machine()})")


def _ranking(data: HetRec, shipped: Blend, parts: Sequence[str], full: bool, say: Say) -> list[Figure]:
    """The table, and of the first split all that is about its lists."""
    figures: list[Figure] = []
    tables = []
    for seed in range(SEEDS if full else 1):
        split = ranking_figures.fitted_split(data, seed, None if full else shipped, say)
        if "ranking" in parts:
            tables.append(ranking_figures.table(split, say, full))
        if seed == 0 and "ranking" in parts:
            figures += ranking_figures.by_taste(split, tables[0])
        if seed == 0 and "lists" in parts:
            figures += list_figures.explanations(split, say) + list_figures.diversity(split, say)
    if tables:
        name = f"seeds 0 to {SEEDS - 1}, each its own blend" if full else "seed 0, shipped blend"
        figures = ranking_figures.figures(tables, name) + figures
    return figures
