"""The store: what is kept stays, addresses are of one owner, refusals say what to do."""

from __future__ import annotations

import threading
from dataclasses import FrozenInstanceError

import pytest

from core.errors import MissingError, RequestError, StoreError
from core.store import NewTake, Store


def new(owner: str = "ann", title: str = "Jig 1", **values) -> NewTake:
    return NewTake(owner, title, "irish-jig", "lstm", {"style": "irish-jig", "bars": 16}, "abc123", 7, b"MThd", **values)


def test_a_restart_keeps_everything(url: str) -> None:
    first = Store(url)
    take, draft = first.add([new(), new(title="Jig 2", index=1)])
    first.keep(take.id, "ann")
    first.save_listener("ann", language="zh", preferences={"volume": 70})
    first.close()
    second = Store(url)
    kept = second.takes("ann")
    assert [(record.id, record.title, record.kept) for record in kept] == [(take.id, "Jig 1", True)]
    assert kept[0].request == {"style": "irish-jig", "bars": 16}
    assert kept[0].midi == b"MThd"
    assert kept[0].created == take.created
    assert second.take(draft.id).kept is False
    assert second.listener("ann").language == "zh"
    assert second.listener("ann").preferences == {"volume": 70}


def test_addresses_are_long_and_differ(store: Store) -> None:
    """Hexadecimal: a component's key cannot hold every sign of base 64."""
    ids = {record.id for record in store.add([new() for _ in range(50)])}
    assert len(ids) == 50
    assert all(len(id) == 32 and int(id, 16) for id in ids)


def test_only_the_owner_changes_a_take_but_all_with_the_address_open_it(store: Store) -> None:
    (take,) = store.add([new()])
    assert store.take(take.id).title == "Jig 1"
    for change in (
        lambda: store.keep(take.id, "bob"),
        lambda: store.rename(take.id, "bob", "Mine"),
        lambda: store.edit(take.id, "bob", b"x", "transpose"),
        lambda: store.delete(take.id, "bob"),
        lambda: store.take("nothing"),
    ):
        with pytest.raises(MissingError, match="Look in your library"):
            change()
    assert store.takes("bob", kept=None) == ()


def test_edits_are_versions(store: Store) -> None:
    (take,) = store.add([new()])
    store.edit(take.id, "ann", b"two", "transpose +2")
    after = store.edit(take.id, "ann", b"three", "tempo 120")
    assert (after.version, after.midi) == (2, b"three")
    assert [(version.number, version.what, version.midi) for version in store.versions(take.id)] == [
        (0, "composed", b"MThd"),
        (1, "transpose +2", b"two"),
        (2, "tempo 120", b"three"),
    ]
    store.delete(take.id, "ann")
    assert store.versions(take.id) == ()


def test_old_edits_go_and_what_was_composed_stays(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.store.MAX_VERSIONS", 4)
    (take,) = store.add([new()])
    for number in range(1, 8):
        store.edit(take.id, "ann", str(number).encode(), "edit")
    assert [version.number for version in store.versions(take.id)] == [0, 5, 6, 7]
    assert store.versions(take.id)[0].midi == b"MThd"
    assert store.take(take.id).midi == b"7"


def test_lists_are_newest_first_and_filtered(store: Store) -> None:
    takes = [store.add([new(title=f"T{number}")])[0] for number in range(3)]
    for take in takes[:2]:
        store.keep(take.id, "ann")
    assert [take.title for take in store.takes("ann")] == ["T1", "T0"]
    assert [take.title for take in store.takes("ann", kept=False)] == ["T2"]
    assert [take.title for take in store.takes("ann", kept=None, limit=1, offset=1)] == ["T1"]
    assert store.takes("ann", style="hymn") == ()


def test_titles_are_checked(store: Store) -> None:
    (take,) = store.add([new(title="x" * 300)])
    assert len(take.title) == 200
    assert store.rename(take.id, "ann", "  The Kesh <b>  ").title == "The Kesh <b>"
    for title in ("   ", "x" * 201):
        with pytest.raises(RequestError, match="1 to 200"):
            store.rename(take.id, "ann", title)


def test_old_drafts_are_cleared_and_kept_takes_are_not(store: Store) -> None:
    kept, _draft = store.add([new(), new()])
    store.keep(kept.id, "ann")
    assert store.clear_drafts(days=1) == 0
    assert store.clear_drafts(days=-1) == 1
    assert [take.id for take in store.takes("ann", kept=None)] == [kept.id]


def test_preferences_are_joined(store: Store) -> None:
    store.save_listener("ann", preferences={"a": 1, "b": 2})
    store.save_listener("ann", preferences={"b": 3})
    assert store.listener("ann").preferences == {"a": 1, "b": 3}
    assert store.listener("new").language == ""


def test_records_cannot_be_changed(store: Store) -> None:
    (take,) = store.add([new()])
    with pytest.raises(FrozenInstanceError):
        take.title = "other"  # type: ignore[misc]


def test_two_writers_at_once_lose_nothing(url: str) -> None:
    stores, failures = [Store(url), Store(url)], []

    def write(store: Store, owner: str) -> None:
        try:
            for number in range(25):
                (take,) = store.add([new(owner, f"{number}")])
                store.keep(take.id, owner)
        except StoreError as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=pair) for pair in zip(stores, ("ann", "bob"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [len(stores[0].takes(owner)) for owner in ("ann", "bob")] == [25, 25]


@pytest.mark.parametrize("address", ["nonsense", "nosuch://host/name"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(StoreError, match="SONGLOOM_DB must be an address"):
        Store(address)


def test_passwords_stay_out_of_messages() -> None:
    with pytest.raises(StoreError) as caught:
        Store("nosuch://user:secret@host/name")
    assert "secret" not in str(caught.value)
