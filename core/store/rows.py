"""Steps that several parts of the store share: finding rows by their public ids, inserting what is new."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from core.errors import MissingError
from core.store.checks import item_kind, listener_id
from core.store.listening_tables import ItemRow
from core.store.records import Listener, TakeRecord
from core.store.tables import Base, ListenerRow, TakeRow, now

CHUNK = 20_000
"""Rows handed to the data base at a time."""

BLANK: dict[str, Any] = {"name": "", "language": "", "preferences": {}, "community": "", "signed": True}
"""A listener who said nothing yet."""

_FIELDS = TakeRecord.__dataclass_fields__


def insert(session: Session, table: type[Base]) -> Any:
    """An INSERT that knows `on_conflict_…`, in the words of the data base at hand."""
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(table)


def take_record(row: TakeRow) -> TakeRecord:
    """The row as it goes out of the store."""
    return TakeRecord(**{name: getattr(row, name) for name in _FIELDS})


def listener_record(row: ListenerRow) -> Listener:
    """The row as it goes out of the store."""
    return Listener(row.id, row.language, row.preferences, row.name, row.community)


def found_take(session: Session, id: str, owner: str | None = None) -> TakeRow:
    """The row of a take; `owner`, where given, must own it.

    Raises:
        MissingError: there is none.
    """
    # Whoever asks as the owner goes on to change it: others who do so wait.
    row = session.get(TakeRow, id, with_for_update=owner is not None)
    if row is None or (owner is not None and row.owner != owner):
        raise MissingError("This address leads to a take", "there is none, or it is not yours to change", "Look in your library")
    return row


def hashed(words: str) -> str:
    """SHA-256, hexadecimal; no salt and no slow hash, for what is hashed has 100 random bits and more."""
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()


def new_address() -> str:
    """An address that cannot be guessed: 128 random bits, hexadecimal."""
    return secrets.token_hex(16)


def find_listener(session: Session, id: str) -> int | None:
    """The number of a listener, None for one who left no trace yet."""
    return session.scalar(select(ListenerRow.number).where(ListenerRow.id == id))


def listener(session: Session, id: str) -> int:
    """The number of a listener, who is written down where that did not happen yet.

    Raises:
        RequestError: the id is none.
    """
    number = find_listener(session, id)
    if number is None:
        values = {"id": listener_id(id), **BLANK, "created": now()}
        session.execute(insert(session, ListenerRow).values(values).on_conflict_do_nothing())
        number = find_listener(session, id)
        assert number is not None
    return number


def find_item(session: Session, id: str) -> int | None:
    """The number of an item, None where nobody had to do with it yet."""
    item_kind(id)
    return session.scalar(select(ItemRow.number).where(ItemRow.id == id))


def item(session: Session, id: str) -> int:
    """The number of an item; tunes and takes are written down at their first use.

    Raises:
        RequestError: the string has the form of no item.
        MissingError: no such take is kept, or no history brought such an artist or track.
    """
    kind = item_kind(id)
    if kind == "take" and session.get(TakeRow, id.removeprefix("take:")) is None:
        raise MissingError("Only takes that are here can be rated and heard", f"there is no {id}", "Look in your library")
    number = find_item(session, id)
    if number is None:
        if kind in ("artist", "track"):
            raise never_brought(id)
        session.execute(insert(session, ItemRow).values(id=id, title="", artist="", address="").on_conflict_do_nothing())
        number = find_item(session, id)
        assert number is not None
    return number


def never_brought(id: str) -> MissingError:
    return MissingError(f"{id} should come from an imported history", "nobody brought it", "Import a history that has it")


def upsert(session: Session, table: type[Base], keys: Sequence[str], values: dict[str, Any]) -> None:
    """Insert a row, or change the one with the same `keys`."""
    statement: Any = insert(session, table).values(values)
    changed = {name: value for name, value in values.items() if name not in keys}
    done: Executable = statement.on_conflict_do_update(index_elements=list(keys), set_=changed)
    session.execute(done)


def insert_many(session: Session, table: type[Base], names: Sequence[str], values: Sequence[tuple[Any, ...]]) -> None:
    """Insert many rows fast, in the driver's own way; those whose key is there already are left out."""
    dialect, columns = session.get_bind().dialect, table.__table__.c
    quoted = ", ".join(f'"{name}"' for name in names)
    head = f'INSERT INTO "{table.__tablename__}" ({quoted})'
    if dialect.name == "sqlite":
        statement = f"{head} VALUES ({', '.join('?' * len(names))}) ON CONFLICT DO NOTHING"
    else:
        # One array a column and one statement: 1.6 s of both processors for 60,000 plays, a statement a row 2.8 s.
        arrays = ", ".join(f"%s::{columns[name].type.compile(dialect)}[]" for name in names)
        statement = f"{head} SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING"
    for start in range(0, len(values), CHUNK):
        chunk = list(values[start : start + CHUNK])
        given: Any = chunk if dialect.name == "sqlite" else tuple(map(list, zip(*chunk, strict=True)))
        session.connection().exec_driver_sql(statement, given)
