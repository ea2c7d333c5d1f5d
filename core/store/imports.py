"""Bringing many interactions at once — a listener's history, a community — and undoing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import bindparam, delete, exists, func, select, update
from sqlalchemy.orm import Session

from core.errors import MissingError, RequestError
from core.store import checks, rows
from core.store.columns import PlayColumns, RatingColumns, check
from core.store.database import Database
from core.store.listening_tables import (
    CommentRow,
    ExclusionRow,
    ImportRow,
    ItemRow,
    LikeRow,
    PlaylistItemRow,
    PlayRow,
    RatingRow,
)
from core.store.records import Import, Item
from core.store.tables import ListenerRow, now

SIMULATED = "sim:"
"""How the ids of a community's listeners begin."""

_RATING = ("listener", "item", "halves", "at", "batch")
_PLAY = ("listener", "at", "item", "heard", "length", "skipped", "batch")

Progress = Callable[[int, int], None]


class Imports:
    """Many rows at once, all or none: whoever looks before the end sees nothing of them.

    A process that is killed in the middle leaves nothing behind.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def bring(
        self,
        source: str,
        *,
        listener: str | None = None,
        community: str = "",
        name: str = "",
        ratings: RatingColumns | None = None,
        plays: PlayColumns | None = None,
        items: Iterable[Item] = (),
        progress: Progress | None = None,
    ) -> Import:
        """Store interactions of one listener, or of a community.

        What is there already stays as it is: the same item at the same second is one play, and
        stars that a listener gave are not replaced.

        Args:
            source: what brought it, such as `lastfm` or `demo`, 1 to 40 characters.
            listener: whose history it is; the columns then name this listener only.
            community: else the name of the community; ids of its listeners begin with `SIMULATED`.
            name: the file's name, for the list of imports.
            items: titles of the artists and tracks in the columns; one that is missing is called by its id.
            progress: called with (rows done, of all); what it raises stops and takes all back.

        Raises:
            RequestError: columns that do not fit together, values out of range, ids of no form,
                neither a listener nor a community or both.
            StoreError: the data base refuses; nothing was stored.
        """
        source, name = checks.text(source, "A source", 40), checks.tidy(name, 200)
        parts = [part for part in (ratings, plays) if part is not None]
        for part in parts:
            check(part)
        _check_whose(listener, community, parts)
        total = sum(map(len, parts))
        with self._database.write(counted=True) as session:
            owner = None if listener is None else rows.listener(session, listener)
            row = ImportRow(listener=owner, source=source, name=name, community=community)
            session.add(row)
            session.flush()
            items_of = _Items(session, items, parts)
            done = 0
            for part in parts:
                who = _listeners(session, part.listeners, community)
                table = RatingRow if isinstance(part, RatingColumns) else PlayRow
                names = _RATING if isinstance(part, RatingColumns) else _PLAY
                for chunk in _chunks(part, who, items_of.numbers(part.items), row.number):
                    rows.insert_many(session, table, names, chunk)
                    done += len(chunk)
                    if progress is not None:
                        progress(done, total)
            row.rows = rows_of_import(session, row.number)
            row.known = total - row.rows
            session.flush()
            return _import(row)

    def of(self, listener: str) -> tuple[Import, ...]:
        """What a listener brought, the newest first."""
        query = select(ImportRow).join(ListenerRow, ListenerRow.number == ImportRow.listener).where(ListenerRow.id == listener)
        with self._database.read() as session:
            return tuple(map(_import, session.scalars(query.order_by(ImportRow.number.desc()))))

    def communities(self) -> dict[str, int]:
        """The communities that are here, with how many listeners each has."""
        query = select(ListenerRow.community, func.count()).where(ListenerRow.community != "").group_by(ListenerRow.community)
        with self._database.read() as session:
            return dict(session.execute(query).all())

    def undo(self, listener: str, id: int) -> Import:
        """Take back what an import brought, with items that nobody else has to do with.

        Raises:
            MissingError: the listener has no such import.
        """
        with self._database.write(counted=True) as session:
            row = session.get(ImportRow, id)
            if row is None or row.listener is None or row.listener != rows.find_listener(session, listener):
                raise MissingError("You can undo imports of yours", "there is none with this number, or it is not yours")
            done = _import(row)
            session.delete(row)
            session.flush()
            remove_orphans(session)
            return done

    def remove_community(self, community: str) -> int:
        """Remove a community with all that its listeners did; returns how many listeners it had."""
        with self._database.write(counted=True) as session:
            theirs = delete(ListenerRow).where(ListenerRow.community == community, ListenerRow.community != "")
            removed: Any = session.execute(theirs)
            session.execute(delete(ImportRow).where(ImportRow.community == community, ImportRow.listener.is_(None)))
            remove_orphans(session)
            return int(removed.rowcount)


def remove_orphans(session: Session) -> None:
    """Remove artists and tracks that nothing points to: their titles tell what somebody listened to."""
    used = [exists().where(table.item == ItemRow.number) for table in (RatingRow, PlayRow, LikeRow, CommentRow, PlaylistItemRow)]
    named = exists().where(ExclusionRow.value == ItemRow.id)
    outside = ItemRow.id.startswith("artist:") | ItemRow.id.startswith("track:")
    query = delete(ItemRow).where(outside, ~named, *(~each for each in used))
    session.execute(query.execution_options(synchronize_session=False))


class _Items:
    """Numbers of items, of which new ones are written down."""

    def __init__(self, session: Session, given: Iterable[Item], parts: Sequence[RatingColumns | PlayColumns]) -> None:
        titled = {item.id: item for item in given}
        # In one order, so that two imports at once wait for each other and not in a circle.
        wanted = dict.fromkeys(sorted({id for part in parts for id in part.items}))
        new = [_item_values(titled.get(id) or Item(id)) for id in wanted]
        rows.insert_many(session, ItemRow, ("id", "title", "artist", "address", "tags"), new)
        tagged = [{"known": id, "said": tags} for id, *_, tags in new if tags]
        if tagged:  # some may be there without, from somebody's history
            there = update(ItemRow).where(ItemRow.id == bindparam("known"), ItemRow.tags == "")
            session.connection().execute(there.values(tags=bindparam("said")), tagged)
        found = session.execute(select(ItemRow.id, ItemRow.number)).all()
        self._number = {id: number for id, number in found if id in wanted}

    def numbers(self, ids: Sequence[str]) -> NDArray[np.int64]:
        return np.array([self._number[id] for id in ids], np.int64)


def _item_values(item: Item) -> tuple[str, str, str, str, str]:
    kind = checks.item_kind(item.id)
    title = item.title or (item.id.rpartition("/" if kind == "track" else ":")[2] if kind in ("artist", "track") else "")
    address = item.address if len(item.address) <= checks.MAX_ADDRESS else ""
    artist = checks.tidy(item.artist, checks.MAX_TITLE)
    return item.id, checks.tidy(title, checks.MAX_TITLE), artist, checks.tidy(address, 500), checks.tags_text(item.tags)


def rows_of_import(session: Session, batch: int) -> int:
    """How many rows an import really added."""
    counts = (select(func.count()).select_from(table).where(table.batch == batch) for table in (RatingRow, PlayRow))
    return sum(session.scalar(count) or 0 for count in counts)


def _check_whose(listener: str | None, community: str, parts: Sequence[RatingColumns | PlayColumns]) -> None:
    ids = {id for part in parts for id in part.listeners}
    if (listener is None) == (community == ""):
        raise RequestError("An import is of one listener or of a community", "got both or neither")
    if listener is not None and not ids <= {listener}:
        raise RequestError("A listener's import has rows of this listener only", f"got rows of {len(ids)} listeners")
    if community:
        checks.text(community, "The name of a community", 40)
        if not all(id.startswith(SIMULATED) for id in ids):
            raise RequestError(f"The ids of a community's listeners begin with {SIMULATED}", "got others")


def _listeners(session: Session, ids: Sequence[str], community: str) -> NDArray[np.int64]:
    if community:
        blank = {**rows.BLANK, "community": community, "created": now()}
        new = [{"id": id, **blank} for id in ids]
        for start in range(0, len(new), rows.CHUNK):
            statement = rows.insert(session, ListenerRow).on_conflict_do_nothing()
            session.connection().execute(statement, new[start : start + rows.CHUNK])
    wanted = set(ids)
    found = session.execute(select(ListenerRow.id, ListenerRow.number)).all()
    number = {id: number for id, number in found if id in wanted}
    return np.array([number[id] for id in ids], np.int64)


def _chunks(
    part: RatingColumns | PlayColumns, who: NDArray[np.int64], what: NDArray[np.int64], batch: int
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows for the data base in the order of its own key, so that neighbours are written together."""
    listener, item = who[part.listener], what[part.item]
    if isinstance(part, RatingColumns):
        order = np.lexsort((item, listener))
        columns: list[NDArray[Any]] = [listener, item, np.round(part.value * 2).astype(int), part.at]
    else:
        order = np.lexsort((item, part.at, listener))
        columns = [listener, part.at, item, part.heard, part.length, part.skipped]
    columns.append(np.full(len(order), batch))
    for start in range(0, len(order), rows.CHUNK):
        taken = (column[order[start : start + rows.CHUNK]].tolist() for column in columns)
        yield list(zip(*taken, strict=True))


def _import(row: ImportRow) -> Import:
    return Import(row.number, row.source, row.name, row.community, row.rows, row.known, row.created)
