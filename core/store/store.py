"""The store: takes, their versions and listeners' settings, in any data base that SQLAlchemy knows."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import MissingError, RequestError
from core.store.database import connect, default_url, explained
from core.store.records import Listener, NewTake, TakeRecord, Version
from core.store.tables import ListenerRow, TakeRow, VersionRow, now

DRAFT_DAYS = 30
"""Drafts older than this are cleared away when the store is opened."""

_FIELDS = TakeRecord.__dataclass_fields__


class Store:
    """Safe to use from many threads and from several processes at once.

    Every method raises `StoreError` when the data base refuses, is locked, full or gone.

    Args:
        url: an SQLAlchemy address; None takes `SONGLOOM_DB` or the SQLite file in `SONGLOOM_HOME`.
    """

    def __init__(self, url: str | None = None) -> None:
        self.url = url or default_url()
        self._engine = connect(self.url)
        self._writing = self._engine.execution_options(writes=True)
        self.clear_drafts(DRAFT_DAYS)

    def close(self) -> None:
        """Give the connections back; the store can still be used and connects again."""
        self._engine.dispose()

    def add(self, takes: Sequence[NewTake]) -> tuple[TakeRecord, ...]:
        """Store takes as drafts, all or none, each under a new address."""
        with self._write() as session:
            rows = [TakeRow(id=secrets.token_hex(16), **(asdict(take) | {"title": take.title[:200]})) for take in takes]
            session.add_all(rows)
            session.flush()
            session.add_all(VersionRow(take=row.id, number=0, what="composed", midi=row.midi) for row in rows)
            session.flush()
            return tuple(map(_record, rows))

    def take(self, id: str) -> TakeRecord:
        """The take at an address, whoever owns it.

        Raises:
            MissingError: nothing is there.
        """
        with self._read() as session:
            return _record(_found(session, id))

    def takes(
        self, owner: str, kept: bool | None = True, style: str = "", limit: int = 200, offset: int = 0
    ) -> tuple[TakeRecord, ...]:
        """An owner's takes, the newest first: those kept, the drafts (False) or both (None)."""
        query = select(TakeRow).where(TakeRow.owner == owner)
        if kept is not None:
            query = query.where(TakeRow.kept == kept)
        if style:
            query = query.where(TakeRow.style == style)
        with self._read() as session:
            rows = session.scalars(query.order_by(TakeRow.created.desc(), TakeRow.index, TakeRow.id).limit(limit).offset(offset))
            return tuple(map(_record, rows))

    def keep(self, id: str, owner: str, kept: bool = True) -> TakeRecord:
        """Keep a draft, or make a kept take a draft again.

        Raises:
            MissingError: the owner has no such take.
        """
        return self._change(id, owner, kept=kept)

    def rename(self, id: str, owner: str, title: str) -> TakeRecord:
        """Give a take another title of 1 to 200 characters.

        Raises:
            MissingError: the owner has no such take.
            RequestError: the title is empty or too long.
        """
        title = title.strip()
        if not 1 <= len(title) <= 200:
            raise RequestError("A title of 1 to 200 characters is needed", f"got {len(title)}", "Type a shorter or any title")
        return self._change(id, owner, title=title)

    def edit(self, id: str, owner: str, midi: bytes, what: str) -> TakeRecord:
        """Store a new version of a take.

        Args:
            midi: the whole take after the edit.
            what: the edit in a few words.

        Raises:
            MissingError: the owner has no such take.
        """
        with self._write() as session:
            row = _found(session, id, owner)
            row.version, row.midi = row.version + 1, midi
            session.add(VersionRow(take=id, number=row.version, what=what[:200], midi=midi))
            session.flush()
            return _record(row)

    def versions(self, id: str) -> tuple[Version, ...]:
        """Every version of a take, the composed one first."""
        with self._read() as session:
            rows = session.scalars(select(VersionRow).where(VersionRow.take == id).order_by(VersionRow.number))
            return tuple(Version(row.take, row.number, row.what, row.midi, row.created) for row in rows)

    def delete(self, id: str, owner: str) -> None:
        """Remove a take with its versions.

        Raises:
            MissingError: the owner has no such take.
        """
        with self._write() as session:
            session.delete(_found(session, id, owner))

    def clear_drafts(self, days: float) -> int:
        """Remove drafts older than `days`; returns how many."""
        old = select(TakeRow.id).where(TakeRow.kept.is_(False), TakeRow.created < now() - timedelta(days=days))
        with self._write() as session:
            ids = list(session.scalars(old))
            session.execute(delete(TakeRow).where(TakeRow.id.in_(ids)))
            return len(ids)

    def listener(self, id: str) -> Listener:
        """A listener's settings; one that was never saved has none."""
        with self._read() as session:
            row = session.get(ListenerRow, id)
            return Listener(id) if row is None else Listener(id, row.language, row.preferences)

    def save_listener(self, id: str, language: str | None = None, preferences: Mapping[str, Any] | None = None) -> Listener:
        """Save a listener's language, or some preferences beside those saved before."""
        with self._write() as session:
            row = session.get(ListenerRow, id)
            if row is None:
                row = ListenerRow(id=id, language="", preferences={})
                session.add(row)
            if language is not None:
                row.language = language
            if preferences:
                row.preferences = {**row.preferences, **preferences}
            session.flush()
            return Listener(id, row.language, row.preferences)

    def _change(self, id: str, owner: str, **values: Any) -> TakeRecord:
        with self._write() as session:
            row = _found(session, id, owner)
            for name, value in values.items():
                setattr(row, name, value)
            session.flush()
            return _record(row)

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with explained(self.url), Session(self._engine) as session:
            yield session

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with explained(self.url), Session(self._writing) as session, session.begin():
            yield session


def _found(session: Session, id: str, owner: str | None = None) -> TakeRow:
    row = session.get(TakeRow, id)
    if row is None or (owner is not None and row.owner != owner):
        raise MissingError("This address leads to a take", "there is none, or it is not yours to change", "Look in your library")
    return row


def _record(row: TakeRow) -> TakeRecord:
    return TakeRecord(**{name: getattr(row, name) for name in _FIELDS})
