"""What listeners put together and what they give away: playlists, and links that open one thing."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import LimitError, MissingError, RequestError
from core.store import checks, rows
from core.store.database import Database
from core.store.listening_tables import ItemRow, PlaylistItemRow, PlaylistRow, ShareRow
from core.store.records import Playlist, Share
from core.store.tables import ListenerRow

MAX_ITEMS, MAX_PLAYLISTS = 1000, 500
"""Most items of a playlist, most playlists of a listener."""

SHAREABLE = ("playlist", "profile", "blend")
"""What a link can open: a playlist, one's taste profile, one's taste to be blended with another's."""


class Playlists:
    """Playlists of listeners; only their owners see and change them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, listener: str, name: str, items: Sequence[str] = ()) -> Playlist:
        """A new playlist.

        Raises:
            RequestError: the name is empty, or an item has no form.
            LimitError: too long a name, more than `MAX_ITEMS` items or `MAX_PLAYLISTS` playlists.
            MissingError: no such take, artist or track is here.
        """
        name = _name(name)
        with self._database.write() as session:
            owner = rows.listener(session, listener)
            if len(session.scalars(select(PlaylistRow.id).where(PlaylistRow.listener == owner)).all()) >= MAX_PLAYLISTS:
                raise LimitError(f"A listener has at most {MAX_PLAYLISTS} playlists", "you have as many", "Remove one first")
            row = PlaylistRow(id=secrets.token_hex(16), listener=owner, name=name)
            session.add(row)
            session.flush()
            _fill(session, row, items)
            return Playlist(row.id, row.name, tuple(items), row.created)

    def change(self, listener: str, id: str, name: str | None = None, items: Sequence[str] | None = None) -> Playlist:
        """Give a playlist another name or other items in a new order.

        Raises:
            MissingError: the listener has no such playlist, or no such item is here.
            RequestError, LimitError: as for `make`.
        """
        with self._database.write() as session:
            row = _found(session, listener, id)
            if name is not None:
                row.name = _name(name)
            if items is not None:
                session.execute(delete(PlaylistItemRow).where(PlaylistItemRow.playlist == id))
                _fill(session, row, items)
            session.flush()
            return _playlist(session, row)

    def remove(self, listener: str, id: str) -> None:
        """Remove a playlist, and the links to it.

        Raises:
            MissingError: the listener has no such playlist.
        """
        with self._database.write() as session:
            row = _found(session, listener, id)
            session.execute(delete(ShareRow).filter_by(listener=row.listener, kind="playlist", target=id))
            session.delete(row)

    def of(self, listener: str) -> tuple[Playlist, ...]:
        """A listener's playlists, the oldest first."""
        query = select(PlaylistRow).join(ListenerRow, ListenerRow.number == PlaylistRow.listener)
        with self._database.read() as session:
            found = session.scalars(query.where(ListenerRow.id == listener).order_by(PlaylistRow.created, PlaylistRow.id)).all()
            return tuple(_playlist(session, row) for row in found)


class Shares:
    """Links that listeners gave away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def share(self, listener: str, kind: str, target: str = "") -> Share:
        """The link to something of a listener; the same one when asked again.

        Args:
            kind: one of `SHAREABLE`.
            target: the playlist's id.

        Raises:
            RequestError: another kind.
            MissingError: the listener has no such playlist.
        """
        if kind not in SHAREABLE:
            raise RequestError(f"What can be shared is one of {', '.join(SHAREABLE)}", f"got {kind!r}")
        with self._database.write() as session:
            if kind == "playlist":
                _found(session, listener, target)
            values = {"listener": rows.listener(session, listener), "kind": kind, "target": target if kind == "playlist" else ""}
            row = session.scalar(select(ShareRow).filter_by(**values))
            if row is None:
                row = ShareRow(id=secrets.token_hex(16), **values)
                session.add(row)
                session.flush()
            return Share(row.id, listener, row.kind, row.target, row.created)

    def take_back(self, listener: str, id: str) -> None:
        """Have a link open nothing from now on.

        Raises:
            MissingError: the listener gave no such link.
        """
        with self._database.write() as session:
            row = session.get(ShareRow, id)
            if row is None or row.listener != rows.find_listener(session, listener):
                raise MissingError("You can take back links of yours", "there is none, or it is not yours")
            session.delete(row)

    def of(self, listener: str) -> tuple[Share, ...]:
        """The links that a listener gave and did not take back, the oldest first."""
        query = select(ShareRow).join(ListenerRow, ListenerRow.number == ShareRow.listener).where(ListenerRow.id == listener)
        with self._database.read() as session:
            found = session.scalars(query.order_by(ShareRow.created, ShareRow.id))
            return tuple(Share(row.id, listener, row.kind, row.target, row.created) for row in found)

    def open(self, id: str, kind: str) -> Share:
        """What a link leads to, for whoever has it.

        Raises:
            MissingError: it leads to nothing of this kind, or was taken back.
        """
        query = select(ShareRow, ListenerRow.id).join(ListenerRow, ListenerRow.number == ShareRow.listener)
        with self._database.read() as session:
            found = session.execute(query.where(ShareRow.id == id, ShareRow.kind == kind)).first()
            if found is None:
                raise MissingError("This link should lead to what its owner shared", "it leads to nothing", "Ask for a new one")
            row, owner = found
            return Share(row.id, owner, row.kind, row.target, row.created)

    def playlist(self, id: str) -> Playlist:
        """The playlist that a link opens.

        Raises:
            MissingError: see `open`.
        """
        target = self.open(id, "playlist").target
        with self._database.read() as session:
            row = session.get(PlaylistRow, target)
            if row is None:
                raise MissingError("This link should lead to a playlist", "its owner removed it", "Ask for a new one")
            return _playlist(session, row)


def _name(name: str) -> str:
    return checks.text(name, "The name of a playlist", 200)


def _found(session: Session, listener: str, id: str) -> PlaylistRow:
    row = session.get(PlaylistRow, id)
    if row is None or row.listener != rows.find_listener(session, listener):
        raise MissingError("You can see and change playlists of yours", "there is none, or it is not yours")
    return row


def _fill(session: Session, row: PlaylistRow, items: Sequence[str]) -> None:
    if len(items) > MAX_ITEMS:
        raise LimitError(f"A playlist has at most {MAX_ITEMS} items", f"got {len(items)}", "Make two of it")
    for position, item in enumerate(items):
        session.add(PlaylistItemRow(playlist=row.id, position=position, item=rows.item(session, item)))
    session.flush()


def _playlist(session: Session, row: PlaylistRow) -> Playlist:
    query = select(ItemRow.id).join(PlaylistItemRow, PlaylistItemRow.item == ItemRow.number)
    items = tuple(session.scalars(query.where(PlaylistItemRow.playlist == row.id).order_by(PlaylistItemRow.position)))
    return Playlist(row.id, row.name, items, row.created)
