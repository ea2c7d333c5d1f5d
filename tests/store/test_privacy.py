"""A listener's own data: everything goes out, comes in again the same, and is forgotten for good."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.errors import FormatError, MissingError, StoreError
from core.store import NewTake, Store, database
from core.store.records import Item
from tests.store.make import history
from tests.store.postgres import Cluster

ANN, BOB = "ann-7Q2mXk9vTzR4bLwE8sYcUa1N", "bob-5H8jPd3nVgK6fMxB2rZtWq0C"
NAME, COMMENT, TITLE, SONG = "Annabella Unheard", "What a zither-laden quandary", "Quixotic Zephyr 17", "Glorzbaum's Wexley"
PLAYLIST, FILE, SHARED = "Vorpal evenings", "scrobbles-annabella.csv", "tune:book/1"
MARKS = (ANN, NAME, COMMENT, TITLE, SONG, PLAYLIST, FILE, "glorzbaum", "restore-wish")


def live(store: Store) -> str:
    """Ann does everything that can be done, Bob a little; the id of Ann's take."""
    listening = store.listening
    store.listeners.name(ANN, NAME)
    store.save_listener(ANN, language="zh", preferences={"wish": "restore-wish"})
    store.listeners.new_code(ANN)
    with pytest.raises(MissingError):
        store.listeners.restore("WRONG", ANN)
    request = {"bars": 8, "note": TITLE}
    take, draft = store.add([NewTake(ANN, TITLE, "irish-jig", "lstm", request, "w", 7, b"MThd1") for _ in range(2)])
    store.edit(take.id, ANN, b"MThd2", TITLE)
    listening.publish(take.id, ANN)
    song = Item("track:glorzbaum/wexley", SONG, "Glorzbaum", "https://example.org/glorzbaum")
    plays = history(40, ANN, tracks=6)
    store.imports.bring("lastfm", listener=ANN, name=FILE, plays=plays, items=[Item("track:artist-0/title-0", SONG)])
    store.imports.bring("spotify", listener=BOB, plays=history(5, BOB, tracks=3), items=[song])
    listening.rate(ANN, SHARED, 4.5, datetime(2026, 1, 2, tzinfo=UTC))
    listening.rate(ANN, f"take:{take.id}", 5)
    listening.rate(BOB, f"take:{take.id}", 3)
    listening.rate(BOB, SHARED, 2)
    listening.play(ANN, SHARED, 100, 90)
    listening.like(ANN, "track:artist-0/title-0")
    listening.comment(ANN, SHARED, COMMENT)
    listening.exclude(ANN, "artist", "Glorzbaum")
    listening.exclude(ANN, "item", f"take:{draft.id}")
    mine = store.playlists.make(ANN, PLAYLIST, [SHARED, f"take:{take.id}", SHARED])
    store.shares.share(ANN, "playlist", mine.id)
    store.shares.share(ANN, "profile")
    store.recordings.register(ANN, TITLE, 12.5, b"print")
    store.recordings.register(BOB, "Bob's", 3, b"print")
    return take.id


def plain(export: dict) -> dict:
    """An export without what is given anew when it is brought in."""
    left = copy.deepcopy({name: rows for name, rows in export.items() if name not in ("exported", "shares")})
    left["listener"].pop("created")
    for playlist in left["playlists"]:
        playlist.pop("id")
        playlist.pop("created")
    for row in (*left["ratings"], *left["plays"]):
        row["import"] = row["import"] is not None
    for row in left["imports"]:
        row.pop("id")
    return left


def test_an_export_holds_everything_and_nothing_of_others(store: Store) -> None:
    take = live(store)
    export = store.privacy.export(ANN)
    words = json.dumps(export, ensure_ascii=False)
    for mark in (ANN, NAME, COMMENT, TITLE, SONG, PLAYLIST, FILE, "Glorzbaum", take):
        assert mark in words
    assert BOB not in words
    assert {row["item"]: row["stars"] for row in export["ratings"]} == {SHARED: 4.5, f"take:{take}": 5}
    assert export["ratings"][0]["at"] == "2026-01-02T00:00:00+00:00"
    assert len(export["plays"]) == 41
    assert [len(record["versions"]) for record in export["takes"]] == sorted([2, 1], reverse=export["takes"][0]["id"] == take)
    assert [share["kind"] for share in export["shares"]] == ["playlist", "profile"]
    assert [(row["title"], row["seconds"]) for row in export["recordings"]] == [(TITLE, 12.5)]
    assert "restore" not in export["listener"]


