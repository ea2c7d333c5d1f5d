"""A PostgreSQL cluster for tests: of its own, on a socket only, under a user of its own, gone afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from core.store.tables import Base

SERVER_USER = "postgres"
"""PostgreSQL refuses to run as root; Debian's package makes this user."""

_numbers = count(1)


@dataclass(frozen=True)
class Cluster:
    """A running server whose socket lies in `folder`."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{SERVER_USER}@/{database}?host={self.folder}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        with psycopg.connect(host=str(self.folder), user=SERVER_USER, dbname=database, autocommit=True) as connection:
            connection.execute(statement)

    def empty(self, database: str) -> None:
        """Remove every row; the tables stay, which is faster than a new data base."""
        tables = ", ".join(table.name for table in Base.metadata.sorted_tables if table.name != "counters")
        counters = "DELETE FROM counters WHERE name <> 'revision'; UPDATE counters SET value = 0"
        self.execute(f"TRUNCATE {tables} RESTART IDENTITY; {counters}", database)

    def files(self, url: str) -> Path:
        """The folder with the files of a data base."""
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            row = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone()
        assert row is not None
        return self.folder / "data" / "base" / str(row[0])

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new data base without tables that is dropped at the end."""
        name = f"songloom_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def programs() -> Path:
    """The folder of `initdb` and `postgres`; without them the test fails and says what to type."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not folders:
        pytest.fail("The store is tested on PostgreSQL too. Please type: sudo apt-get install postgresql", pytrace=False)
    return max(folders, key=lambda folder: int(folder.parent.name))


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A fresh cluster, run as `SERVER_USER` where we are root, else as ourselves."""
    bin, user = programs(), _server_user()
    # Not below pytest's folders: the path of a socket may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="songloom-pg-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        _run(user, bin / "initdb", "-D", data, "-U", SERVER_USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        quick = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=32MB -c max_wal_size=256MB"
        options = f"-k {folder} -c listen_addresses='' {quick}"
        _run(user, bin / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", folder / "log", "-o", options, "start")
        # Whoever holds the other end of the guard's pipe is this process: when it ends, however it ends, the server does.
        guard = subprocess.Popen(["sh", "-c", _GUARD, "guard", bin / "pg_ctl", folder], stdin=subprocess.PIPE, user=user,
                                 cwd="/", stdout=subprocess.DEVNULL, start_new_session=True)
        try:
            yield Cluster(folder)
        finally:
            guard.communicate(timeout=60)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # the guard was there before


_GUARD = 'cat; "$1" -D "$2/data" -m immediate stop; rm -rf "$2"'


def _server_user() -> str | None:
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam(SERVER_USER).pw_name
    except KeyError:
        pytest.fail(f"PostgreSQL needs a user of its own. Please type: adduser --system {SERVER_USER}", pytrace=False)


def _run(user: str | None, *command: object) -> None:
    words = [str(word) for word in command]
    done = subprocess.run(words, user=user, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    if done.returncode:
        pytest.fail(f"{words[0]} failed: {done.stdout}{done.stderr}", pytrace=False)
