"""A small world with three tastes, for the tests of recommenders: who likes what is known."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import sparse

from core.taste.protocol import Content, Interactions

GROUPS, PER_GROUP, COLD = 3, 20, 2
"""Three groups of twenty items each, the last two of every group without any listener."""
LISTENERS = 45


@cache
def world(seed: int = 7) -> tuple[Interactions, Content]:
    """Listeners who hear mostly their group's items and rate some of all; content that names the group."""
    random = np.random.default_rng(seed)
    items = tuple(f"tune:{group}-{index}" for group in range(GROUPS) for index in range(PER_GROUP))
    group_of = np.repeat(np.arange(GROUPS), PER_GROUP)
    heard_at_all = np.tile(np.arange(PER_GROUP) < PER_GROUP - COLD, GROUPS)
    weights = np.zeros((LISTENERS, len(items)), np.float32)
    stars = np.zeros_like(weights)
    for listener in range(LISTENERS):
        mine = group_of == listener % GROUPS
        chance = np.where(mine, 0.6, 0.04) * heard_at_all
        heard = random.random(len(items)) < chance
        weights[listener, heard] = 1 + random.poisson(4, heard.sum())
        rated = heard_at_all & (random.random(len(items)) < 0.4)
        stars[listener, rated] = np.clip(np.round(2 * random.normal(np.where(mine[rated], 4.2, 2.0), 0.4)) / 2, 0.5, 5)
    features = np.zeros((len(items), GROUPS + 6), np.float32)
    features[np.arange(len(items)), group_of] = 1.0
    features[:, GROUPS:] = (random.random((len(items), 6)) < 0.3) * 0.4
    data = Interactions(tuple(f"sim:{index}" for index in range(LISTENERS)), items, sparse.csr_matrix(weights),
                        sparse.csr_matrix(stars))
    content = Content(items, tuple(f"feature {index}" for index in range(features.shape[1])), sparse.csr_matrix(features))
    return data, content


def group(item: int) -> int:
    """Which taste a column belongs to."""
    return item // PER_GROUP


def cold_columns() -> list[int]:
    """Columns that nobody heard."""
    return [column for column in range(GROUPS * PER_GROUP) if column % PER_GROUP >= PER_GROUP - COLD]