def test_who_left_no_trace_has_an_empty_export_that_comes_in_again(store: Store) -> None:
    export = store.privacy.export("nobody")
    assert export["ratings"] == export["plays"] == export["takes"] == []
    assert set(store.privacy.import_export(export, "nobody").values()) == {0}


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """A fresh store."""
    store = Store(f"sqlite:///{tmp_path}/other/songloom.db")
    yield store
    store.close()


def test_an_export_comes_into_a_fresh_store_as_it_was(store: Store, other: Store) -> None:
    live(store)
    export = json.loads(json.dumps(store.privacy.export(ANN)))
    done = other.privacy.import_export(export, ANN)
    assert (done["ratings"], done["plays"], done["takes"], done["comments"], done["recordings"]) == (2, 41, 2, 1, 1)
    assert plain(other.privacy.export(ANN)) == plain(export)
    assert other.imports.of(ANN)[0].rows == 40
    again = other.privacy.import_export(export, ANN)
    assert (again["ratings"], again["plays"], again["likes"], again["comments"], again["exclusions"]) == (0, 0, 0, 0, 0)


def test_an_export_becomes_the_importers_own_and_touches_nobody_else(store: Store) -> None:
    take = live(store)
    before = plain(store.privacy.export(ANN))
    done = store.privacy.import_export(store.privacy.export(ANN), BOB)
    assert done["takes"] == 2
    assert plain(store.privacy.export(ANN)) == before
    assert store.take(take).owner == ANN
    (copied,) = (record for record in store.takes(BOB) if record.kept)
    assert copied.id != take
    stars = {rating.item: rating.stars for rating in store.listening.ratings(BOB)}
    assert stars == {SHARED: 2, f"take:{take}": 3, f"take:{copied.id}": 5}
    assert store.listener(BOB).name == NAME


def test_an_export_of_an_older_songloom_has_no_recordings(store: Store, other: Store) -> None:
    live(store)
    export = store.privacy.export(ANN)
    del export["recordings"]
    assert other.privacy.import_export(export, ANN)["recordings"] == 0


def test_stars_of_takes_that_nobody_has_are_left_out(store: Store, other: Store) -> None:
    live(store)
    done = other.privacy.import_export(store.privacy.export(BOB), BOB)
    assert done["ratings"] == 1
    assert [rating.item for rating in other.listening.ratings(BOB)] == [SHARED]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((), []),
        (("format",), "other"),
        (("version",), 99),
        (("listener",), None),
        (("listener", "name"), 7),
        (("ratings",), None),
        (("ratings", 0), 3),
        (("ratings", 0, "stars"), 9),
        (("ratings", 0, "stars"), True),
        (("ratings", 0, "stars"), float("nan")),
        (("ratings", 0, "item"), "song:1"),
        (("ratings", 0, "at"), "yesterday"),
        (("ratings", 0, "at"), "1500-01-01T00:00:00"),
        (("plays", 0, "heard"), -1),
        (("plays", 0, "skipped"), "no"),
        (("plays", 0, "import"), "x"),
        (("comments", 0, "text"), "x" * 5000),
        (("exclusions", 0, "value"), "a\0b"),
        (("playlists", 0, "items"), ["nothing"]),
        (("takes", 0, "random_seed"), 2**40),
        (("takes", 0, "versions"), []),
        (("takes", 0, "versions", 0, "midi"), "§§"),
        (("takes", 0, "request"), "x"),
    ],
)
def test_what_is_no_export_is_refused_and_changes_nothing(store: Store, other: Store, path: tuple, value: object) -> None:
    live(store)
    export: object = json.loads(json.dumps(store.privacy.export(ANN)))
    place = export
    for step in path[:-1]:
        place = place[step]  # type: ignore[index]
    if path:
        place[path[-1]] = value  # type: ignore[index]
    else:
        export = value
    with pytest.raises(FormatError):
        other.privacy.import_export(export, ANN)
    assert other.listening.counts()["listeners"] == 0


