"""What goes wrong around the store: two writers, kill −9, a full disk, a lock, a data base that is taken away."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event

from core.errors import StoreError
from core.store import Store
from tests.store.make import crowd, history
from tests.store.test_store import new

ROOT = Path(__file__).resolve().parents[2]
A, B = "tune:book/1", "tune:book/2"


def _write(url: str, listener: str, barrier: multiprocessing.synchronize.Barrier) -> None:
    store = Store(url)
    barrier.wait(60)
    for number in range(20):
        store.listening.rate(listener, f"tune:book/{number}", 3)
        store.listening.rate("both", f"tune:book/{number}", 4)
        store.listening.play(listener, A, number)
    store.imports.bring("lastfm", listener=listener, plays=history(500, listener))


def test_two_processes_write_at_once_and_lose_nothing(url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(2)
    writers = [spawn.Process(target=_write, args=(url, name, barrier)) for name in ("ann", "bob")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
    assert [writer.exitcode for writer in writers] == [0, 0]
    store = Store(url)
    assert [len(store.listening.ratings(name)) for name in ("ann", "bob", "both")] == [20, 20, 20]
    assert [len(store.listening.all_plays(name)) > 500 for name in ("ann", "bob")] == [True, True]
    assert store.listening.revision() == 2 * (20 * 3 + 1)
    store.close()


def test_a_process_killed_in_the_middle_of_an_import_leaves_nothing(url: str) -> None:
    store = Store(url)
    store.listening.rate("ann", A, 4)
    command = [sys.executable, "-m", "tests.store.importer", url]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as importer:
        assert importer.stdout is not None
        assert importer.stdout.readline() == "half\n"
        assert len(store.listening.all_plays()) == 0
        importer.send_signal(signal.SIGKILL)
        assert importer.wait(30) == -signal.SIGKILL
    store.close()
    after = Store(url)
    assert len(after.listening.all_plays()) == 0
    assert after.imports.of("ann") == ()
    assert after.listening.items() == {}
    assert [rating.stars for rating in after.listening.ratings("ann")] == [4]
    assert after.imports.bring("lastfm", listener="ann", plays=history(1000)).rows == 1000
    after.close()


@pytest.fixture
def lite(tmp_path: Path) -> Path:
    """The path of an SQLite data base with a take and a rating of ann's."""
    path = tmp_path / "home" / "songloom.db"
    store = Store(f"sqlite:///{path}")
    store.add([new()])
    store.listening.rate("ann", A, 4)
    store.close()
    return path


def full(store: Store, spare: int) -> None:
    """Have the disk of an SQLite store hold `spare` pages more and no others."""
    with store._database.engine.connect() as connection:
        (pages,) = connection.exec_driver_sql("PRAGMA page_count").one()
    store.close()
    event.listen(
        store._database.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA max_page_count={pages + spare}")
    )


def test_a_disk_that_fills_up_during_an_import_loses_nothing(lite: Path) -> None:
    store = Store(f"sqlite:///{lite}")
    full(store, spare=20)
    with pytest.raises(StoreError, match=r"the disk is full.*Free some space"):
        store.imports.bring("demo", community="demo", ratings=crowd(300, 200))
    assert [rating.stars for rating in store.listening.ratings("ann")] == [4]
    assert store.imports.communities() == {}
    store.listening.rate("ann", B, 3)
    assert Store(f"sqlite:///{lite}").imports.bring("demo", community="demo", ratings=crowd(300, 200)).rows > 20_000


def test_a_data_base_held_by_another_program_says_so(lite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.database.BUSY_MILLISECONDS", 50)
    store = Store(f"sqlite:///{lite}")
    other = sqlite3.connect(lite, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program holds it"):
        store.listening.rate("ann", B, 3)
    assert [rating.item for rating in store.listening.ratings("ann")] == [A]
    other.execute("ROLLBACK")
    store.listening.rate("ann", B, 3)
    assert len(store.listening.ratings("ann")) == 2


def test_a_lock_on_a_server_says_so(cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.database.BUSY_MILLISECONDS", 50)
    store = Store(cluster.url("songloom"))
    try:
        with create_engine(cluster.url("songloom")).begin() as other:
            other.exec_driver_sql("LOCK TABLE ratings IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(StoreError, match="another program holds it"):
                store.listening.rate("ann", B, 3)
        store.listening.rate("ann", B, 3)
        assert len(store.listening.ratings("ann")) == 1
    finally:
        store.close()
        cluster.empty("songloom")


def test_a_file_that_is_removed_is_told_at_once_and_may_come_back(lite: Path, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{lite}")
    store.listening.ratings("ann")
    backup = shutil.copy(lite, tmp_path / "backup.db")
    for path in lite.parent.iterdir():
        path.unlink()
    for deed in (lambda: store.listening.rate("ann", B, 3), lambda: store.listening.ratings("ann"), lambda: store.takes("ann")):
        with pytest.raises(StoreError, match=r"removed while Songloom was running.*backup"):
            deed()
    assert not lite.exists()
    shutil.copy(backup, lite)
    assert [rating.item for rating in store.listening.ratings("ann")] == [A]
    store.listening.rate("ann", B, 3)
    assert len(Store(f"sqlite:///{lite}").listening.ratings("ann")) == 2


def test_a_new_connection_makes_no_empty_file_in_place_of_a_removed_one(lite: Path) -> None:
    store = Store(f"sqlite:///{lite}")
    store.close()
    lite.unlink()
    with pytest.raises(StoreError, match="removed"):
        store.listening.ratings("ann")
    assert not lite.exists()


def test_a_folder_that_may_only_be_read_says_so(lite: Path) -> None:
    store = Store(f"sqlite:///{lite}")
    store.close()
    event.listen(store._database.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
    with pytest.raises(StoreError, match="may only be read"):
        store.listening.rate("ann", B, 3)


def test_a_server_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"server cannot be reached.*SONGLOOM_DB"):
        Store(f"postgresql+psycopg://nobody:secret@/songloom?host={tmp_path}")


def test_a_data_base_that_is_dropped_says_so_and_loses_nothing_else(cluster) -> None:
    with cluster.database() as address:
        store = Store(address)
        store.listening.rate("ann", A, 3)
        name = address.partition("?")[0].rpartition("/")[2]
        cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")
        with pytest.raises(StoreError) as caught:
            store.listening.rate("ann", B, 3)
        assert "Start the server" in str(caught.value) or "does not exist" in str(caught.value)
        cluster.execute(f"CREATE DATABASE {name}")
        store.close()
        Store(address).close()


def test_what_is_committed_is_there_after_kill_9(lite: Path) -> None:
    code = (
        "import os, signal, sys; from core.store import Store; store = Store(sys.argv[1]);"
        f"store.listening.rate('ann', '{B}', 5); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, f"sqlite:///{lite}"], cwd=ROOT, timeout=60, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL
    assert {rating.item for rating in Store(f"sqlite:///{lite}").listening.ratings("ann")} == {A, B}
