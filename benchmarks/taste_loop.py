"""Compose for my taste, shown to work: who rates ten generated pieces gets takes that please more.

    python -m benchmarks.taste_loop --raters 20

Raters are simulated listeners whose true taste is known (`core/taste/community.py`). Each rates ten
takes drawn from a pool over all styles, with noise and in half stars; the profile and the predicted
stars are learned from those ten ratings alone. Then the engine writes two requests of eight takes for
the profile and the four that are expected to please most are rated; with those ratings added, again.

The judge is the true taste, which neither the profile nor the predictor ever sees. As a control the
best four of sixteen further takes of the pool show what choosing alone would do without composing for
the taste. Predicted stars are those of one predictor, learned from the first ten ratings, throughout.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np

from core.engines import registry
from core.engines.protocol import Engine, Request
from core.taste.community import Community, simulate
from core.taste.compose import compose_for
from core.taste.content import Scale
from core.taste.describe import Description, describe
from core.taste.features import FeatureTable, catalogue_features
from core.taste.models.base import unit_rows
from core.taste.profile import Heard, taste_profile
from core.taste.take_stars import TakeStars

_RATED, _FURTHER, _NOISE = 10, 16, 0.45
_WEIGHT = {5.0: 5.0, 4.5: 4.0, 4.0: 3.0, 3.5: 2.0}


def pool_of(engine: Engine, each: int) -> list[Description]:
    """Takes over all styles of the engine but chorales, `each` of every one."""
    styles = [style for style in engine.styles() if style.id != "chorale"]
    takes = [take for number, style in enumerate(styles)
             for start in range(0, each, 8)
             for take in engine.compose(Request(style.id, takes=min(8, each - start), random_seed=1000 + 10 * number + start))]
    return [describe(take.score, take.request.style, "take", take.request.tempo) for take in takes]


def truth(community: Community, rater: int, takes: list[Description]) -> np.ndarray:
    """(N,) the stars that a rater would give without noise."""
    return community.tastes.stars(FeatureTable.of(map(str, range(len(takes))), takes))[rater]


def rate(community: Community, rater: int, takes: list[Description],
         random: np.random.Generator) -> list[tuple[Description, float]]:
    """Takes with the half stars that a rater gives them."""
    stars = truth(community, rater, takes) + random.normal(0, _NOISE, len(takes))
    return list(zip(takes, np.clip(np.round(2 * stars) / 2, 0.5, 5).tolist(), strict=True))


def one(rater: int, community: Community, engine: Engine, pool: list[Description], table: FeatureTable) -> dict[str, list[float]]:
    """Predicted and true stars of one rater's takes, round by round."""
    random = np.random.default_rng((7, rater))
    order = random.permutation(len(pool))
    first = [pool[at] for at in order[:_RATED]]
    further = [pool[at] for at in order[_RATED : _RATED + _FURTHER]]
    scale = Scale(table)
    rated = rate(community, rater, first, random)
    judge = TakeStars.learn(scale, rated)
    best = [further[at] for at in np.argsort(-judge.predict(further))[:4]]
    rounds = [first, best]
    for number in (1, 2):
        heard = [Heard(f"take:{at}", _WEIGHT.get(stars, 0.0), 0) for at, (_, stars) in enumerate(rated)]
        profile = taste_profile(heard, lambda item, rated=rated: rated[int(item[5:])][0], table)  # type: ignore[misc]
        ranked = compose_for(profile, engine, TakeStars.learn(scale, rated), count=2, random_seed=100 * rater + number)
        new = [describe(found.take.score, found.take.request.style, "take", found.take.request.tempo) for found in ranked]
        rated = [*rated, *rate(community, rater, new, random)]
        rounds.append(new)
    return {"predicted": [float(judge.predict(takes).mean()) for takes in rounds],
            "true": [float(truth(community, rater, takes).mean()) for takes in rounds]}


def ridge_table(table: FeatureTable, ratings: int = _RATED) -> None:
    """Print the error of stars predicted from ten ratings of the catalogue, by strength of the ridge."""
    community = simulate(table, 300, seed=3)
    rows = unit_rows(community.tastes.scale.matrix(table))
    for ridge in (0.03, 0.1, 0.3, 1.0, 3.0):
        random, errors = np.random.default_rng(0), []
        for rater in range(300):
            own = community.ratings.listener == rater
            items, stars = community.ratings.item[own], community.ratings.value[own]
            if len(items) < 2 * ratings:
                continue
            order = random.permutation(len(items))
            known = [(table.description(table.ids[items[at]]), float(stars[at])) for at in order[:ratings]]
            learned = TakeStars.learn(community.tastes.scale, known, ridge)
            others = items[order[ratings:]]
            guessed = np.clip(learned.mean + rows[others] @ learned.weights, 0.5, 5)
            errors += list(guessed - community.true_stars()[rater, others])
        print(f"ridge {ridge:4}  RMSE {np.sqrt(np.mean(np.square(errors))):.3f} over {len(errors)} pieces")


def interval(values: np.ndarray) -> float:
    """Half of the 95% interval of a mean."""
    return float(1.96 * values.std(ddof=1) / np.sqrt(len(values)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raters", type=int, default=20)
    parser.add_argument("--pool", type=int, default=16, help="takes of every style in the pool")
    parser.add_argument("--ridge", action="store_true", help="only show how the ridge of the predictor was chosen")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    started = time.perf_counter()
    table = catalogue_features()
    if args.ridge:
        ridge_table(table)
        return
    community = simulate(table, args.raters, seed=99)
    engine = registry.get("lstm")
    pool = pool_of(engine, args.pool)
    found = [one(rater, community, engine, pool, table) for rater in range(args.raters)]
    names = ("ten takes of all styles", "best 4 of 16 more of them", "composed for the taste", "after 4 more ratings")
    rows = []
    for at, name in enumerate(names):
        values = {kind: np.array([one[kind][at] for one in found]) for kind in ("predicted", "true")}
        rows.append({"takes": name, **{kind: round(float(v.mean()), 3) for kind, v in values.items()},
                     **{f"{kind}_95": round(interval(v), 3) for kind, v in values.items()}})
    gains = np.array([one["true"][2] - one["true"][0] for one in found])
    facts = {"raters": args.raters, "rows": rows, "gain": round(float(gains.mean()), 3), "gain_95": round(interval(gains), 3),
             "raters_who_gain": int((gains > 0).sum()), "seconds": round(time.perf_counter() - started)}
    if args.json:
        print(json.dumps(facts, indent=1))
        return
    for row in rows:
        figures = (f"{kind} {row[kind]:.2f} ± {row[f'{kind}_95']:.2f}" for kind in ("predicted", "true"))
        print(f"{row['takes']:28}", *figures, sep="  ")
    gain = f"true gain {facts['gain']} ± {facts['gain_95']}, {facts['raters_who_gain']} of {args.raters} raters"
    print(f"{gain}; {facts['seconds']} s")


if __name__ == "__main__":
    main()