def files_with(mark: str, folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and mark.encode() in path.read_bytes()]


def test_after_forgetting_no_file_holds_the_listener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("SONGLOOM_HOME", str(home))
    monkeypatch.delenv("SONGLOOM_DB", raising=False)
    store = Store()
    take = live(store)
    learned = home / "taste" / "0001" / "als.safetensors"
    learned.parent.mkdir(parents=True)
    learned.write_bytes(b"factors of track:glorzbaum/wexley " + ANN.encode())
    for mark in MARKS:
        assert files_with(mark, home), mark
    store.imports.undo(BOB, store.imports.of(BOB)[0].id)  # Bob may go on to hold the song; here he does not
    gone = store.privacy.forget(ANN)
    assert (gone.listener, gone.takes, gone.learned) == (True, 2, True)
    for mark in (*MARKS, take):
        assert files_with(mark, home) == [], mark
    assert files_with(BOB, home)
    assert [rating.stars for rating in store.listening.ratings(BOB)] == [2]
    store.close()
    assert files_with(ANN, home) == []


def test_what_was_removed_before_is_gone_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment taken back, a title changed, a draft deleted: nothing of them is left after forgetting."""
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SONGLOOM_DB", raising=False)
    monkeypatch.setattr(database, "SETTINGS", tuple(each for each in database.SETTINGS if "secure_delete" not in each))
    earlier = Store()  # as the first Songloom, which did not overwrite what it removed
    for number in range(60):
        comment = earlier.listening.comment(ANN, SHARED, f"{COMMENT} {number} " * 20)
        if number % 2:
            earlier.listening.uncomment(ANN, comment.id)
    earlier.close()
    monkeypatch.undo()
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "home"))
    store = Store(f"sqlite:///{tmp_path}/home/songloom.db")
    assert files_with(COMMENT, tmp_path / "home")
    store.privacy.forget(ANN)
    assert files_with(COMMENT, tmp_path / "home") == []


def test_forgetting_removes_every_row(store: Store) -> None:
    take = live(store)
    revision = store.listening.revision()
    gone = store.privacy.forget(ANN)
    assert (gone.listener, gone.takes) == (True, 2)
    assert store.listening.revision() > revision
    assert store.privacy.forgotten() == 1
    with pytest.raises(MissingError):
        store.take(take)
    with pytest.raises(MissingError):
        store.listeners.find(NAME)
    empty = store.privacy.export(ANN)
    assert [name for name, rows in empty.items() if isinstance(rows, list) and rows] == []
    assert empty["listener"]["created"] is None
    assert store.listening.all_ratings().listeners == (BOB,)
    assert "track:artist-0/title-4" not in store.listening.items()
    assert "track:artist-0/title-0" in store.listening.items()  # Bob brought it too
    again = store.privacy.forget(ANN)
    assert (again.listener, again.takes) == (False, 0)


def test_a_server_holds_the_listener_in_no_table_file(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its write-ahead log does until it is recycled, as the documentation says."""
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path))
    with cluster.database() as address:
        store = Store(address)
        live(store)
        files = cluster.files(address)
        cluster.execute("CHECKPOINT")
        assert files_with(COMMENT, files)
        store.imports.undo(BOB, store.imports.of(BOB)[0].id)
        store.privacy.forget(ANN)
        cluster.execute("CHECKPOINT")
        for mark in MARKS:
            assert files_with(mark, files) == [], mark
        assert files_with(BOB, files)
        store.close()


def test_a_reader_that_stays_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(database, "BUSY_MILLISECONDS", 50)
    store = Store(f"sqlite:///{tmp_path}/home/songloom.db")
    live(store)
    with store._database.read() as session:
        session.connection().exec_driver_sql("SELECT count(*) FROM comments").all()
        with pytest.raises(StoreError, match=r"removed, but traces.*forget again"):
            store.privacy.forget(ANN)
    assert store.listening.comments(ANN) == ()
    store.privacy.forget(ANN)
    assert files_with(COMMENT, tmp_path / "home") == []
