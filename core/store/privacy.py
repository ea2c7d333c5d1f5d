"""A listener's own data: taken along, brought back, forgotten for good."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from core.errors import StoreError
from core.store import rows
from core.store.bringer import Bringer
from core.store.database import Database, explained, home
from core.store.export import everything
from core.store.imports import remove_orphans
from core.store.listening_tables import CounterRow, ItemRow, TryRow
from core.store.readback import read
from core.store.rows import hashed
from core.store.tables import ListenerRow, TakeRow

FORGOTTEN = "forgotten"
LEARNED = "taste"
"""Folder in the home folder for what was learned from all listeners: it goes when one is forgotten."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten. `learned` tells whether models were removed, which are made again."""

    listener: bool
    takes: int
    learned: bool


class Privacy:
    """Export, import and forgetting.

    Args:
        folder: the home folder; None takes `SONGLOOM_HOME`.
    """

    def __init__(self, database: Database, folder: Path | None = None) -> None:
        self._database, self._folder = database, folder

    def export(self, listener: str) -> dict[str, Any]:
        """Everything that is kept of a listener, as JSON can hold it; who left no trace has empty lists."""
        with self._database.read() as session:
            return everything(session, listener)

    def import_export(self, data: Any, listener: str) -> dict[str, int]:
        """Bring an export in as what `listener` did, beside what is there: all or nothing.

        What `listener` has already stays. Takes keep their addresses unless those are taken.
        Ratings of takes that are neither in the export nor here are left out, for nobody could
        hear them. Links that were given away and restore codes are not brought.

        Args:
            data: what `export` gave, also after a way through JSON.
            listener: whose it becomes.

        Returns:
            How many rows of each kind are new.

        Raises:
            FormatError: it is no export, or a field is missing or wrong; nothing was stored.
        """
        given = read(data)
        with self._database.write(counted=True) as session:
            return Bringer(session, listener).bring(given)

    def forget(self, listener: str) -> Forgotten:
        """Remove every trace of a listener: rows, takes, what was learned, and their remains in the files.

        Takes of theirs vanish for those who had the address, too. On SQLite removed content is
        overwritten, the log of changes emptied and the file written anew; on PostgreSQL the tables
        are written anew, while its write-ahead log, backups and replicas keep what they had until
        they are recycled. May be called again, also for one who is forgotten.

        Raises:
            StoreError: the data base refuses. When the rows are gone and only remains could not be
                overwritten, because another program reads the file, it says so.
        """
        with self._database.write(counted=True) as session:
            takes = list(session.scalars(select(TakeRow.id).where(TakeRow.owner == listener)))
            session.execute(delete(TakeRow).where(TakeRow.owner == listener))
            for start in range(0, len(takes), 500):
                session.execute(delete(ItemRow).where(ItemRow.id.in_([f"take:{id}" for id in takes[start : start + 500]])))
            session.execute(delete(TryRow).where(TryRow.caller == hashed(listener)))
            gone: Any = session.execute(delete(ListenerRow).where(ListenerRow.id == listener))
            remove_orphans(session)
            count = rows.insert(session, CounterRow).values(name=FORGOTTEN, value=1)
            raised = {"value": CounterRow.value + 1}
            session.execute(count.on_conflict_do_update(index_elements=["name"], set_=raised))
            known = gone.rowcount > 0
        learned = self._unlearn()
        self.scrub()
        return Forgotten(known, len(takes), learned)

    def forgotten(self) -> int:
        """Rises whenever a listener is forgotten: what was learned from rows read before must not be kept."""
        with self._database.read() as session:
            return session.scalar(select(CounterRow.value).where(CounterRow.name == FORGOTTEN)) or 0

    def scrub(self) -> None:
        """Overwrite what was removed earlier and still lies in the data base's files.

        Raises:
            StoreError: another program keeps the file in use, or the disk is full.
        """
        sqlite = self._database.engine.dialect.name == "sqlite"
        with explained(self._database.url):
            connection = self._database.engine.raw_connection()
            try:
                if sqlite:
                    self._scrub_file(connection.cursor().execute)
                else:
                    connection.driver_connection.autocommit = True  # type: ignore[union-attr]
                    # With new statistics: the planner keeps samples of what is in the tables.
                    connection.cursor().execute("VACUUM (FULL, ANALYZE)")
            except self._database.engine.dialect.loaded_dbapi.Error as error:
                raise StoreError(
                    "What was removed is overwritten in the files of the data base",
                    str(error).splitlines()[0],
                    "It is removed, but traces may be left in the files: free space, close other programs, then forget again",
                ) from error
            finally:
                connection.invalidate()

    def _scrub_file(self, execute: Callable[[str], Any]) -> None:
        execute("VACUUM")
        busy, _frames, _done = execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreError(
                "What was removed is overwritten in the file and its log",
                "another program reads them",
                "It is removed, but traces are left in the log: close that program, then forget again",
            )

    def _unlearn(self) -> bool:
        folder = (self._folder or home()) / LEARNED
        if not folder.is_dir():
            return False
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise StoreError(f"What was learned is removed from {folder}", str(error), "Remove the folder by hand") from error
        return True
