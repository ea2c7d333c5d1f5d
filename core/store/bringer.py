"""Storing what an export holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.store import checks, rows
from core.store.imports import rows_of_import
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
)
from core.store.tables import ListenerRow, TakeRow, VersionRow


class Bringer:
    """Stores a checked export in a session, beside what the listener has already."""

    def __init__(self, session: Session, listener: str) -> None:
        self._session, self._id = session, listener
        self._number = rows.listener(session, listener)
        self._items: dict[str, int] = {}
        self._batches: dict[int, int] = {}
        self._renamed: dict[str, str] = {}
        self._titles: dict[str, Mapping[str, Any]] = {}

    def bring(self, given: Mapping[str, Any]) -> dict[str, int]:
        """Store everything that `readback.read` gave; returns how many rows of each kind are new."""
        self._titles = {item["id"]: item for item in given["items"]}
        self._head(given["listener"])
        done = {"takes": self._takes(given["takes"])}
        for row in given["imports"]:
            batch = ImportRow(listener=self._number, source=row["source"], name=row["name"], created=row["at"])
            self._session.add(batch)
            self._session.flush()
            self._batches[row["id"]] = batch.number
        done["ratings"] = self._deeds(RatingRow, given["ratings"], lambda row: {"halves": round(row["stars"] * 2)})
        heard = ("heard", "length", "skipped")
        done["plays"] = self._deeds(PlayRow, given["plays"], lambda row: {name: row[name] for name in heard})
        done["likes"] = self._deeds(LikeRow, given["likes"], lambda row: {})
        done["comments"] = self._comments(given["comments"])
        done["exclusions"] = self._exclusions(given["exclusions"])
        done["playlists"] = self._playlists(given["playlists"])
        done["recordings"] = self._recordings(given["recordings"])
        self._count_batches()
        return done

    def _head(self, head: Mapping[str, Any]) -> None:
        row = self._session.get_one(ListenerRow, self._number)
        row.name, row.language = row.name or head["name"], row.language or head["language"]
        row.preferences = {**head["preferences"], **row.preferences}

    def _takes(self, takes: Sequence[Mapping[str, Any]]) -> int:
        new = 0
        for take in takes:
            there = self._session.get(TakeRow, take["id"])
            if there is not None and there.owner == self._id:
                continue
            free = there is None and not set(take["id"]) - set("0123456789abcdef")
            id = take["id"] if free else rows.new_address()
            self._renamed[f"take:{take['id']}"] = f"take:{id}"
            self._take(id, take)
            new += 1
        return new

    def _take(self, id: str, take: Mapping[str, Any]) -> None:
        versions = {version["number"]: version for version in sorted(take["versions"], key=lambda version: version["number"])}
        values = {name: value for name, value in take.items() if name not in ("id", "versions")}
        newest = versions[max(versions)]
        self._session.add(TakeRow(id=id, owner=self._id, midi=newest["midi"], version=newest["number"], **values))
        self._session.flush()
        self._session.add_all(
            VersionRow(take=id, number=number, what=version["what"], midi=version["midi"], created=version["at"])
            for number, version in versions.items()
        )

    def _item(self, id: str) -> int | None:
        """The number of an item, None for a take that is not here."""
        id = self._renamed.get(id, id)
        if id not in self._items:
            kind = checks.item_kind(id)
            if kind == "take" and self._session.get(TakeRow, id.removeprefix("take:")) is None:
                return None
            if kind in ("artist", "track"):
                given = self._titles.get(id, {"title": id.rpartition("/" if kind == "track" else ":")[2]})
                values = {"id": id, **{name: given.get(name) or "" for name in ("title", "artist", "address", "tags")}}
                self._session.execute(rows.insert(self._session, ItemRow).values(values).on_conflict_do_nothing())
            self._items[id] = rows.item(self._session, id)
        return self._items[id]

    def _deeds(self, table: Any, given: Sequence[Mapping[str, Any]], more: Callable[[Mapping[str, Any]], dict[str, Any]]) -> int:
        values: list[dict[str, Any]] = []
        for row in given:
            item = self._item(row["item"])
            if item is not None:
                value = {"listener": self._number, "item": item, "at": checks.moment(row["at"]), **more(row)}
                values.append(value | ({"batch": self._batches.get(row["import"])} if "import" in row else {}))
        before = self._count(table)
        if values:
            rows.insert_many(self._session, table, tuple(values[0]), [tuple(value.values()) for value in values])
        return self._count(table) - before

    def _count(self, table: Any) -> int:
        return self._session.scalar(select(func.count()).select_from(table).where(table.listener == self._number)) or 0

    def _comments(self, given: Sequence[Mapping[str, Any]]) -> int:
        written = select(CommentRow.item, CommentRow.at, CommentRow.text).filter_by(listener=self._number)
        there = set(self._session.execute(written))
        new = [(self._item(row["item"]), checks.moment(row["at"]), row["text"]) for row in given]
        wanted = [row for row in dict.fromkeys(new) if row[0] is not None and row not in there]
        for item, at, text in wanted:
            self._session.add(CommentRow(id=rows.new_address(), listener=self._number, item=item, at=at, text=text))
        self._session.flush()
        return len(wanted)

    def _exclusions(self, given: Sequence[Mapping[str, Any]]) -> int:
        there = set(self._session.execute(select(ExclusionRow.kind, ExclusionRow.value).filter_by(listener=self._number)))
        new = {}
        for row in given:
            value = self._renamed.get(row["value"], row["value"])
            if (row["kind"], value) not in there:
                new[row["kind"], checks.excluded(row["kind"], value)] = checks.moment(row["at"])
        self._session.add_all(
            ExclusionRow(listener=self._number, kind=kind, value=value, at=at) for (kind, value), at in new.items()
        )
        self._session.flush()
        return len(new)

    def _playlists(self, given: Sequence[Mapping[str, Any]]) -> int:
        for row in given:
            playlist = PlaylistRow(id=rows.new_address(), listener=self._number, name=row["name"])
            self._session.add(playlist)
            self._session.flush()
            items = [item for item in map(self._item, row["items"]) if item is not None]
            self._session.add_all(
                PlaylistItemRow(playlist=playlist.id, position=position, item=item) for position, item in enumerate(items)
            )
        self._session.flush()
        return len(given)

    def _recordings(self, given: Sequence[Mapping[str, Any]]) -> int:
        there = set(self._session.scalars(select(RecordingRow.chromaprint).where(RecordingRow.listener == self._number)))
        new = [row for row in given if row["chromaprint"] not in there]
        self._session.add_all(RecordingRow(id=rows.new_address(), listener=self._number, **row) for row in new)
        self._session.flush()
        return len(new)

    def _count_batches(self) -> None:
        for number in self._batches.values():
            self._session.get_one(ImportRow, number).rows = rows_of_import(self._session, number)
