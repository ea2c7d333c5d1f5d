"""From scores to what a listener is shown: lists for one purpose each, with the reasons."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.taste.pieces import TAKE, Piece
from core.taste.protocol import Floats, Reason, Recommender
from core.taste.rerank import calibrated, diversified
from core.taste.scoring import Ear
from core.taste.steering import Steering, steered

LIKENESS = "likeness"
"""What stands in `Recommendation.by` where a piece was chosen by its likeness to one other."""
OWN = "own"
"""The same where the listener's own stars speak for it."""
OF_TASTE = 0.05
"""How much the listener's taste decides among pieces that are nearly equally like another."""
REST_DAYS = 30
"""A favourite not heard for so long is forgotten; with a shorter history the older half of it counts."""
FAVOURITE_STARS = 4.0
NEAR_POOL = 0.1
"""Share of the pieces, by score, among which `different` looks for other styles."""
KNOWN_STYLE = 0.12
"""A style with this share of a listener's history is no longer different to them."""
POOL = 100
"""So many of the best are put in a new order: for the listener's own mix, or for variety."""
CALIBRATION, VARIETY = 0.12, 0.5
"""The trades that `songloom evaluate taste` measures; chosen on the split of seed 1 (docs/taste.md)."""
DAY = 86_400
NEUTRAL = Steering()


