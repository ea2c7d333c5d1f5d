"""Who listens: names, restore codes, accounts, cookies."""

from __future__ import annotations

import re

import pytest

from core.errors import InputError, LimitError, MissingError, RequestError
from core.store import Store, listeners
from core.store.listeners import MAX_TRIES, new_id
from core.store.listening_tables import TryRow
from core.store.tables import ListenerRow, TakeRow
from tests.store.test_store import new

A = "tune:book/1"


def test_names_are_given_changed_and_found(store: Store) -> None:
    store.save_listener("id-1", language="zh")
    assert store.listeners.name("id-1", "  Ann <b> ").name == "Ann <b>"
    assert store.listener("id-1").name == "Ann <b>"
    assert store.listener("id-1").language == "zh"
    assert store.listeners.find("Ann <b>") == "id-1"
    assert store.listeners.find("id-1") == "id-1"
    store.listeners.name("id-2", "Ann <b>")
    with pytest.raises(RequestError, match="2 are"):
        store.listeners.find("Ann <b>")
    store.listeners.name("id-2", "")
    assert store.listeners.find("Ann <b>") == "id-1"
    for nobody in ("ann", "../../etc/passwd", "' OR 1=1 --", "%"):
        with pytest.raises(MissingError):
            store.listeners.find(nobody)


@pytest.mark.parametrize("name", ["x" * 81, "a\0b", "\ud800"])
def test_names_are_checked(store: Store, name: str) -> None:
    with pytest.raises(InputError):
        store.listeners.name("id-1", name)


def test_who_only_has_takes_is_found(store: Store) -> None:
    store.add([new("ann")])
    assert store.listeners.find("ann") == "ann"


def test_a_code_restores_and_is_kept_as_a_hash(store: Store) -> None:
    code = store.listeners.new_code("ann")
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}", code)
    assert store.listeners.restore(code, "caller") == "ann"
    assert store.listeners.restore(f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')}", "caller") == "ann"
    with store._database.read() as session:
        kept = session.query(ListenerRow).one().restore_hash
    assert kept is not None
    assert code.replace("-", "") not in kept
    assert len(kept) == 64
    newer = store.listeners.new_code("ann")
    with pytest.raises(MissingError, match="letter by letter"):
        store.listeners.restore(code, "caller")
    assert store.listeners.restore(newer, "caller") == "ann"


def test_wrong_codes_are_limited_for_a_caller_and_time_heals(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    code = store.listeners.new_code("ann")
    for _ in range(MAX_TRIES):
        with pytest.raises(MissingError):
            store.listeners.restore("WRONG", "caller")
    with pytest.raises(LimitError, match="Wait"):
        store.listeners.restore(code, "caller")
    assert store.listeners.restore(code, "another") == "ann"
    with store._database.write() as session:
        for row in session.query(TryRow):
            row.at -= listeners.TRY_SECONDS
    assert store.listeners.restore(code, "caller") == "ann"
    monkeypatch.setattr(listeners, "MAX_TRIES_OF_ALL", 1)
    with pytest.raises(MissingError):
        store.listeners.restore("WRONG", "caller")
    with pytest.raises(LimitError):
        store.listeners.restore(code, "another")


def test_an_account_takes_over_who_listened_here_and_is_then_opened_by_it_alone(store: Store) -> None:
    here = new_id()
    store.listening.rate(here, A, 4)
    code = store.listeners.new_code(here)
    assert store.listeners.opens(here, signed=True)
    assert store.listeners.signed_in("https://id.example|1", here) == here
    assert store.listeners.signed_in("https://id.example|1", new_id()) == here
    assert not store.listeners.opens(here, signed=True)
    with pytest.raises(MissingError):
        store.listeners.restore(code, "caller")
    with pytest.raises(RequestError, match="signing in"):
        store.listeners.new_code(here)
    other = store.listeners.signed_in("https://id.example|2", here)
    assert other != here
    assert store.listening.ratings(other) == ()


def test_bare_ids_of_the_earlier_form_work_until_a_signed_one_came(store: Store) -> None:
    old, fresh = new_id(), new_id()
    store.save_listener(old, language="zh")
    with store._database.write() as session:
        session.query(ListenerRow).one().signed = False
    assert store.listeners.opens(old, signed=False)
    assert store.listeners.opens(old, signed=False)
    assert store.listeners.opens(old, signed=True)
    assert not store.listeners.opens(old, signed=False)
    store.save_listener(fresh, language="zh")
    assert not store.listeners.opens(fresh, signed=False)
    assert store.listeners.opens(fresh, signed=True)


def test_bare_ids_that_only_have_takes_work_too(store: Store) -> None:
    old = new_id()
    store.add([new(old)])
    assert store.listeners.opens(old, signed=False)
    assert store.listeners.opens(old, signed=True)
    assert not store.listeners.opens(old, signed=False)
    assert not store.listeners.opens(new_id(), signed=False)
    assert store.listeners.opens(new_id(), signed=True)


def test_drafts_that_somebody_rated_are_not_cleared(store: Store) -> None:
    rated, played = store.add([new(), new()])
    store.listening.rate("ann", f"take:{rated.id}", 5)
    store.listening.play("ann", f"take:{played.id}", 5)
    assert store.clear_drafts(days=-1) == 1
    assert [take.id for take in store.takes("ann", kept=None)] == [rated.id]
    assert store.listening.plays("ann") == ()
    store.delete(rated.id, "ann")
    assert store.listening.ratings("ann") == ()
    with store._database.read() as session:
        assert session.query(TakeRow).count() == 0
