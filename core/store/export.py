"""Everything about a listener as JSON: what goes out, and how it comes in again."""

from __future__ import annotations

import base64
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.store import checks, rows
from core.store.listening_tables import (
    CommentRow,
    ExclusionRow,
    ImportRow,
    ItemRow,
    LikeRow,
    PlaylistItemRow,
    PlaylistRow,
    PlayRow,
    RatingRow,
    RecordingRow,
    ShareRow,
)
from core.store.tables import ListenerRow, TakeRow, VersionRow, now

FORMAT, VERSION = "songloom-listener", 1

_TAKE = ("title", "style", "engine", "request", "weights", "random_seed", "index", "new_from", "seconds", "kept", "published")


def everything(session: Session, id: str) -> dict[str, Any]:
    """All that is kept of a listener, as JSON can hold it: moments as ISO 8601 in UTC, music as MIDI in base 64."""
    number = rows.find_listener(session, id)
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported": now().isoformat(timespec="seconds"),
        "listener": _listener(session, id),
        "items": _items(session, number),
        "ratings": _deeds(session, RatingRow, number, "halves", "batch"),
        "plays": _deeds(session, PlayRow, number, "heard", "length", "skipped", "batch"),
        "likes": _deeds(session, LikeRow, number),
        "comments": _deeds(session, CommentRow, number, "text"),
        "exclusions": _exclusions(session, number),
        "playlists": _playlists(session, number),
        "imports": _imports(session, number),
        "shares": _shares(session, number),
        "takes": _takes(session, id),
        "recordings": _recordings(session, number),
    }


def _listener(session: Session, id: str) -> dict[str, Any]:
    row = session.scalar(select(ListenerRow).where(ListenerRow.id == id))
    if row is None:
        return {"id": id, "name": "", "language": "", "preferences": {}, "account": None, "created": None}
    return {
        "id": id,
        "name": row.name,
        "language": row.language,
        "preferences": row.preferences,
        "account": row.subject,
        "created": row.created.isoformat(),
    }


def _items(session: Session, number: int | None) -> list[dict[str, str]]:
    used = [select(table.item).where(table.listener == number) for table in (RatingRow, PlayRow, LikeRow, CommentRow)]
    listed = select(PlaylistItemRow.item).join(PlaylistRow, PlaylistRow.id == PlaylistItemRow.playlist)
    query = select(ItemRow).where(ItemRow.number.in_(used[0].union(*used[1:], listed.where(PlaylistRow.listener == number))))
    found = session.scalars(query.where(ItemRow.title != "").order_by(ItemRow.id))
    return [{"id": row.id, "title": row.title, "artist": row.artist, "address": row.address, "tags": row.tags} for row in found]


_NAMES = {"batch": "import"}


def _deeds(session: Session, table: Any, number: int | None, *names: str) -> list[dict[str, Any]]:
    query = select(ItemRow.id, table.at, *(getattr(table, name) for name in names)).join(ItemRow, ItemRow.number == table.item)
    found = []
    for item, at, *values in session.execute(query.where(table.listener == number).order_by(table.at, ItemRow.id)):
        row = {"item": item, "at": _iso(at), **{_NAMES.get(name, name): value for name, value in zip(names, values, strict=True)}}
        if "halves" in row:
            row["stars"] = row.pop("halves") / 2
        found.append(row)
    return found


def _iso(at: int) -> str:
    return checks.when(at).isoformat()


def _exclusions(session: Session, number: int | None) -> list[dict[str, Any]]:
    found = session.scalars(select(ExclusionRow).where(ExclusionRow.listener == number).order_by(ExclusionRow.at))
    return [{"kind": row.kind, "value": row.value, "at": _iso(row.at)} for row in found]


def _playlists(session: Session, number: int | None) -> list[dict[str, Any]]:
    found = session.scalars(select(PlaylistRow).where(PlaylistRow.listener == number).order_by(PlaylistRow.created))
    items = select(ItemRow.id).join(PlaylistItemRow, PlaylistItemRow.item == ItemRow.number).order_by(PlaylistItemRow.position)
    return [
        {
            "id": row.id,
            "name": row.name,
            "items": list(session.scalars(items.where(PlaylistItemRow.playlist == row.id))),
            "created": row.created.isoformat(),
        }
        for row in found
    ]


def _imports(session: Session, number: int | None) -> list[dict[str, Any]]:
    found = session.scalars(select(ImportRow).where(ImportRow.listener == number).order_by(ImportRow.number))
    return [
        {"id": row.number, "source": row.source, "name": row.name, "rows": row.rows, "at": row.created.isoformat()}
        for row in found
    ]


def _shares(session: Session, number: int | None) -> list[dict[str, Any]]:
    found = session.scalars(select(ShareRow).where(ShareRow.listener == number).order_by(ShareRow.created))
    return [{"id": row.id, "kind": row.kind, "target": row.target, "created": row.created.isoformat()} for row in found]


def _recordings(session: Session, number: int | None) -> list[dict[str, Any]]:
    found = session.scalars(select(RecordingRow).where(RecordingRow.listener == number).order_by(RecordingRow.created))
    return [
        {
            "title": row.title,
            "seconds": row.seconds,
            "chromaprint": _base64(row.chromaprint),
            "created": row.created.isoformat(),
        }
        for row in found
    ]


def _takes(session: Session, id: str) -> list[dict[str, Any]]:
    found = session.scalars(select(TakeRow).where(TakeRow.owner == id).order_by(TakeRow.created, TakeRow.id))
    return [
        {
            "id": row.id,
            **{name: getattr(row, name) for name in _TAKE},
            "created": row.created.isoformat(),
            "versions": [
                {"number": version.number, "what": version.what, "midi": _base64(version.midi), "at": version.created.isoformat()}
                for version in session.scalars(select(VersionRow).where(VersionRow.take == row.id).order_by(VersionRow.number))
            ],
        }
        for row in found
    ]


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
