"""The one door to taste, for pages and the command line; knows nothing of Streamlit.

What all listeners share is in `core.taste.shared`. Whatever is one listener's is read from the store
at every look, so that new stars count at once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence

from core.engines import registry
from core.engines.protocol import Engine, Request
from core.errors import FormatError, MissingError, RequestError
from core.store import Store
from core.taste import listener as listeners
from core.taste import world
from core.taste.compose import WRITTEN, RankedTake, compose_for
from core.taste.content import Scale, TakeDescriptions
from core.taste.describe import Description
from core.taste.history.bring import Brought, bring_history
from core.taste.lists import Lists, Recommendation, blended
from core.taste.pieces import Piece
from core.taste.profile import Edits, Heard, Profile, taste_profile
from core.taste.protocol import Progress, Recommender, no_progress
from core.taste.scoring import Ear
from core.taste.shared import Shared
from core.taste.snapshot import Snapshot
from core.taste.steering import Steering
from core.taste.take_stars import TakeStars

_log = logging.getLogger(__name__)

PREFERRED = ("hybrid", "als", "content")
"""Models that a list is made with, the best first: the first one that is fitted is taken."""

COMPARED = ("svd", "item-knn", "content", "two-tower", "hybrid")
"""Models that are shown side by side."""

ENOUGH = 3
"""With so many stars or pieces heard a listener is no longer on their first visit."""

EAGER = 2
"""Pieces of a shelf that get their reasons at once; the others when somebody asks, for that takes a while."""
SHELF = 8
"""Pieces on a shelf."""
OWN_KEPT, OWN_DRAFTS = 60, 16
"""The newest takes of a listener that belong to their own world."""


def bring(url: str, listener: str, data: bytes, name: str, *, progress: Progress = no_progress) -> Brought:
    """Bring a history in: `core.taste.history` as a job.

    Raises:
        FormatError, LimitError, StoreError, Cancelled: see `core.taste.history.bring.bring_history`.
    """
    store = Store(url)
    try:
        return bring_history(store, listener, data, name, progress)
    finally:
        store.close()


def compose(url: str, listener: str, engine: str, random_seed: int, free_only: bool = False, *,
            progress: Progress = no_progress) -> tuple[RankedTake, ...]:
    """`Taste.compose` as a job, with the engine by its id."""
    store = Store(url)
    try:
        return Taste(store).compose(listener, registry.shared(engine), random_seed, free_only, progress)
    finally:
        store.close()


class Taste(Shared):
    """Everything about one listener, on top of what all share."""

    def ear(self, listener: str, fresh: bool = False) -> Ear:
        """What is known of a listener, ready to be scored."""
        here = self.world(fresh)
        own = [*self.store.takes(listener, limit=OWN_KEPT), *self.store.takes(listener, kept=False, limit=OWN_DRAFTS)]
        here = world.with_takes(here, self.table, own, self._takes) if own else here
        return Ear(here, self.snapshot(), listeners.read(self.store, listener, here.book))

    def lists(self, ear: Ear, model: str | None = None, eager: int | None = None) -> Lists:
        """Lists for one listener, by the best model there is or by the one named, the first `eager` with reasons.

        Raises:
            RequestError: no such model is fitted.
        """
        return Lists(ear, self._model(ear.snapshot, model), int(time.time()), eager)

    def _model(self, found: Snapshot, wanted: str | None) -> Recommender | None:
        if wanted is None:
            return next((found.models[id] for id in PREFERRED if id in found.models), None)
        if wanted not in found.models:
            raise RequestError(f"A model is one of {', '.join(found.models) or 'none yet'}", f"got {wanted!r}", "Choose another")
        return found.models[wanted]

    def recommend(self, listener: str, k: int = 10, steering: Steering | None = None,
                  model: str | None = None) -> tuple[Recommendation, ...]:
        """The best `k` pieces for a listener.

        Raises:
            RequestError: `k` is not from 1 to 1000, or no such model is fitted.
        """
        if not 1 <= k <= 1000:
            raise RequestError("The number of pieces is 1 to 1000", f"got {k}")
        return self.lists(self.ear(listener), model).for_you(k, steering or Steering())

    def shelves(self, ear: Ear, steering: Steering, like: str | None = None, k: int = SHELF,
                but: Sequence[str] = ()) -> Mapping[str, tuple[Recommendation, ...]]:
        """`for-you`, `like`, `different`, `forgotten` and `fresh`; no piece is on two of them.

        Args:
            like: the piece for `like`; None takes the listener's dearest of late.
            but: pieces that are on none of them.
        """
        lists = self.lists(ear, eager=EAGER)
        shown = set(but)
        found: dict[str, tuple[Recommendation, ...]] = {}
        seed = like or self.dearest(ear)
        for name in ("for-you", "like", "different", "forgotten", "fresh"):
            if name == "for-you":
                shelf = lists.for_you(k, steering, shown)
            elif name == "like":
                shelf = lists.like(seed, k, shown) if seed else ()
            else:
                shelf = {"different": lists.different, "forgotten": lists.forgotten, "fresh": lists.fresh}[name](k, shown)
            found[name] = shelf
            shown |= {recommendation.item for recommendation in shelf}
        return found

    def dearest(self, ear: Ear) -> str | None:
        """The piece that a listener loves most of late: by stars, then by when."""
        known = [item for item in {*ear.history.stars, *ear.history.likes} if item in ear.world.place]
        love = {item: ear.history.stars.get(item, 4.0) for item in known}
        best = [item for item in known if love[item] >= 3.5]
        return max(best, key=lambda item: (love[item], ear.history.last.get(item, 0), item), default=None)

    def compare(self, ear: Ear, k: int = 5) -> Mapping[str, tuple[Recommendation, ...]]:
        """What each of `COMPARED` that is fitted would show."""
        return {id: self.lists(ear, id, EAGER).for_you(k) for id in COMPARED if id in ear.snapshot.models}

    def is_new(self, ear: Ear) -> bool:
        """Whether this is a first visit: too little is known to recommend anything."""
        return len(ear.history.known) < ENOUGH

    def question(self, ear: Ear, passed: Sequence[str] = ()) -> Piece | None:
        """The piece to ask a new listener about next; None when there is none left."""
        item = self.questions().next(ear.history.stars, passed)
        return ear.world.book[item] if item else None

    def profile(self, ear: Ear) -> Profile:
        """The listener's taste in words and numbers, with what they say of it themselves."""
        here = ear.world

        def describe(item: str) -> Description | None:
            return self._any(item) if item in here.place else None

        heard = [Heard(item, weight, at) for item, weight, at in ear.history.events]
        return taste_profile(heard, describe, self.table, self.edits(ear.history.listener))

    def _described(self, item: str) -> Description | None:
        try:
            return self._takes.of(self.store.take(item.removeprefix("take:")))
        except (MissingError, FormatError):
            return None  # deleted since, or without a melody

    def edits(self, listener: str) -> Edits:
        """What the listener says of their taste themselves."""
        try:
            return Edits.from_json(self.store.listener(listener).preferences.get("taste") or {})
        except RequestError as error:
            _log.warning("corrections of a taste are not used: %s", error)
            return Edits()

    def compose(self, listener: str, engine: Engine, random_seed: int, free_only: bool = False,
                progress: Progress = no_progress) -> tuple[RankedTake, ...]:
        """Takes for the listener's taste, those expected to please most, the best first.

        Raises:
            RequestError, WeightsMissingError, GenerationError, Cancelled: as `Engine.compose`.
        """
        ear = self.ear(listener, fresh=True)
        profile = self.profile(ear)
        rated = [(found, value) for item, value in ear.history.stars.items() if (found := self._any(item)) is not None]
        stars = TakeStars.learn(Scale(self.table), rated)
        styles = engine.styles(free_only)
        base = Request(styles[0].id, takes=WRITTEN, free_only=free_only) if styles else None
        return compose_for(profile, engine, stars, random_seed=random_seed, base=base, progress=progress)

    def _any(self, item: str) -> Description | None:
        kind, _, id = item.partition(":")
        if kind == "take":
            return self._described(item)
        return self.table.description(id) if kind == "tune" and id in self.table.rows else None

    def forget(self, listener: str) -> None:
        """Remove every trace of a listener, from memory too, and learn anew from the others at once.

        Raises:
            StoreError: the store refuses.
        """
        self.store.privacy.forget(listener)
        with self._lock:
            self._takes, self._world, self._stock = TakeDescriptions(), None, None
            self._snapshot, self._name = Snapshot(), ""
        self.start_refit()

    def blend(self, listener: str, share: str, k: int = 10) -> tuple[Recommendation, ...]:
        """Pieces for a listener and the one who gave them the link `share`.

        Raises:
            MissingError: the link leads nowhere, or was taken back.
            RequestError: it is the listener's own.
        """
        owner = self.store.shares.open(share, "blend").owner
        if owner == listener:
            raise RequestError("A blend takes two listeners", "this link is yours", "Give it to somebody, or open theirs")
        return blended(self.lists(self.ear(listener)), self.lists(self.ear(owner)), k)

