"""What only an SQLite file can suffer: damage, locks, a full disk, a folder that cannot be made."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event

from core.errors import StoreError
from core.store import NewTake, Store
from tests.store.test_store import new


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/home/songloom.db"


@pytest.mark.parametrize("content", [b"this is no data base at all, but a text" * 100, b"\0" * 10_000])
def test_a_file_that_is_no_data_base_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "songloom.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="Move the file away or put a backup"):
        Store(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_damage_in_the_middle_is_named(url: str, tmp_path: Path) -> None:
    store = Store(url)
    store.add([new() for _ in range(200)])
    store.close()
    path = tmp_path / "home" / "songloom.db"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StoreError, match="damaged"):
        Store(url).takes("ann", kept=None)


def test_a_locked_data_base_says_so(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.database.BUSY_MILLISECONDS", 50)
    store.close()
    other = sqlite3.connect(tmp_path / "home" / "songloom.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program holds it"):
        store.add([new()])
    other.execute("ROLLBACK")
    assert store.add([new()])


def test_a_full_disk_says_so(store: Store) -> None:
    with store._database.engine.connect() as connection:
        (pages,) = connection.exec_driver_sql("PRAGMA page_count").one()
    store.close()
    big = NewTake("ann", "Big", "hymn", "lstm", {}, "w", 1, b"x" * 5_000_000)

    def shrink(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count={pages + 1}")

    event.listen(store._database.engine, "connect", shrink)
    with pytest.raises(StoreError, match="the disk is full"):
        store.add([big])
    assert store.takes("ann", kept=None) == ()


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="SONGLOOM_HOME"):
        Store(f"sqlite:///{tmp_path}/home/songloom.db")


def test_settings_choose_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SONGLOOM_DB", raising=False)
    monkeypatch.setenv("SONGLOOM_HOME", str(tmp_path / "here"))
    Store().add([new()])
    assert (tmp_path / "here" / "songloom.db").is_file()
    monkeypatch.setenv("SONGLOOM_DB", f"sqlite:///{tmp_path}/there.db")
    Store().add([new()])
    assert (tmp_path / "there.db").is_file()