@dataclass(frozen=True, slots=True)
class Because:
    """Parts of a score as shares of all that speaks for the piece: `items` of the listener's history,
    `features` of the content, and `prior`, what is due to the taste of all."""

    items: tuple[tuple[str, float], ...] = ()
    features: tuple[tuple[str, float], ...] = ()
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A piece for a listener. `score` compares pieces of one list only; `stars` are those the listener would give,
    None before their first star; `by` is the model, "content" where only likeness speaks. `because` is None
    where nobody asked for it yet: `Lists.explained` tells it."""

    piece: Piece
    score: float
    stars: float | None
    because: Because | None
    by: str

    @property
    def item(self) -> str:
        return self.piece.id


def shares(items: Sequence[Reason], features: Sequence[Reason]) -> Because:
    """Reasons as shares of the sum of what speaks for the piece; features as shares of theirs."""
    total = sum(reason.contribution for reason in items if reason.contribution > 0) or 1.0
    own = sum(reason.contribution for reason in features if reason.contribution > 0) or 1.0
    kept = tuple((reason.key, reason.contribution / total) for reason in items
                 if reason.kind == "item" and reason.contribution > 0)
    prior = sum(reason.contribution for reason in items if reason.kind == "prior" and reason.contribution > 0) / total
    parts = tuple((reason.key, reason.contribution / own) for reason in features if reason.contribution > 0)
    return Because(kept, parts, prior)


@dataclass(frozen=True, eq=False)
class Lists:
    """Lists for one listener (`ear`) by one model (None: by likeness alone)."""

    ear: Ear
    model: Recommender | None
    now: int
    """Seconds since 1970."""
    eager: int | None = None
    """So many pieces of a list get their reasons at once, None: all."""

    @cached_property
    def scores(self) -> Floats:
        """(items,) by the model."""
        return self.ear.scores(self.model)

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        """(items,) what may be shown as new: allowed, not known yet, and not the listener's own."""
        world, history = self.ear.world, self.ear.history
        found = history.allows(world.book, world.items)
        for item in history.known:
            if item in world.place:
                found[world.place[item]] = False
        for row, item in enumerate(world.items):
            if item.startswith(f"{TAKE}:") and world.book[item].owner == history.listener:
                found[row] = False
        return found

    def for_you(self, k: int, steering: Steering = NEUTRAL, but: Collection[str] = ()) -> tuple[Recommendation, ...]:
        """The best by the model, steered, in an order that comes near the listener's own mix of styles (`calibrated`);
        the less so, the more adventurous they want it."""
        utility = self._only(self.scores, self.open, but)
        size = max(POOL, k)
        if not steering.is_neutral:
            utility = steered(utility, self.axes(), steering, size)
        pool = self._best(utility, size)
        trade = CALIBRATION * (1 - max(0.0, steering.adventurous))
        return self._told([pool[at] for at in calibrated(utility[pool], *self._mixes(pool), k, trade)], utility)

    def like(self, item: str, k: int, but: Collection[str] = ()) -> tuple[Recommendation, ...]:
        """Pieces most like one, by what they are made of; of nearly equal ones those of the listener's taste first."""
        world = self.ear.world
        if item not in world.place:
            return ()
        near = world.likeness(item)
        found = self._only(near + OF_TASTE * _places(self.scores), self.open, {*but, item})
        shared = world.unit[world.place[item]]

        def because(other: str) -> Because:
            parts = shared * world.unit[world.place[other]]
            order = np.argsort(-parts, kind="stable")
            names = world.content.features
            return shares((Reason("item", item, 1.0),), [Reason("feature", names[at], float(parts[at])) for at in order])

        chosen = self._recommend(found, k, explained=False)
        return tuple(replace(one, because=because(one.item), by=LIKENESS) for one in chosen)

    def different(self, k: int, but: Collection[str] = ()) -> tuple[Recommendation, ...]:
        """The best of styles that the listener hardly knows, in an order that keeps them unlike each other
        (`diversified`)."""
        world = self.ear.world
        styles = self.styles()
        known = {style for style, share in styles.items() if share >= KNOWN_STYLE}
        scores = self._only(self.scores, self.open, but)
        order = np.argsort(-scores, kind="stable")
        size = max(20 * k, int(NEAR_POOL * np.isfinite(scores).sum()))
        found = np.full(len(scores), -np.inf, np.float32)
        for row in order[:size]:
            style = world.book[world.items[row]].style
            if np.isfinite(scores[row]) and style and style not in known:
                found[row] = scores[row]
        pool = self._best(found, max(POOL, k))
        near = np.clip(world.unit[pool] @ world.unit[pool].T, 0, 1)
        return self._told([pool[at] for at in diversified(found[pool], near, k, VARIETY)], found)

    def forgotten(self, k: int, but: Collection[str] = ()) -> tuple[Recommendation, ...]:
        """Favourites that were not heard for `REST_DAYS`, the dearest first."""
        history, world = self.ear.history, self.ear.world
        dear = {item for item, stars in history.stars.items() if stars >= FAVOURITE_STARS} | set(history.likes)
        allowed = history.allows(world.book, world.items)
        old = [item for item in dear if self.now - history.last.get(item, self.now) > REST_DAYS * DAY
               and item not in but and item in world.place and allowed[world.place[item]]]
        found = np.full(len(world.items), -np.inf, np.float32)
        for item in old:
            found[world.place[item]] = history.stars.get(item, FAVOURITE_STARS) + 0.1 * history.weights.get(item, 0.0)
        return self._recommend(found, k, explained=False)

    def fresh(self, k: int, but: Collection[str] = ()) -> tuple[Recommendation, ...]:
        """Published takes, and the listener's own that they did not rate yet, the best by the model first."""
        world, history = self.ear.world, self.ear.history
        allowed = history.allows(world.book, world.items)
        for row, item in enumerate(world.items):
            allowed[row] &= item.startswith(f"{TAKE}:") and item not in history.stars
        return self._recommend(self._only(self.scores, allowed, but), k)

    def styles(self) -> dict[str, float]:
        """Share of each style in what the listener heard and rated."""
        total: dict[str, float] = {}
        book = self.ear.world.book
        for item, weight in self.ear.history.weights.items():
            if item in book:
                style = book[item].style
                total[style] = total.get(style, 0.0) + float(np.log1p(weight))
        everything = sum(total.values()) or 1.0
        return {style: weight / everything for style, weight in total.items()}

    def axes(self) -> dict[str, Floats]:
        """Where each piece stands on the axes of steering."""
        world = self.ear.world
        return {"adventurous": -self.ear.likeness, "rare": -self.ear.popularity,
                "energetic": world.number("energy"), "happy": world.number("valence")}  # fmt: skip

    def explained(self, one: Recommendation) -> Recommendation:
        """A recommendation of these lists with its reasons."""
        return one if one.because is not None else self._explain(one.item, one.score, one.stars)

    def _by(self, item: str) -> str:
        known = self.model is not None and item in self.ear.snapshot.place
        return self.model.id if known and self.model is not None else "content"

    def _explain(self, item: str, score: float, stars: float | None) -> Recommendation:
        items, features = self.ear.reasons(self.model, item), self.ear.feature_reasons(self.model, item)
        return Recommendation(self.ear.world.book[item], score, stars, shares(items, features), self._by(item))

    def _only(self, scores: Floats, allowed: NDArray[np.bool_], but: Collection[str]) -> Floats:
        found = np.where(allowed, scores, -np.inf).astype(np.float32)
        for item in but:
            if item in self.ear.world.place:
                found[self.ear.world.place[item]] = -np.inf
        return found

    def _recommend(self, utility: Floats, k: int, explained: bool = True) -> tuple[Recommendation, ...]:
        """The best `k` with finite utility."""
        return self._told(self._best(utility, k), utility, explained)

    def _best(self, utility: Floats, k: int) -> list[int]:
        """Rows of the best `k` with finite utility; no title twice."""
        book, items = self.ear.world.book, self.ear.world.items
        titles: set[str] = set()
        chosen: list[int] = []
        for row in np.argsort(-utility, kind="stable"):
            if len(chosen) == k or not np.isfinite(utility[row]):
                break
            piece = book[items[row]]
            title = piece.title.casefold()
            if title not in titles or piece.kind == TAKE:
                titles.add(title)
                chosen.append(int(row))
        return chosen

    def _mixes(self, rows: Sequence[int]) -> tuple[Floats, Floats]:
        """(rows × styles) which style each has, and (styles) the listener's own mix of those they know."""
        book, items = self.ear.world.book, self.ear.world.items
        wish = self.styles()
        wish.pop("", None)
        place = {style: column for column, style in enumerate(wish)}
        found = np.zeros((len(rows), len(wish)), np.float32)
        for at, row in enumerate(rows):
            style = book[items[row]].style
            if style in place:
                found[at, place[style]] = 1.0
        own = np.array(list(wish.values()), np.float32)
        return found, own / max(float(own.sum()), 1e-9)

    def _told(self, chosen: Sequence[int], utility: Floats, explained: bool = True) -> tuple[Recommendation, ...]:
        """The rows as recommendations, in their order.
        Not `explained`: the listener's own stars, or what the caller puts there, are the reason."""
        book, items = self.ear.world.book, self.ear.world.items
        stars = self.ear.predicted_stars
        guess = np.full(len(items), np.nan) if stars is None else stars
        made = [(items[row], float(utility[row]), _or_none(float(guess[row]))) for row in chosen]
        if not explained:
            return tuple(Recommendation(book[item], score, value, Because(), OWN) for item, score, value in made)
        eager = len(made) if self.eager is None else self.eager
        first = [self._explain(*one) for one in made[:eager]]
        return (*first, *(Recommendation(book[item], score, value, None, self._by(item)) for item, score, value in made[eager:]))


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else value


def _places(values: Floats) -> Floats:
    """Places of values among themselves, 0 (lowest) to 1."""
    place = np.empty(len(values), np.float32)
    place[np.argsort(values, kind="stable")] = np.linspace(0, 1, len(values), dtype=np.float32)
    return place


def blended(first: Lists, second: Lists, k: int) -> tuple[Recommendation, ...]:
    """Pieces for two listeners, as the first one may see them: new to both and left out by neither.

    The utility is the mean of both places less half their distance, so that what one of them would
    not bear does not come. Reasons are the first one's own: nothing of the second one's history shows.
    """
    world = first.ear.world
    pair = [_places(lists.scores) for lists in (first, second)]
    theirs = np.zeros(len(world.items), np.float32)
    open_ = first.open.copy()
    other = second.open
    place = second.ear.world.place
    for row, item in enumerate(world.items):
        if item in place:
            theirs[row] = pair[1][place[item]]
            open_[row] &= other[place[item]]
        else:
            open_[row] = False
    utility = (pair[0] + theirs) / 2 - np.abs(pair[0] - theirs) / 2
    return first._recommend(np.where(open_, utility, -np.inf).astype(np.float32), k)
