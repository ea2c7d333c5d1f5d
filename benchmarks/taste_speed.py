"""How fast lists are made: top ten of 100,000 items, fold-in, and Surprise's own predict in a loop beside it.

Run with `python -m benchmarks.taste_speed`. The interactions are made up (seeded), with the sizes of a
large installation; all ways are timed in turn in the same run and the median is given.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from core.taste.models.als import ALS
from core.taste.models.blend import Blend
from core.taste.models.ease import EASE
from core.taste.models.hybrid import Hybrid
from core.taste.models.neighbours import ItemKNN, UserKNN
from core.taste.models.popularity import Popularity
from core.taste.models.svd import SVD, surprise_trainset
from core.taste.models.two_tower import TwoTower
from core.taste.protocol import Interactions, Recommender
from core.taste.ranking import masked, top

ROUNDS = 30
LOOP_ROUNDS = 3
LIST_MS, FOLD_IN_MS, TIMES_SURPRISE = 10.0, 5.0, 30.0


def made_up(listeners: int, items: int, each: int, seed: int = 0) -> Interactions:
    """Listeners with `each` items, popular ones more often, and a star for each."""
    random = np.random.default_rng(seed)
    chance = 1.0 / np.arange(1, items + 1) ** 0.6
    rows = np.repeat(np.arange(listeners), each)
    columns = random.choice(items, listeners * each, p=chance / chance.sum())
    weights = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(listeners, items))
    weights.sum_duplicates()
    stars = weights.copy()
    stars.data = np.round(random.uniform(1, 10, stars.nnz)).astype(np.float32) / 2
    return Interactions(tuple(map(str, range(listeners))), tuple(map(str, range(items))), weights, stars)


def median_ms(work: Callable[[int], object], rounds: int = ROUNDS) -> float:
    """Median time of a call in milliseconds; every round gets its number, and so another listener."""
    times = []
    for number in range(rounds):
        started = time.perf_counter()
        work(number)
        times.append(1000 * (time.perf_counter() - started))
    return statistics.median(times)


def whole_hybrid(data: Interactions, als: ALS) -> Hybrid:
    """All parts that do without content, the two-tower hardly trained: that changes no time of a list."""
    hybrid = Hybrid(Blend.shipped())
    hybrid.items, hybrid.popularity, hybrid.listeners = data.items, als.popularity, len(data.listeners)
    hybrid.models = {"popularity": Popularity().fit(data), "user-knn": UserKNN().fit(data), "item-knn": ItemKNN().fit(data),
                     "als": als, "ease": EASE().fit(data), "two-tower": TwoTower(steps=2).fit(data)}
    return hybrid


def rows(items: int, listeners: int) -> list[tuple[str, float, float | None]]:
    """(what, milliseconds, target or None)."""
    from surprise import SVD as SurpriseSVD

    data = made_up(listeners, items, 40)
    histories, stars = [data.weights[row] for row in range(ROUNDS)], [data.stars[row] for row in range(ROUNDS)]
    als, svd = ALS().fit(data), SVD(epochs=2).fit(data)
    hybrid = whole_hybrid(data, als)
    theirs = SurpriseSVD(n_factors=20, n_epochs=2, random_state=0).fit(surprise_trainset(data.stars))

    def loop(row: int) -> list[tuple[float, int]]:
        return sorted(((theirs.predict(row, item).est, item) for item in range(items)), reverse=True)[:10]

    def by(model: Recommender) -> Callable[[int], np.ndarray]:
        return lambda row: top(masked(model.scores(histories[row], stars[row]), histories[row]), 10)

    return [
        (f"top ten of {items:,} items, ALS, fold-in included", median_ms(by(als)), LIST_MS),
        (f"top ten of {items:,} items, SVD, fold-in included", median_ms(by(svd)), LIST_MS),
        (f"top ten of {items:,} items, hybrid of six parts", median_ms(by(hybrid)), LIST_MS),
        ("fold-in of 40 items, ALS", median_ms(lambda row: als.listener_factors(histories[row])), FOLD_IN_MS),
        ("fold-in of 40 stars, SVD", median_ms(lambda row: svd.fold_in(stars[row])), FOLD_IN_MS),
        (f"Surprise, predict in a loop over {items:,} items", median_ms(loop, LOOP_ROUNDS), None),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--listeners", type=int, default=2_000)
    args = parser.parse_args()
    with threadpool_limits(1, "blas"):
        found = rows(args.items, args.listeners)
    print(f"{platform.machine()}, one thread of {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
          f"Python {platform.python_version()}, {args.listeners:,} listeners\n")
    print("| way | ms | target | met |\n|---|---|---|---|")
    for what, value, target in found:
        wanted, met = ("", "") if target is None else (f"< {target:g}", "yes" if value < target else "no")
        print(f"| {what} | {value:.2f} | {wanted} | {met} |")
    times = found[-1][1] / found[1][1]
    print(f"\nTarget: at least {TIMES_SURPRISE:g} times faster than Surprise's loop: "
          f"{'met' if times >= TIMES_SURPRISE else 'missed'} ({times:.0f}).")


if __name__ == "__main__":
    main()
