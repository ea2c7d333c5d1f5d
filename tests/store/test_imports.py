"""Many rows at once: all or none, once only, undone as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from core.errors import Cancelled, MissingError, RequestError
from core.store import Store
from core.store.records import Item
from tests.store.make import crowd, history

HITS = "track:artist-0/title-0"


def test_a_history_is_brought_with_titles(store: Store) -> None:
    items = [Item(HITS, "Öyfn", "Björk", "https://example.org/1")]
    done = store.imports.bring("lastfm", listener="ann", name="scrobbles.csv", plays=history(100), items=items)
    assert (done.source, done.name, done.rows, done.known) == ("lastfm", "scrobbles.csv", 100, 0)
    assert store.imports.of("ann") == (done,)
    assert store.imports.of("bob") == ()
    plays = store.listening.plays("ann")
    assert len(plays) == 100
    assert plays[-1].at == datetime.fromtimestamp(1_600_000_000, UTC)
    assert (plays[-1].item, plays[-1].skipped, plays[-1].heard, plays[-1].length) == (HITS, True, 60, 120)
    known = store.listening.items()
    assert known[HITS] == items[0]
    assert known["track:artist-1/title-5"].title == "title-5"
    assert list(store.listening.items(["nothing", HITS])) == [HITS]
    store.listening.rate("bob", HITS, 5)


def test_what_was_brought_before_is_recognised(store: Store) -> None:
    store.imports.bring("lastfm", listener="ann", plays=history(100))
    again = store.imports.bring("lastfm", listener="ann", plays=history(150))
    assert (again.rows, again.known) == (50, 100)
    assert len(store.listening.all_plays()) == 150


def test_stars_that_were_given_are_not_replaced(store: Store) -> None:
    store.listening.rate("ann", "tune:book/1", 5)
    ratings = replace(crowd(1, 40), listeners=("ann",))
    store.imports.bring("json", listener="ann", ratings=ratings)
    stars = {rating.item: rating.stars for rating in store.listening.ratings("ann")}
    assert stars["tune:book/1"] == 5
    assert len(stars) > 5


def test_an_import_can_be_undone_and_leaves_no_titles(store: Store) -> None:
    first = store.imports.bring("lastfm", listener="ann", plays=history(100, tracks=10))
    second = store.imports.bring("spotify", listener="ann", plays=history(100, tracks=20, first=1_650_000_000))
    store.listening.like("bob", "track:artist-3/title-19")
    with pytest.raises(MissingError):
        store.imports.undo("bob", second.id)
    assert store.imports.undo("ann", second.id) == second
    assert len(store.listening.plays("ann")) == 100
    assert store.imports.of("ann") == (first,)
    assert len(store.listening.items()) == 10 + 1
    with pytest.raises(MissingError):
        store.imports.undo("ann", second.id)


def test_a_community_is_brought_named_as_simulated_and_removed(store: Store) -> None:
    ratings = crowd(30, 20)
    store.listening.rate("ann", "tune:book/1", 4)
    before = store.listening.revision()
    done = store.imports.bring("demo", community="demo", ratings=ratings)
    assert done.rows == len(ratings)
    assert store.imports.communities() == {"demo": 30}
    everything = store.listening.all_ratings()
    assert everything.simulated is not None
    assert [name for name, simulated in zip(everything.listeners, everything.simulated, strict=True) if not simulated] == ["ann"]
    counts = store.listening.counts()
    assert (counts["listeners"], counts["simulated_listeners"], counts["simulated_ratings"]) == (1, 30, len(ratings))
    assert store.listener("sim:0001").community == "demo"
    assert store.imports.remove_community("") == 0
    assert store.imports.remove_community("demo") == 30
    assert store.listening.all_ratings().listeners == ("ann",)
    assert store.listening.revision() > before + 1


def test_columns_come_back_as_they_were_brought(store: Store) -> None:
    given = crowd(30, 20)
    store.imports.bring("demo", community="demo", ratings=given)
    found = store.listening.all_ratings()

    def dense(columns) -> np.ndarray:
        matrix = np.zeros((30, 20))
        rows = np.array([int(name[4:]) for name in columns.listeners])[columns.listener]
        matrix[rows, np.array([int(name[10:]) for name in columns.items])[columns.item]] = columns.value
        return matrix

    assert np.array_equal(dense(given), dense(found))


def test_what_progress_raises_takes_everything_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.rows.CHUNK", 100)
    seen = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if done >= 300:
            raise Cancelled

    with pytest.raises(Cancelled):
        store.imports.bring("lastfm", listener="ann", plays=history(1000), progress=stop)
    assert seen == [(100, 1000), (200, 1000), (300, 1000)]
    assert len(store.listening.all_plays()) == 0
    assert store.listening.items() == {}
    assert store.imports.of("ann") == ()


@pytest.mark.parametrize(
    "change",
    [
        {"item": np.full(10, 99, np.int32)},
        {"listener": np.full(10, -1, np.int32)},
        {"at": np.full(10, -5)},
        {"heard": np.full(10, np.nan, np.float32)},
        {"length": np.full(10, -1, np.float32)},
        {"skipped": np.zeros(9, bool)},
        {"items": ("song:x",) * 50},
        {"listeners": ("bob",)},
    ],
)
def test_columns_that_do_not_fit_are_refused(store: Store, change: dict) -> None:
    with pytest.raises(RequestError):
        store.imports.bring("lastfm", listener="ann", plays=replace(history(10), **change))
    assert len(store.listening.all_plays()) == 0


@pytest.mark.parametrize("stars", [0.0, 5.5, 4.25, float("nan")])
def test_stars_in_columns_are_checked(store: Store, stars: float) -> None:
    given = crowd(2, 5)
    with pytest.raises(RequestError):
        store.imports.bring("demo", community="demo", ratings=replace(given, value=np.full(len(given), stars, np.float32)))


@pytest.mark.parametrize(("listener", "community"), [(None, ""), ("sim:0000", "demo"), (None, "demo")])
def test_an_import_is_of_one_listener_or_of_a_community(store: Store, listener: str | None, community: str) -> None:
    plays = history(5, "ann")
    with pytest.raises(RequestError):
        store.imports.bring("lastfm", listener=listener, community=community, plays=plays)
