"""Recordings that listeners registered, to be known again. Each listener sees their own."""

from __future__ import annotations

from sqlalchemy import func, select

from core.errors import LimitError, MissingError
from core.store import checks, rows
from core.store.database import Database
from core.store.listening_tables import RecordingRow
from core.store.records import Recording
from core.store.tables import ListenerRow

MAX_RECORDINGS = 5000
"""Most recordings of a listener."""


class Recordings:
    """Registered recordings: only what they are known again by is kept, not the sound."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, listener: str, title: str, seconds: float, chromaprint: bytes) -> Recording:
        """Keep a recording; one with the same Chromaprint takes the new title and is kept once.

        Raises:
            LimitError: the listener has `MAX_RECORDINGS`.
            RequestError: the title is empty, or the id is no listener's.
        """
        title = checks.text(checks.tidy(title, 200), "A title", 200)
        with self._database.write() as session:
            owner = rows.listener(session, listener)
            mine = select(RecordingRow).where(RecordingRow.listener == owner)
            row = session.scalar(mine.where(RecordingRow.chromaprint == chromaprint))
            if row is None:
                if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MAX_RECORDINGS:
                    raise LimitError(
                        f"A listener has at most {MAX_RECORDINGS} recordings", "you have as many", "Remove one first"
                    )
                length = checks.seconds(seconds, "A length")
                row = RecordingRow(id=rows.new_address(), listener=owner, title=title, seconds=length,
                                   chromaprint=chromaprint)
                session.add(row)
            row.title = title
            session.flush()
            return _recording(row)

    def of(self, listener: str) -> tuple[Recording, ...]:
        """A listener's recordings, the oldest first."""
        query = select(RecordingRow).join(ListenerRow, ListenerRow.number == RecordingRow.listener)
        with self._database.read() as session:
            found = session.scalars(query.where(ListenerRow.id == listener).order_by(RecordingRow.created, RecordingRow.id))
            return tuple(map(_recording, found))

    def remove(self, listener: str, id: str) -> None:
        """Forget one recording.

        Raises:
            MissingError: the listener has no such recording.
        """
        with self._database.write() as session:
            row = session.get(RecordingRow, id)
            if row is None or row.listener != rows.find_listener(session, listener):
                raise MissingError("Only your own recordings can be removed", "there is no such one", "Look at the list again")
            session.delete(row)


def _recording(row: RecordingRow) -> Recording:
    return Recording(row.id, row.title, row.seconds, row.chromaprint, row.created)
