"""What listeners did: it is kept, read back, checked, and of one listener only."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from core.errors import InputError, LimitError, MissingError, RequestError
from core.store import NewTake, Store
from core.store.checks import slug
from core.store.columns import RatingColumns

A, B = "tune:oneill/0701-0720/701", "tune:ryan/1/2"
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
EVENING = datetime(2026, 5, 1, 20, tzinfo=UTC)


def take(store: Store, owner: str = "ann") -> str:
    (record,) = store.add([NewTake(owner, "Jig", "irish-jig", "lstm", {}, "abc", 7, b"MThd")])
    return record.id


def test_stars_are_given_changed_and_taken_away(store: Store) -> None:
    listening = store.listening
    listening.rate("ann", A, 4.5, NOON)
    listening.rate("ann", B, 0.5, EVENING)
    listening.rate("bob", A, 5)
    assert [(rating.item, rating.stars, rating.at) for rating in listening.ratings("ann")] == [(B, 0.5, EVENING), (A, 4.5, NOON)]
    listening.rate("ann", A, 2)
    assert {rating.item: rating.stars for rating in listening.ratings("ann")} == {A: 2, B: 0.5}
    listening.rate("ann", A, None)
    assert [rating.item for rating in listening.ratings("ann")] == [B]
    assert [rating.stars for rating in listening.ratings("bob")] == [5]


@pytest.mark.parametrize("stars", [0, 0.4, 5.5, -1, 4.25, float("nan"), float("inf"), "5"])
def test_other_stars_are_refused(store: Store, stars: float) -> None:
    with pytest.raises(RequestError, match=r"0\.5 to 5 in halves"):
        store.listening.rate("ann", A, stars)
    assert store.listening.ratings("ann") == ()


@pytest.mark.parametrize(
    "item",
    ["", "oneill/1", "tune:", "tune:a b", "take:xyz", "artist:a/b", "track:a", "song:a", "track:a/b/c", "tune:" + "x" * 300],
)
def test_items_of_no_form_are_refused(store: Store, item: str) -> None:
    for deed in (
        lambda: store.listening.rate("ann", item, 3),
        lambda: store.listening.play("ann", item, 3),
        lambda: store.listening.like("ann", item),
        lambda: store.listening.comment("ann", item, "nice"),
        lambda: store.listening.exclude("ann", "item", item),
        lambda: store.playlists.make("ann", "mine", [item]),
    ):
        with pytest.raises(RequestError, match="An item is named like"):
            deed()


@pytest.mark.parametrize("item", ["take:" + "0" * 32, "artist:nobody", "track:nobody/nothing"])
def test_items_that_are_not_here_are_refused(store: Store, item: str) -> None:
    with pytest.raises(MissingError):
        store.listening.rate("ann", item, 3)


@pytest.mark.parametrize("listener", ["", "x" * 65, "a\nb"])
def test_listeners_of_no_form_are_refused(store: Store, listener: str) -> None:
    with pytest.raises(RequestError, match="listener's id"):
        store.listening.rate(listener, A, 3)


@pytest.mark.parametrize("listener", ["../../etc/passwd", "'; DROP TABLE ratings; --", "C:\\con", "%s", "周"])
def test_odd_names_are_names(store: Store, listener: str) -> None:
    store.listening.rate(listener, A, 3)
    assert [rating.item for rating in store.listening.ratings(listener)] == [A]
    assert store.listening.all_ratings().listeners == (listener,)


def test_plays_know_skips_and_time(store: Store) -> None:
    listening = store.listening
    listening.play("ann", A, 29.9, 100, NOON)
    listening.play("ann", B, 30, 100, EVENING)
    listening.play("ann", B, 5, at=NOON)
    assert [(play.item, play.skipped, play.length) for play in listening.plays("ann")] == [
        (B, False, 100),
        *sorted([(A, True, 100.0), (B, False, 0.0)]),
    ]
    assert [play.at for play in listening.plays("ann", since=EVENING)] == [EVENING]
    assert len(listening.plays("ann", until=EVENING)) == 2
    assert len(listening.plays("ann", limit=1)) == 1


def test_a_play_that_goes_on_is_one_play(store: Store) -> None:
    for heard in (10, 60, 40):
        store.listening.play("ann", A, heard, 100, NOON)
    (play,) = store.listening.plays("ann")
    assert (play.heard, play.skipped) == (60, False)


@pytest.mark.parametrize(
    ("heard", "length", "at"),
    [
        (-1, 0, None),
        (1, -1, None),
        (float("nan"), 0, None),
        (1e9, 0, None),
        (1, 1, datetime(1950, 1, 1)),
        (1, 1, datetime(2200, 1, 1)),
    ],
)
def test_plays_out_of_range_are_refused(store: Store, heard: float, length: float, at: datetime | None) -> None:
    with pytest.raises(RequestError):
        store.listening.play("ann", A, heard, length, at)
    assert store.listening.plays("ann") == ()


def test_likes_and_comments(store: Store) -> None:
    listening = store.listening
    listening.like("ann", A)
    listening.like("ann", A)
    listening.like("ann", B)
    listening.like("ann", A, False)
    assert listening.likes("ann") == (B,)
    comment = listening.comment("ann", A, "  So schön,\n真好 <b> ")
    assert comment.text == "So schön,\n真好 <b>"
    assert listening.comments("ann") == (comment,)
    assert listening.comments("bob") == ()
    assert listening.all_comments() == (("ann", A, comment.text),)
    with pytest.raises(MissingError):
        listening.uncomment("bob", comment.id)
    listening.uncomment("ann", comment.id)
    assert listening.comments("ann") == ()


@pytest.mark.parametrize(
    ("text", "error"), [("", RequestError), ("  ", RequestError), ("x" * 2001, LimitError), ("a\0b", RequestError)]
)
def test_comments_are_checked(store: Store, text: str, error: type[InputError]) -> None:
    with pytest.raises(error):
        store.listening.comment("ann", A, text)


def test_exclusions(store: Store) -> None:
    listening = store.listening
    for kind, value in (("item", A), ("artist", "Nobody"), ("style", "hymn"), ("artist", "Nobody")):
        listening.exclude("ann", kind, value)
    assert sorted((exclusion.kind, exclusion.value) for exclusion in listening.exclusions("ann")) == [
        ("artist", "Nobody"),
        ("item", A),
        ("style", "hymn"),
    ]
    listening.allow("ann", "artist", "Nobody")
    listening.allow("bob", "item", A)
    assert len(listening.exclusions("ann")) == 2
    for kind, value in (("colour", "red"), ("artist", " "), ("style", "x" * 301)):
        with pytest.raises(InputError):
            listening.exclude("ann", kind, value)


def test_the_revision_rises_with_every_change_and_not_with_looking(store: Store) -> None:
    listening, seen = store.listening, [store.listening.revision()]
    for change in (
        lambda: listening.rate("ann", A, 3),
        lambda: listening.play("ann", A, 3),
        lambda: listening.like("ann", A),
        lambda: listening.exclude("ann", "style", "hymn"),
        lambda: listening.publish(take(store), "ann"),
    ):
        change()
        seen.append(listening.revision())
    assert seen == sorted(set(seen))
    listening.ratings("ann")
    with pytest.raises(RequestError):
        listening.rate("ann", A, 9)
    assert listening.revision() == seen[-1]


def test_only_published_takes_are_for_others(store: Store) -> None:
    listening, id = store.listening, take(store)
    assert listening.published() == ()
    with pytest.raises(MissingError):
        listening.publish(id, "bob")
    assert listening.publish(id, "ann").published
    assert [record.id for record in listening.published()] == [id]
    store.keep(id, "ann", False)
    assert listening.published() == ()
    store.keep(id, "ann")
    listening.publish(id, "ann", False)
    assert listening.published() == ()


def test_all_ratings_are_columns(store: Store) -> None:
    store.listening.rate("ann", A, 4.5, NOON)
    store.listening.rate("bob", A, 1, EVENING)
    store.listening.rate("bob", B, 3, EVENING)
    found = store.listening.all_ratings()
    assert isinstance(found, RatingColumns)
    assert found.simulated is not None
    assert not found.simulated.any()
    rows = zip(found.listener, found.item, found.value, strict=True)
    triples = {(found.listeners[who], found.items[what], float(value)) for who, what, value in rows}
    assert triples == {("ann", A, 4.5), ("bob", A, 1), ("bob", B, 3)}
    assert set(found.at.tolist()) == {int(NOON.timestamp()), int(EVENING.timestamp())}
    assert (found.value.dtype, found.listener.dtype) == (np.float32, np.int32)
    assert store.listening.all_ratings("bob").items == (A, B)
    assert len(store.listening.all_ratings("nobody")) == 0


def test_all_plays_tell_how_much_was_heard(store: Store) -> None:
    for heard, length, item in ((50, 100, A), (300, 100, B), (7, 0, B)):
        store.listening.play("ann", item, heard, length, at=datetime.fromtimestamp(1_700_000_000 + heard, UTC))
    found = store.listening.all_plays()
    assert found.value.tolist() == [1.0, 0.5, 1.0]
    assert [found.items[number] for number in found.item] == [B, A, B]
    assert store.listening.counts() == {
        "listeners": 1, "simulated_listeners": 0, "ratings": 0, "simulated_ratings": 0, "plays": 3, "simulated_plays": 0
    }


def test_playlists_are_of_their_owner_and_opened_by_a_link(store: Store) -> None:
    mine = store.playlists.make("ann", " Evening ", [B, A, B])
    assert (mine.name, mine.items) == ("Evening", (B, A, B))
    changed = store.playlists.change("ann", mine.id, items=[A])
    assert store.playlists.of("ann") == (changed,)
    for deed in (
        lambda: store.playlists.change("bob", mine.id, name="Mine"),
        lambda: store.playlists.remove("bob", mine.id),
        lambda: store.shares.share("bob", "playlist", mine.id),
        lambda: store.shares.open(mine.id, "playlist"),
    ):
        with pytest.raises(MissingError):
            deed()
    link = store.shares.share("ann", "playlist", mine.id)
    assert store.shares.share("ann", "playlist", mine.id) == link
    assert store.shares.playlist(link.id).items == (A,)
    with pytest.raises(MissingError):
        store.shares.open(link.id, "profile")
    with pytest.raises(MissingError):
        store.shares.take_back("bob", link.id)
    store.shares.take_back("ann", link.id)
    with pytest.raises(MissingError):
        store.shares.playlist(link.id)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("Sigur Rós", "sigur-rós"), ("  AC/DC ", "ac-dc"), ("周杰伦", "周杰伦"), ("a_b", "a-b"), ("ＡＢＢＡ", "abba")],
)
def test_slugs(words: str, expected: str) -> None:
    assert slug(words) == expected


def test_slugs_of_long_and_signless_names_fit_and_differ() -> None:
    slugs = {slug(words) for words in ("!!!", "???", "x" * 300, "x" * 301, "")}
    assert len(slugs) == 5
    assert all(0 < len(each) <= 120 for each in slugs)
