"""Tables of what listeners did: stars, plays, likes, comments, playlists, what they left out.

Listeners and items are integers here, so that a million plays stay small and are read fast. Moments
are whole seconds since 1970, UTC.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Double, ForeignKey, Index, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables import Base, UtcDateTime, now


def _listener(primary_key: bool = False, index: bool = False) -> Mapped[int]:
    return mapped_column(ForeignKey("listeners.number", ondelete="CASCADE"), primary_key=primary_key, index=index)


def _item(primary_key: bool = False) -> Mapped[int]:
    return mapped_column(ForeignKey("items.number", ondelete="CASCADE"), primary_key=primary_key, index=True)


def _batch() -> Mapped[int | None]:
    return mapped_column(ForeignKey("imports.number", ondelete="CASCADE"), index=True)


class ItemRow(Base):
    __tablename__ = "items"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(300), unique=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    artist: Mapped[str] = mapped_column(String(300), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    tags: Mapped[str] = mapped_column(Text, default="", server_default="")


class ImportRow(Base):
    __tablename__ = "imports"
    number: Mapped[int] = mapped_column(primary_key=True)
    listener: Mapped[int | None] = mapped_column(ForeignKey("listeners.number", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200), default="")
    community: Mapped[str] = mapped_column(String(40), default="")
    rows: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    created: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class RatingRow(Base):
    __tablename__ = "ratings"
    listener: Mapped[int] = _listener(primary_key=True)
    item: Mapped[int] = _item(primary_key=True)
    halves: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[int] = mapped_column(BigInteger)
    batch: Mapped[int | None] = _batch()

    __table_args__ = (CheckConstraint("halves BETWEEN 1 AND 10", name="half_stars"),)


class PlayRow(Base):
    """`length` is 0 where it is unknown."""

    __tablename__ = "plays"
    listener: Mapped[int] = _listener(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    item: Mapped[int] = _item(primary_key=True)
    heard: Mapped[float] = mapped_column(Double, default=0.0)
    length: Mapped[float] = mapped_column(Double, default=0.0)
    skipped: Mapped[bool] = mapped_column(default=False)
    batch: Mapped[int | None] = _batch()

    __table_args__ = ({"sqlite_with_rowid": False},)


class LikeRow(Base):
    __tablename__ = "likes"
    listener: Mapped[int] = _listener(primary_key=True)
    item: Mapped[int] = _item(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)


class CommentRow(Base):
    __tablename__ = "comments"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    listener: Mapped[int] = _listener(index=True)
    item: Mapped[int] = _item()
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(BigInteger)


class PlaylistRow(Base):
    __tablename__ = "playlists"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    listener: Mapped[int] = _listener(index=True)
    name: Mapped[str] = mapped_column(String(200))
    created: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class PlaylistItemRow(Base):
    __tablename__ = "playlist_items"
    playlist: Mapped[str] = mapped_column(ForeignKey("playlists.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item: Mapped[int] = _item()


class ExclusionRow(Base):
    __tablename__ = "exclusions"
    listener: Mapped[int] = _listener(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    value: Mapped[str] = mapped_column(String(300), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)


class ShareRow(Base):
    """`id` is the address: it opens `target` and nothing else of its owner."""

    __tablename__ = "shares"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    listener: Mapped[int] = _listener(index=True)
    kind: Mapped[str] = mapped_column(String(16))
    target: Mapped[str] = mapped_column(String(300), default="")
    created: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    __table_args__ = (Index("shares_of_target", "listener", "kind", "target", unique=True),)


class RecordingRow(Base):
    """What a registered recording is known again by: see `core.rights.recordings`. The sound itself is not kept."""

    __tablename__ = "recordings"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    listener: Mapped[int] = _listener(index=True)
    title: Mapped[str] = mapped_column(String(200))
    seconds: Mapped[float] = mapped_column(Double)
    chromaprint: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class TryRow(Base):
    """A code that did not restore a listener: who tried (hashed) and when."""

    __tablename__ = "restore_tries"
    number: Mapped[int] = mapped_column(primary_key=True)
    caller: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[int] = mapped_column(BigInteger, index=True)


class CounterRow(Base):
    """`revision` rises with every change of what listeners did."""

    __tablename__ = "counters"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
