"""The store: takes, their versions and listeners' settings, in any data base that SQLAlchemy knows."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, exists, or_, select

from core.errors import RequestError
from core.store import checks, rows
from core.store.database import Database, default_url
from core.store.imports import Imports
from core.store.listeners import Listeners
from core.store.listening import Listening
from core.store.listening_tables import CommentRow, ItemRow, LikeRow, PlaylistItemRow, RatingRow
from core.store.playlists import Playlists, Shares
from core.store.privacy import Privacy
from core.store.recordings import Recordings
from core.store.records import Listener, NewTake, TakeRecord, Version
from core.store.rows import found_take, take_record
from core.store.tables import ListenerRow, TakeRow, VersionRow, now

DRAFT_DAYS = 30
"""Drafts older than this are cleared away when the store is opened."""

DRAFTS_AT_ONCE = 500

MAX_VERSIONS = 100
"""Most versions of a take that are kept."""


class Store:
    """Safe to use from many threads and from several processes at once.

    Every method raises `StoreError` when the data base refuses, is locked, full or gone.

    Args:
        url: an SQLAlchemy address; None takes `SONGLOOM_DB` or the SQLite file in `SONGLOOM_HOME`.
    """

    def __init__(self, url: str | None = None) -> None:
        self._database = Database(url or default_url())
        self.url = self._database.url
        self.listening = Listening(self._database)
        self.listeners = Listeners(self._database)
        self.imports = Imports(self._database)
        self.privacy = Privacy(self._database)
        self.playlists = Playlists(self._database)
        self.shares = Shares(self._database)
        self.recordings = Recordings(self._database)
        self.clear_drafts(DRAFT_DAYS)

    def close(self) -> None:
        """Give the connections back; the store can still be used and connects again."""
        self._database.engine.dispose()

    def add(self, takes: Sequence[NewTake]) -> tuple[TakeRecord, ...]:
        """Store takes as drafts, all or none, each under a new address."""
        with self._database.write() as session:
            titled = (asdict(take) | {"title": checks.tidy(take.title, 200)} for take in takes)
            rows = [TakeRow(id=secrets.token_hex(16), **values) for values in titled]
            session.add_all(rows)
            session.flush()
            session.add_all(VersionRow(take=row.id, number=0, what="composed", midi=row.midi) for row in rows)
            session.flush()
            return tuple(map(take_record, rows))

    def take(self, id: str) -> TakeRecord:
        """The take at an address, whoever owns it.

        Raises:
            MissingError: nothing is there.
        """
        with self._database.read() as session:
            return take_record(found_take(session, id))

    def takes(
        self, owner: str, kept: bool | None = True, style: str = "", limit: int = 200, offset: int = 0
    ) -> tuple[TakeRecord, ...]:
        """An owner's takes, the newest first: those kept, the drafts (False) or both (None)."""
        query = select(TakeRow).where(TakeRow.owner == owner)
        if kept is not None:
            query = query.where(TakeRow.kept == kept)
        if style:
            query = query.where(TakeRow.style == style)
        with self._database.read() as session:
            rows = session.scalars(query.order_by(TakeRow.created.desc(), TakeRow.index, TakeRow.id).limit(limit).offset(offset))
            return tuple(map(take_record, rows))

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
        title = checks.tidy(title, 1000).strip()
        if not 1 <= len(title) <= 200:
            raise RequestError("A title of 1 to 200 characters is needed", f"got {len(title)}", "Type a shorter or any title")
        return self._change(id, owner, title=title)

    def edit(self, id: str, owner: str, midi: bytes, what: str) -> TakeRecord:
        """Store a new version of a take; of more than `MAX_VERSIONS` the oldest edits go, not what was composed.

        Args:
            midi: the whole take after the edit.
            what: the edit in a few words.

        Raises:
            MissingError: the owner has no such take.
        """
        with self._database.write() as session:
            row = found_take(session, id, owner)
            row.version, row.midi = row.version + 1, midi
            session.add(VersionRow(take=id, number=row.version, what=what[:200], midi=midi))
            oldest = row.version - MAX_VERSIONS + 2
            session.execute(delete(VersionRow).where(VersionRow.take == id, VersionRow.number.between(1, oldest - 1)))
            session.flush()
            return take_record(row)

    def versions(self, id: str) -> tuple[Version, ...]:
        """Every version of a take, the composed one first."""
        with self._database.read() as session:
            rows = session.scalars(select(VersionRow).where(VersionRow.take == id).order_by(VersionRow.number))
            return tuple(Version(row.take, row.number, row.what, row.midi, row.created) for row in rows)

    def delete(self, id: str, owner: str) -> None:
        """Remove a take with its versions and with what listeners did with it.

        Raises:
            MissingError: the owner has no such take.
        """
        with self._database.write(counted=True) as session:
            session.delete(found_take(session, id, owner))
            session.execute(delete(ItemRow).where(ItemRow.id == f"take:{id}"))

    def clear_drafts(self, days: float) -> int:
        """Remove drafts older than `days` that nobody rated, liked, wrote about or put in a playlist.

        Returns:
            How many.
        """
        deeds = (RatingRow, LikeRow, CommentRow, PlaylistItemRow)
        meant = select(ItemRow.id).where(or_(*(exists().where(table.item == ItemRow.number) for table in deeds)))
        old = select(TakeRow.id).where(TakeRow.kept.is_(False), TakeRow.created < now() - timedelta(days=days))
        with self._database.read() as session:
            wanted = {id.removeprefix("take:") for id in session.scalars(meant.where(ItemRow.id.startswith("take:")))}
            ids = [id for id in session.scalars(old) if id not in wanted]
        for start in range(0, len(ids), DRAFTS_AT_ONCE):
            some = ids[start : start + DRAFTS_AT_ONCE]
            with self._database.write(counted=True) as session:
                session.execute(delete(TakeRow).where(TakeRow.id.in_(some)))
                session.execute(delete(ItemRow).where(ItemRow.id.in_([f"take:{id}" for id in some])))
        return len(ids)

    def listener(self, id: str) -> Listener:
        """A listener's settings; one that was never saved has none."""
        with self._database.read() as session:
            row = session.scalar(select(ListenerRow).where(ListenerRow.id == id))
            return Listener(id) if row is None else rows.listener_record(row)

    def save_listener(self, id: str, language: str | None = None, preferences: Mapping[str, Any] | None = None) -> Listener:
        """Save a listener's language, or some preferences beside those saved before."""
        with self._database.write() as session:
            row = session.get_one(ListenerRow, rows.listener(session, id), with_for_update=True)
            if language is not None:
                row.language = language
            if preferences:
                row.preferences = {**row.preferences, **preferences}
            session.flush()
            return rows.listener_record(row)

    def _change(self, id: str, owner: str, **values: Any) -> TakeRecord:
        with self._database.write() as session:
            row = found_take(session, id, owner)
            for name, value in values.items():
                setattr(row, name, value)
            session.flush()
            return take_record(row)
