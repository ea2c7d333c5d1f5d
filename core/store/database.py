"""Where the data base lies, how it is opened, and what its refusals mean to a user."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DatabaseError, DisconnectionError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from core.errors import StoreError
from core.store.migrate import migrate

HOME, URL = "SONGLOOM_HOME", "SONGLOOM_DB"
BUSY_MILLISECONDS = 15_000
"""How long a writer waits for another one to end."""

SETTINGS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=ON", "cache_size=-65536")
"""How SQLite files are used: readers beside a writer, and what is removed is overwritten. With 64 MB
instead of 2 to work in, an import of a million plays takes 6.6 s of the processor instead of 11.1."""


def home() -> Path:
    """The folder for everything that Songloom keeps: `SONGLOOM_HOME`, by default `data`."""
    return Path(os.environ.get(HOME) or "data")


def default_url() -> str:
    """`SONGLOOM_DB`, by default an SQLite file in the home folder."""
    return os.environ.get(URL) or f"sqlite:///{home() / 'songloom.db'}"


class Database:
    """An open data base: sessions that read, and sessions that write all or nothing.

    Args:
        url: an SQLAlchemy address.

    Raises:
        StoreError: see `connect`; every session raises it when the data base refuses.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = connect(url)
        self._writing = self.engine.execution_options(writes=True)
        # One state for all queries of a reader; a reader of SQLite sees one anyway.
        sqlite = self.engine.dialect.name == "sqlite"
        self._reading = self.engine if sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state and changes nothing."""
        with explained(self.url), Session(self._reading) as session:
            yield session

    @contextmanager
    def write(self, counted: bool = False) -> Iterator[Session]:
        """A session that is committed at the end; `counted` raises the revision with it."""
        with explained(self.url), Session(self._writing) as session, session.begin():
            yield session
            if counted:
                # Last, so that writers wait for one another as briefly as can be and never in a circle.
                session.flush()
                session.execute(text("UPDATE counters SET value = value + 1 WHERE name = 'revision'"))

    @contextmanager
    def columns(self) -> Iterator[Connection]:
        """A connection that reads many rows fast, without objects for them."""
        with explained(self.url), self._reading.connect() as connection:
            yield connection


def connect(url: str) -> Engine:
    """Open the data base and bring its tables to this Songloom's shape.

    Raises:
        StoreError: it cannot be opened, is not a data base, or was made by a newer Songloom.
    """
    with explained(url):
        try:
            engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"))
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise StoreError(
                f"{URL} must be an address such as sqlite:///data/songloom.db or postgresql+psycopg://user@host/name",
                f"got {public(url)!r} ({error})",
                "Correct it, or install the driver that it names",
            ) from error
        if engine.dialect.name == "sqlite":
            _make_folder(engine)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "checkout", _same_file)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            event.listen(engine, "connect", _prepare_server)
        with engine.execution_options(writes=True).begin() as connection:
            migrate(connection, public(url))
        if engine.dialect.name == "sqlite":
            event.listen(engine, "do_connect", _never_anew)
        return engine


@contextmanager
def explained(url: str) -> Iterator[None]:
    """Turn what a data base says into a `StoreError` that says what to do."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _explain(url, error) from error
    except OSError as error:
        raise StoreError(
            f"The data base {public(url)} must be readable and writable",
            str(error),
            f"Correct the rights, or set {HOME} or {URL}",
        ) from error


_MEANINGS = (
    ("lock timeout", "another program holds it", "Close that program or wait, then try again"),
    ("locked", "another program holds it", "Close that program or wait, then try again"),
    ("disk is full", "the disk is full", "Free some space, then try again"),
    ("no space left", "the disk is full", "Free some space, then try again"),
    ("readonly", "it may only be read", f"Correct the rights of the file, or set {HOME} or {URL}"),
    ("read-only", "it may only be read", f"Correct the rights of the file, or set {HOME} or {URL}"),
    ("not a database", "the file is something else or is damaged", "Move the file away or put a backup in its place"),
    ("malformed", "the file is damaged", "Move the file away or put a backup in its place"),
    ("unable to open", "it cannot be opened", f"Check that the folder is there, or set {HOME} or {URL}"),
    ("disk i/o", "the disk cannot be read or written", "Check the disk, or put a backup in its place"),
    ("connection is bad", "its server cannot be reached", f"Start the server, or correct {URL}"),
    ("connection failed", "its server cannot be reached", f"Start the server, or correct {URL}"),
    ("terminating connection", "its server is stopping", "Start the server again, then try again"),
    ("server closed", "its server stopped", "Start the server again, then try again"),
    ("connection is lost", "its server stopped", "Start the server again, then try again"),
    ("undefinedtable", "its tables are gone", "Restart Songloom to make them again, or put a backup in their place"),
    ("no such table", "its tables are gone", "Restart Songloom to make them again, or put a backup in their place"),
)


def _explain(url: str, error: SQLAlchemyError) -> StoreError:
    cause = error.orig if isinstance(error, DatabaseError) and error.orig else error
    said = f"{cause} ({type(cause).__name__})"
    where = f"Songloom keeps your music in the data base {public(url)}"
    for sign, got, todo in _MEANINGS:
        if sign in said.lower():
            return StoreError(where, got, todo)
    return StoreError(where, said.splitlines()[0], "Check it, then try again")


def public(url: str) -> str:
    """The address without its password."""
    head, at, tail = url.rpartition("@")
    scheme, slashes, user = head.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}@{tail}" if at and slashes else url


def _make_folder(engine: Engine) -> None:
    if engine.url.database and engine.url.database != ":memory:":
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions begin too late for readers that go on to write; see `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    for setting in (f"busy_timeout={BUSY_MILLISECONDS}", *SETTINGS):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _file(engine_or_path: str | None) -> Path | None:
    return Path(engine_or_path) if engine_or_path and engine_or_path != ":memory:" else None


def _never_anew(_dialect: Any, _record: Any, arguments: list[Any], _options: Any) -> None:
    # SQLite would make an empty file without a word where the data base was taken away.
    path = _file(str(arguments[0]))
    if path is not None and not path.exists():
        raise _gone(path)


def _same_file(connection: Any, record: Any, _proxy: Any) -> None:
    # What is written into a file that was removed is lost when it is closed.
    path = _file(connection.execute("PRAGMA database_list").fetchone()[2])
    if path is None:
        return
    try:
        place = path.stat()
    except FileNotFoundError as error:
        raise _gone(path) from error
    if record.info.setdefault("file", (place.st_dev, place.st_ino)) != (place.st_dev, place.st_ino):
        raise DisconnectionError("another file was put in its place")  # SQLAlchemy connects again


def _gone(path: Path) -> StoreError:
    return StoreError(
        f"Songloom keeps your music in the file {path}",
        "it was removed while Songloom was running",
        "Put it or a backup back, or restart Songloom to begin with an empty one",
    )


def _prepare_server(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
    cursor.close()
    connection.commit()


def _begin_sqlite(connection: Any) -> None:
    # A writer asks for the lock at its start: one that read first and then writes would not be let wait.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
