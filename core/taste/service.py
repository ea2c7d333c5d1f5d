"""The one door to taste, for pages and the command line; knows nothing of Streamlit.

`Taste` holds what all listeners share: the features of the catalogue, the world of pieces and the
current snapshot of fitted models. Whatever is one listener's is read from the store at every look,
so that new stars count at once. Fitting happens in a process of its own; a new snapshot is loaded
beside the old one and takes its place in one step.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from core.errors import BusyError, FormatError, MissingError, RequestError
from core.jobs import JobStatus, Runner
from core.store import Store
from core.store.database import home
from core.taste import community, snapshot, world
from core.taste import listener as listeners
from core.taste.content import TakeDescriptions
from core.taste.features import FeatureTable, catalogue_features
from core.taste.first_visit import Questions, make_questions
from core.taste.lists import Lists, Recommendation, blended
from core.taste.pieces import Piece
from core.taste.protocol import Recommender
from core.taste.refit import refit_apart
from core.taste.scoring import Ear
from core.taste.snapshot import Origin, Snapshot
from core.taste.steering import Steering
from core.taste.world import World

_log = logging.getLogger(__name__)

PREFERRED = ("hybrid", "als", "content")
"""Models that a list is made with, the best first: the first one that is fitted is taken."""

COMPARED = ("svd", "item-knn", "content", "two-tower", "hybrid")
"""Models that are shown side by side."""

ENOUGH = 3
"""With so many stars or pieces heard a listener is no longer on their first visit."""

WORLD_SECONDS = 5.0
"""A world is at least so long taken for current when others changed the store."""

REFIT_CHANGES, REFIT_SHARE, REFIT_SECONDS = 20, 0.002, 60.0
"""A refit is due after so many changes (or this share of all interactions, if that is more), and not sooner
than so many seconds after the last one."""

JOB_OWNER = INSTALLATION = "songloom"
"""Whom refits belong to, and under whose name the store keeps what holds for the whole installation."""
SHELF = 8
"""Pieces on a shelf."""
OWN_KEPT, OWN_DRAFTS = 60, 16
"""The newest takes of a listener that belong to their own world."""
EXAMPLE_LOG_BARS = (3.0, 5.1)
"""Log2 of the bars of a piece that is asked about: 8 to 34."""


class Taste:
    """Safe to use from many threads.

    Args:
        store: where listeners' rows are.
        runner: runs refits; without one nothing is refitted unless `refit_now` is called.
        folder: where snapshots are; by default `taste` in Songloom's home folder.
        table: features of the catalogue; by default the shipped ones, loaded at the first need.
    """

    def __init__(self, store: Store, runner: Runner | None = None, folder: Path | None = None,
                 table: FeatureTable | None = None) -> None:
        self.store, self._runner = store, runner
        self.folder = folder or home() / "taste"
        self._table, self._takes = table, TakeDescriptions()
        self._lock, self._loading = threading.RLock(), threading.Lock()
        self._snapshot, self._name = Snapshot(), ""
        self._world: World | None = None
        self._world_revision, self._world_made = -1, 0.0
        self._questions: Questions | None = None
        self._job: str | None = None
        self._tried = (-1, 0.0)

    # What is shared

    def warm_up(self) -> None:
        """Load everything that the first page would wait for; starts the first fit where there is no snapshot.

        Raises:
            DataMissingError: the catalogue is not at hand.
            StoreError: the store refuses.
        """
        self.world()
        self._load_snapshot()
        self.questions()
        self.welcome()
        self.heed()

    @property
    def table(self) -> FeatureTable:
        """The features of the catalogue."""
        with self._lock:
            if self._table is None:
                self._table = catalogue_features()
            return self._table

    def world(self, fresh: bool = False) -> World:
        """Every piece that anybody could be shown; `fresh`: as the store has it this moment."""
        with self._lock:
            revision = self.store.listening.revision()
            old = time.monotonic() - self._world_made > WORLD_SECONDS
            if self._world is None or (revision != self._world_revision and (fresh or old)):
                self._world = world.make(self.store, self.table, self._takes)
                self._world_revision, self._world_made = revision, time.monotonic()
                _ = self._world.unit  # not while somebody waits for a page
            return self._world

    def snapshot(self) -> Snapshot:
        """What was learned, as of the last fit that has ended."""
        name = snapshot.current(self.folder)
        if name is not None and name != self._name:
            if self._name:  # the old one goes on while the new one is loaded
                threading.Thread(target=self._load_snapshot, name="songloom-taste", daemon=True).start()
            else:
                self._load_snapshot()
        return self._snapshot

    def origin(self) -> Origin:
        """Who the current snapshot was learned from."""
        return self.snapshot().origin

    def questions(self) -> Questions:
        """What new listeners are asked."""
        with self._lock:
            if self._questions is None:
                here = self.world()
                bars = self.table.number("log_bars")
                low, high = EXAMPLE_LOG_BARS
                short = {f"tune:{ident}" for ident, value in zip(self.table.ids, bars, strict=True) if low <= value <= high}
                styles = {item: here.book[item].style for item in here.items}
                self._questions = make_questions(here.content, styles, [item for item in here.items if item in short])
            return self._questions

    # The simulated community

    def welcome(self) -> None:
        """On a fresh installation, where nobody listened yet, make the demonstration community; once."""
        said = self.store.listener(INSTALLATION).preferences.get("community")
        counts = self.store.listening.counts()
        if said is None and not counts["ratings"] + counts["plays"] + counts["simulated_listeners"]:
            community.make(self.store, self.table)
            self.store.save_listener(INSTALLATION, preferences={"community": "made"})

    def remove_simulated(self) -> int:
        """Remove every simulated listener, for good, and learn anew; returns how many there were.

        Raises:
            StoreError: the store refuses.
        """
        self.store.save_listener(INSTALLATION, preferences={"community": "removed"})
        count = sum(self.store.imports.remove_community(name) for name in self.store.imports.communities())
        self.start_refit()
        return count

    # Fitting

    def heed(self) -> None:
        """Start a refit in the background when enough has changed since the last one."""
        if self._runner is None or self.fitting() is not None:
            return
        revision = self.store.listening.revision()
        origin = self.snapshot().origin
        tried, at = self._tried
        changes = revision - max(origin.revision, tried)
        due = changes >= max(REFIT_CHANGES, REFIT_SHARE * origin.interactions) or (origin.revision < 0 and tried < 0)
        if due and (tried < 0 or time.monotonic() - at >= REFIT_SECONDS):
            self.start_refit()

    def start_refit(self) -> str | None:
        """Put a refit in the line of jobs; its id, or that of the one under way. None when the line is full."""
        with self._lock:
            running = self.fitting()
            if running is not None or self._runner is None:
                return running.id if running else None
            self._tried = (self.store.listening.revision(), time.monotonic())
            try:
                self._job = self._runner.submit(JOB_OWNER, refit_apart, self.store.url, str(self.folder))
            except BusyError:
                return None  # the next look tries again
            return self._job

    def fitting(self) -> JobStatus | None:
        """The refit that is under way, None where there is none."""
        if self._job is None or self._runner is None:
            return None
        try:
            status = self._runner.status(self._job)
        except MissingError:
            return None
        return None if status.ended else status

    def refit_now(self) -> Origin:
        """Refit and wait for it, as the command line does.

        Raises:
            StoreError: it failed; the old snapshot holds on.
        """
        refit_apart(self.store.url, str(self.folder))
        self._load_snapshot()
        return self._snapshot.origin

    def _load_snapshot(self) -> None:
        with self._loading:
            name = snapshot.current(self.folder)
            if name is None or name == self._name:
                return
            try:
                found = snapshot.load(self.folder)
            except (FormatError, MissingError) as error:
                _log.warning("what was learned is not used: %s", error)
                self._name = name  # looked at; the next fit makes another
                return
            self._snapshot, self._name = found, name

    # One listener

    def ear(self, listener: str, fresh: bool = False) -> Ear:
        """What is known of a listener, ready to be scored."""
        here = self.world(fresh)
        own = [*self.store.takes(listener, limit=OWN_KEPT), *self.store.takes(listener, kept=False, limit=OWN_DRAFTS)]
        here = world.with_takes(here, self.table, own, self._takes) if own else here
        return Ear(here, self.snapshot(), listeners.read(self.store, listener, here.book))

    def lists(self, ear: Ear, model: str | None = None) -> Lists:
        """Lists for one listener, by the best model there is or by the one named.

        Raises:
            RequestError: no such model is fitted.
        """
        return Lists(ear, self._model(ear.snapshot, model), int(time.time()))

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
        lists = self.lists(ear)
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

    def compare(self, listener: str, k: int = 5) -> Mapping[str, tuple[Recommendation, ...]]:
        """What each of `COMPARED` that is fitted would show."""
        ear = self.ear(listener)
        return {id: self.lists(ear, id).for_you(k) for id in COMPARED if id in ear.snapshot.models}

    def is_new(self, ear: Ear) -> bool:
        """Whether this is a first visit: too little is known to recommend anything."""
        return len(ear.history.known) < ENOUGH

    def question(self, ear: Ear, passed: Sequence[str] = ()) -> Piece | None:
        """The piece to ask a new listener about next; None when there is none left."""
        item = self.questions().next(ear.history.stars, passed)
        return ear.world.book[item] if item else None

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

