"""What listeners did; listeners with a name, a restore code and a sign-in; takes that are published."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Make the tables; the stamp of before goes."""
    if sa.inspect(op.get_bind()).has_table("songloom"):
        op.drop_table("songloom")
    op.add_column("takes", sa.Column("published", sa.Boolean, nullable=False, server_default=sa.false()))
    _listeners()
    _items()
    _deeds()
    _words()
    _counters()


def _listeners() -> None:
    op.rename_table("listeners", "listeners_before")
    op.create_table(
        "listeners",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("preferences", sa.JSON, nullable=False),
        sa.Column("restore_hash", sa.String(64), unique=True),
        sa.Column("subject", sa.String(400), unique=True),
        sa.Column("community", sa.String(40), nullable=False, index=True),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        "INSERT INTO listeners (id, name, language, preferences, community, created) "
        "SELECT id, '', language, preferences, '', created FROM listeners_before ORDER BY created, id"
    )
    op.drop_table("listeners_before")


def _items() -> None:
    op.create_table(
        "items",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(300), nullable=False, unique=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("artist", sa.String(300), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
    )
    op.create_table(
        "imports",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("listener", sa.Integer, sa.ForeignKey("listeners.number", ondelete="CASCADE"), index=True),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("community", sa.String(40), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("known", sa.Integer, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )


def _listener(**options: Any) -> sa.Column[int]:
    key = sa.ForeignKey("listeners.number", ondelete="CASCADE")
    return sa.Column("listener", sa.Integer, key, nullable=False, **options)


def _item(**options: Any) -> sa.Column[int]:
    return sa.Column("item", sa.Integer, sa.ForeignKey("items.number", ondelete="CASCADE"), nullable=False, index=True, **options)


def _batch() -> sa.Column[int]:
    return sa.Column("batch", sa.Integer, sa.ForeignKey("imports.number", ondelete="CASCADE"), index=True)


def _at(**options: Any) -> sa.Column[int]:
    return sa.Column("at", sa.BigInteger, nullable=False, **options)


def _deeds() -> None:
    op.create_table(
        "ratings",
        _listener(primary_key=True),
        _item(primary_key=True),
        sa.Column("halves", sa.SmallInteger, nullable=False),
        _at(),
        _batch(),
        sa.CheckConstraint("halves BETWEEN 1 AND 10", name="half_stars"),
    )
    op.create_table(
        "plays",
        _listener(primary_key=True),
        _at(primary_key=True, autoincrement=False),
        _item(primary_key=True),
        sa.Column("heard", sa.Double, nullable=False),
        sa.Column("length", sa.Double, nullable=False),
        sa.Column("skipped", sa.Boolean, nullable=False),
        _batch(),
        sqlite_with_rowid=False,
    )
    op.create_table("likes", _listener(primary_key=True), _item(primary_key=True), _at())


def _words() -> None:
    op.create_table(
        "comments",
        sa.Column("id", sa.String(32), primary_key=True),
        _listener(index=True),
        _item(),
        sa.Column("text", sa.Text, nullable=False),
        _at(),
    )
    op.create_table(
        "playlists",
        sa.Column("id", sa.String(32), primary_key=True),
        _listener(index=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "playlist_items",
        sa.Column("playlist", sa.String(32), sa.ForeignKey("playlists.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        _item(),
    )
    op.create_table(
        "exclusions",
        _listener(primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("value", sa.String(300), primary_key=True),
        _at(),
    )
    op.create_table(
        "shares",
        sa.Column("id", sa.String(32), primary_key=True),
        _listener(index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("target", sa.String(300), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("shares_of_target", "shares", ["listener", "kind", "target"], unique=True)


def _counters() -> None:
    op.create_table(
        "restore_tries",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("caller", sa.String(64), nullable=False, index=True),
        sa.Column("at", sa.BigInteger, nullable=False, index=True),
    )
    counters = op.create_table(
        "counters",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(counters, [{"name": "revision", "value": 0}])
