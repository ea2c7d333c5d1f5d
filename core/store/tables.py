"""Base of all tables; takes with their versions, and listeners. What they listened to is in `listening_tables`.

The tables are made and changed by the migrations only (`core.store.migrations`); a test holds that
both say the same.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Double, ForeignKey, Index, LargeBinary, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; data bases that know no time zones give it back with one all the same."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def now() -> datetime:
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """All tables of Songloom."""


class TakeRow(Base):
    __tablename__ = "takes"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    style: Mapped[str] = mapped_column(String(40))
    engine: Mapped[str] = mapped_column(String(40))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    weights: Mapped[str] = mapped_column(String(80))
    random_seed: Mapped[int]
    midi: Mapped[bytes] = mapped_column(LargeBinary)
    index: Mapped[int] = mapped_column("take_index", default=0)
    new_from: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[float] = mapped_column(Double, default=0.0)
    kept: Mapped[bool] = mapped_column(default=False)
    published: Mapped[bool] = mapped_column(default=False)
    created: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    version: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("takes_of_owner", "owner", "kept", "created"),)


class VersionRow(Base):
    __tablename__ = "take_versions"
    take: Mapped[str] = mapped_column(ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    what: Mapped[str] = mapped_column(String(200))
    midi: Mapped[bytes] = mapped_column(LargeBinary)
    created: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class ListenerRow(Base):
    """`number` is what other rows call a listener; `id` is what cannot be guessed."""

    __tablename__ = "listeners"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    preferences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    restore_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    subject: Mapped[str | None] = mapped_column(String(400), unique=True)
    community: Mapped[str] = mapped_column(String(40), default="", index=True)
    signed: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
