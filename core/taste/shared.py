"""What all listeners share: the features of the catalogue, the world of pieces, the current snapshot, refits.

Fitting happens in a process of its own; a new snapshot is loaded beside the old one and takes its
place in one step.
"""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

from core.errors import BusyError, FormatError, MissingError
from core.jobs import JobStatus, Runner
from core.store import Store
from core.store.database import home
from core.taste import community, snapshot
from core.taste.content import TakeDescriptions
from core.taste.features import FeatureTable, catalogue_features
from core.taste.first_visit import Questions, make_questions
from core.taste.refit import refit_apart
from core.taste.snapshot import Origin, Snapshot
from core.taste.world import Stock, World

_log = logging.getLogger(__name__)

WORLD_SECONDS = 5.0
"""A world is at least so long taken for current when others changed the store."""

REFIT_CHANGES, REFIT_SHARE, REFIT_SECONDS = 20, 0.002, 60.0
"""A refit is due after so many changes (or this share of all interactions, if that is more), and not sooner
than so many seconds after the last one."""

JOB_OWNER = INSTALLATION = "songloom"
"""Whom refits belong to, and under whose name the store keeps what holds for the whole installation."""

EXAMPLE_LOG_BARS = (3.0, 5.1)
"""Log2 of the bars of a piece that is asked about: 8 to 34."""


class Shared:
    """What does not depend on who listens. Safe to use from many threads.

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
        self._stock: Stock | None = None
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
                stock = Stock.of(self.store)
                if self._world is None or stock != self._stock:  # stars and plays alone change nothing of it
                    self._world, self._stock = stock.world(self.table, self._takes), stock
                self._world_revision, self._world_made = revision, time.monotonic()
                _ = self._world.unit  # not while somebody waits for a page
            return self._world

    def snapshot(self) -> Snapshot:
        """What was learned, as of the last fit that has ended; nothing after somebody was forgotten, until it is
        learned anew."""
        name = snapshot.current(self.folder)
        if name is None and self._name:
            self._snapshot, self._name = Snapshot(), ""
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

    def simulated(self) -> int:
        """How many simulated listeners are in the store."""
        return self.store.listening.counts()["simulated_listeners"]

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
