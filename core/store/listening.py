"""What listeners did and want: stars, plays, likes, comments, exclusions; which takes are published."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from core.errors import MissingError
from core.store import checks, rows
from core.store.columns import PlayColumns, RatingColumns
from core.store.database import Database
from core.store.listening_tables import CommentRow, CounterRow, ExclusionRow, ItemRow, LikeRow, PlayRow, RatingRow
from core.store.records import SKIP_BELOW, Comment, Exclusion, Item, Play, Rating, TakeRecord
from core.store.tables import ListenerRow, TakeRow

COUNT_MOST = 500
"""Most ids that are asked for in one query."""


class Listening:
    """The part of the store about listening; safe from many threads and processes.

    Listeners are unguessable ids, items are strings as `core.store.checks` describes them. Every
    method raises `StoreError` when the data base refuses, and `RequestError` for ids of no form.
    Writing for a listener or about a tune that was not seen before writes them down.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> int:
        """Rises with every change of what this class keeps; caches use it as their key."""
        with self._database.read() as session:
            return session.scalar(select(CounterRow.value).where(CounterRow.name == "revision")) or 0

    # Stars

    def rate(self, listener: str, item: str, stars: float | None, at: datetime | None = None) -> None:
        """Give an item 0.5 to 5 stars in halves; None takes them away.

        Raises:
            RequestError: other stars.
            MissingError: no such take, artist or track is here.
        """
        halves = None if stars is None else checks.half_stars(stars)
        with self._database.write(counted=True) as session:
            keys = {"listener": rows.listener(session, listener), "item": rows.item(session, item)}
            if halves is None:
                session.execute(delete(RatingRow).filter_by(**keys))
            else:
                values = {**keys, "halves": halves, "at": checks.moment(at), "batch": None}
                rows.upsert(session, RatingRow, tuple(keys), values)

    def ratings(self, listener: str) -> tuple[Rating, ...]:
        """A listener's stars, the newest first."""
        query = _of(listener, RatingRow, ItemRow.id, RatingRow.halves, RatingRow.at).order_by(RatingRow.at.desc(), ItemRow.number)
        with self._database.read() as session:
            return tuple(Rating(item, halves / 2, checks.when(at)) for item, halves, at in session.execute(query))

    # Plays

    def play(
        self, listener: str, item: str, heard_seconds: float, length_seconds: float = 0.0, at: datetime | None = None
    ) -> None:
        """Note that an item was played: less than `SKIP_BELOW` of a known length is a skip.

        The same item at the same second is one play that went on: the longer one counts.

        Args:
            heard_seconds: how much was heard.
            length_seconds: how long the item is, 0 where that is unknown.
            at: when it began; None is now.

        Raises:
            RequestError: seconds below 0 or above `checks.MAX_SECONDS`.
            MissingError: no such take, artist or track is here.
        """
        heard, length = checks.seconds(heard_seconds, "What was heard"), checks.seconds(length_seconds, "A length")
        with self._database.write(counted=True) as session:
            keys = {"listener": rows.listener(session, listener), "at": checks.moment(at), "item": rows.item(session, item)}
            before = session.get(PlayRow, tuple(keys.values()))
            if before is not None and before.heard >= heard:
                return
            values = {**keys, "heard": heard, "length": length, "skipped": heard < SKIP_BELOW * length, "batch": None}
            rows.upsert(session, PlayRow, tuple(keys), values)

    def plays(
        self, listener: str, since: datetime | None = None, until: datetime | None = None, limit: int | None = None
    ) -> tuple[Play, ...]:
        """A listener's plays from `since` on and before `until`, the newest first."""
        columns = (ItemRow.id, PlayRow.at, PlayRow.heard, PlayRow.length, PlayRow.skipped)
        query = _between(_of(listener, PlayRow, *columns), since, until).order_by(PlayRow.at.desc(), PlayRow.item).limit(limit)
        with self._database.read() as session:
            found = session.execute(query)
            return tuple(Play(item, checks.when(at), heard, length, skipped) for item, at, heard, length, skipped in found)

    # Likes

    def like(self, listener: str, item: str, liked: bool = True) -> None:
        """Like an item, or no longer.

        Raises:
            MissingError: no such take, artist or track is here.
        """
        with self._database.write(counted=True) as session:
            keys = {"listener": rows.listener(session, listener), "item": rows.item(session, item)}
            session.execute(delete(LikeRow).filter_by(**keys))
            if liked:
                session.add(LikeRow(**keys, at=checks.moment(None)))

    def likes(self, listener: str) -> tuple[str, ...]:
        """The items that a listener likes, the newest first."""
        query = _of(listener, LikeRow, ItemRow.id).order_by(LikeRow.at.desc(), ItemRow.number.desc())
        with self._database.read() as session:
            return tuple(session.scalars(query))

    # Comments

    def comment(self, listener: str, item: str, text: str) -> Comment:
        """Write about an item.

        Raises:
            RequestError: the text is empty.
            LimitError: it has more than `checks.MAX_COMMENT` characters.
            MissingError: no such take, artist or track is here.
        """
        text = checks.text(text, "A comment", checks.MAX_COMMENT)
        with self._database.write(counted=True) as session:
            who, what = rows.listener(session, listener), rows.item(session, item)
            row = CommentRow(id=secrets.token_hex(16), listener=who, item=what, text=text, at=checks.moment(None))
            session.add(row)
            return Comment(row.id, item, text, checks.when(row.at))

    def uncomment(self, listener: str, id: str) -> None:
        """Remove a comment.

        Raises:
            MissingError: the listener wrote none with this id.
        """
        with self._database.write(counted=True) as session:
            row = session.get(CommentRow, id)
            if row is None or row.listener != rows.find_listener(session, listener):
                raise MissingError("You can remove comments of yours", "there is none, or it is not yours")
            session.delete(row)

    def comments(self, listener: str) -> tuple[Comment, ...]:
        """A listener's comments, the newest first."""
        query = _of(listener, CommentRow, CommentRow.id, ItemRow.id, CommentRow.text, CommentRow.at)
        with self._database.read() as session:
            found = session.execute(query.order_by(CommentRow.at.desc(), CommentRow.id))
            return tuple(Comment(id, item, text, checks.when(at)) for id, item, text, at in found)

    def all_comments(self) -> tuple[tuple[str, str, str], ...]:
        """Every comment as (listener, item, text), for what is learned from their mood; not to be shown to others."""
        query = (
            select(ListenerRow.id, ItemRow.id, CommentRow.text)
            .join(ListenerRow, ListenerRow.number == CommentRow.listener)
            .join(ItemRow, ItemRow.number == CommentRow.item)
            .order_by(CommentRow.at, CommentRow.id)
        )
        with self._database.read() as session:
            return tuple((listener, item, text) for listener, item, text in session.execute(query))

    # What is left out

    def exclude(self, listener: str, kind: str, value: str) -> None:
        """Leave an item, artist, style, period or source out of what the listener is shown.

        Raises:
            RequestError: another kind, or an item of no form.
            LimitError: the value is too long.
        """
        value = checks.excluded(kind, value)
        with self._database.write(counted=True) as session:
            values = {"listener": rows.listener(session, listener), "kind": kind, "value": value, "at": checks.moment(None)}
            session.execute(rows.insert(session, ExclusionRow).values(values).on_conflict_do_nothing())

    def allow(self, listener: str, kind: str, value: str) -> None:
        """Take an exclusion back; nothing happens where there was none."""
        with self._database.write(counted=True) as session:
            number = rows.find_listener(session, listener)
            session.execute(delete(ExclusionRow).filter_by(listener=number, kind=kind, value=value.strip()))

    def exclusions(self, listener: str) -> tuple[Exclusion, ...]:
        """What a listener left out, in the order of time."""
        query = select(ExclusionRow).join(ListenerRow, ListenerRow.number == ExclusionRow.listener)
        with self._database.read() as session:
            query = query.where(ListenerRow.id == listener).order_by(ExclusionRow.at, ExclusionRow.kind, ExclusionRow.value)
            found = session.scalars(query)
            return tuple(Exclusion(row.kind, row.value, checks.when(row.at)) for row in found)

    # Items

    def items(self, ids: Sequence[str] | None = None) -> dict[str, Item]:
        """Artists and tracks of imported histories by their ids: those asked for, or all."""
        if ids is None:
            query = select(ItemRow).where(ItemRow.id.startswith("artist:") | ItemRow.id.startswith("track:"))
            with self._database.read() as session:
                return _items(session.scalars(query))
        found: dict[str, Item] = {}
        with self._database.read() as session:
            for start in range(0, len(ids), COUNT_MOST):
                found |= _items(session.scalars(select(ItemRow).where(ItemRow.id.in_(ids[start : start + COUNT_MOST]))))
        return {id: found[id] for id in ids if id in found}

    def known(self, item: str) -> None:
        """See that an item can be rated: any tune, and takes, artists and tracks that are here.

        Raises:
            RequestError: the string has the form of no item.
            MissingError: no such take is kept, or no history brought such an artist or track.
        """
        kind = checks.item_kind(item)
        with self._database.read() as session:
            if kind == "take":
                rows.found_take(session, item.removeprefix("take:"))
            elif kind != "tune" and rows.find_item(session, item) is None:
                raise rows.never_brought(item)

    # Takes for others

    def publish(self, take: str, owner: str, published: bool = True) -> TakeRecord:
        """Let a take be recommended to other listeners, or no longer; publishing keeps it.

        Args:
            take: its id, without `take:`.

        Raises:
            MissingError: the owner has no such take.
        """
        with self._database.write(counted=True) as session:
            row = rows.found_take(session, take, owner)
            row.published, row.kept = published, row.kept or published
            session.flush()
            return rows.take_record(row)

    def published(self) -> tuple[TakeRecord, ...]:
        """Every take that was published and is kept, the newest first."""
        query = select(TakeRow).where(TakeRow.published, TakeRow.kept).order_by(TakeRow.created.desc(), TakeRow.id)
        with self._database.read() as session:
            return tuple(map(rows.take_record, session.scalars(query)))

    # Everything, for fitting

    def all_ratings(self, listener: str | None = None) -> RatingColumns:
        """All ratings, or those of one listener, as columns in the order of listeners and items."""
        listeners, items, simulated, data = self._columns(RatingRow, ("halves", "at"), listener)
        who, what, halves, at = data
        return RatingColumns(
            listeners, items, who, what, (halves / 2).astype(np.float32), at.astype(np.int64), simulated=simulated
        )

    def all_plays(self, listener: str | None = None) -> PlayColumns:
        """All plays, or those of one listener, as columns in the order of listeners and time."""
        listeners, items, simulated, data = self._columns(PlayRow, ("at", "heard", "length", "skipped"), listener)
        who, what, at, heard, length, skipped = data
        return PlayColumns(
            listeners,
            items,
            who,
            what,
            at.astype(np.int64),
            heard.astype(np.float32),
            length.astype(np.float32),
            skipped.astype(bool),
            simulated=simulated,
        )

    def all_likes(self, listener: str | None = None) -> RatingColumns:
        """All likes, or those of one listener, as columns; `value` is 1."""
        listeners, items, simulated, (who, what, at) = self._columns(LikeRow, ("at",), listener)
        return RatingColumns(listeners, items, who, what, np.ones(len(who), np.float32), at.astype(np.int64), simulated=simulated)

    def counts(self) -> dict[str, int]:
        """How many listeners, ratings and plays of people, and of `simulated` ones, there are."""
        simulated = ListenerRow.community != ""
        with self._database.read() as session:
            found = {"listeners": _split(session, select(simulated, func.count()).select_from(ListenerRow).group_by(simulated))}
            for name, table in (("ratings", RatingRow), ("plays", PlayRow)):
                query = select(simulated, func.count()).join(table, table.listener == ListenerRow.number).group_by(simulated)
                found[name] = _split(session, query)
        return {f"{prefix}{name}": pair[which] for name, pair in found.items() for which, prefix in enumerate(("", "simulated_"))}

    def _columns(self, table: Any, names: Sequence[str], listener: str | None) -> tuple[Any, ...]:
        query = select(table.listener, table.item, *(getattr(table, name) for name in names))
        people = select(ListenerRow.number, ListenerRow.id, ListenerRow.community)
        things = select(ItemRow.number, ItemRow.id)
        if listener is not None:
            people = people.where(ListenerRow.id == listener)
            number = people.with_only_columns(ListenerRow.number).scalar_subquery()
            query = query.where(table.listener == number)
            things = things.where(ItemRow.number.in_(select(table.item).where(table.listener == number)))
        with self._database.columns() as connection:
            result = connection.execute(query.order_by(*table.__table__.primary_key.columns))
            found = result.cursor.fetchall()  # the driver's plain tuples: numpy reads SQLAlchemy's rows ten times slower
            people_of = {number: (id, community != "") for number, id, community in connection.execute(people)}
            things_of = dict(connection.execute(things).all())
        data = np.array(found, np.float64).reshape(-1, 2 + len(names)).T  # whole seconds fit a float64
        who, listener_of = np.unique(data[0], return_inverse=True)
        what, item_of = np.unique(data[1], return_inverse=True)
        listeners = tuple(people_of[number][0] for number in who)
        simulated = np.array([people_of[number][1] for number in who], bool)
        items = tuple(things_of[number] for number in what)
        return listeners, items, simulated, (listener_of.astype(np.int32), item_of.astype(np.int32), *data[2:])


def _of(listener: str, table: Any, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(table)
        .join(ItemRow, ItemRow.number == table.item)
        .join(ListenerRow, ListenerRow.number == table.listener)
        .where(ListenerRow.id == listener)
    )


def _between(query: Select[Any], since: datetime | None, until: datetime | None) -> Select[Any]:
    if since is not None:
        query = query.where(PlayRow.at >= checks.moment(since))
    if until is not None:
        query = query.where(PlayRow.at < checks.moment(until))
    return query


def _items(found: Iterable[ItemRow]) -> dict[str, Item]:
    return {row.id: Item(row.id, row.title, row.artist, row.address, checks.tags_of(row.tags)) for row in found}


def _split(session: Session, query: Any) -> tuple[int, int]:
    found = {bool(simulated): count for simulated, count in session.execute(query)}
    return found.get(False, 0), found.get(True, 0)
