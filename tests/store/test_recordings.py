"""Recordings that are known again belong to who registered them."""

from __future__ import annotations

import pytest

from core.errors import LimitError, MissingError, RequestError
from core.store import Store, recordings


def test_each_listener_has_their_own(store: Store) -> None:
    first = store.recordings.register("ann", " First ", 10, b"a")
    store.recordings.register("ann", "Second", 20.5, b"c")
    store.recordings.register("bob", "Other", 1, b"a")
    mine = store.recordings.of("ann")
    assert [(one.title, one.seconds, one.chromaprint) for one in mine] == [
        ("First", 10, b"a"), ("Second", 20.5, b"c")]
    assert store.recordings.of("nobody") == ()
    with pytest.raises(MissingError):
        store.recordings.remove("bob", first.id)
    store.recordings.remove("ann", first.id)
    assert [one.title for one in store.recordings.of("ann")] == ["Second"]
    assert len(store.recordings.of("bob")) == 1


def test_the_same_recording_is_kept_once(store: Store) -> None:
    one = store.recordings.register("ann", "Name", 10, b"a")
    again = store.recordings.register("ann", "Better name", 10, b"a")
    assert (again.id, [found.title for found in store.recordings.of("ann")]) == (one.id, ["Better name"])


def test_limits(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RequestError):
        store.recordings.register("ann", " ", 10, b"a")
    monkeypatch.setattr(recordings, "MAX_RECORDINGS", 1)
    store.recordings.register("ann", "One", 10, b"a")
    with pytest.raises(LimitError):
        store.recordings.register("ann", "Two", 10, b"c")
