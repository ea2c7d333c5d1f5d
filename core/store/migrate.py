"""Brings the tables of a data base to the shape that this Songloom knows, with what is in them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from core.errors import StoreError

HEAD = "0005"
"""The last of `migrations/versions`, known here so that opening an up-to-date data base need not load Alembic."""

FOLDER = Path(__file__).with_name("migrations")
_STAMP = "songloom"
"""Before Alembic a table of this name held the shape, which was always 1: revision 0001."""

_LOCK = 0x536F6E67
"""Number of the lock under which PostgreSQL lets one process at a time change the tables."""


def migrate(connection: Connection, where: str) -> None:
    """Run the migrations that are missing, all or none, in the transaction that the caller holds.

    Args:
        connection: in a transaction that writes; a second process waits here for the first.
        where: the data base's name for messages, without its password.

    Raises:
        StoreError: a newer Songloom made the data base.
    """
    if _revision(connection) == HEAD:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
    found = _revision(connection)  # again: another process may have been at it while this one waited
    if found == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"This Songloom reads data bases up to shape {HEAD}",
            f"{where} has shape {found}",
            "Start the newer Songloom that made it, or set SONGLOOM_DB to another data base",
        )
    if found is None and inspect(connection).has_table(_STAMP):
        command.stamp(config, "0001")
    command.upgrade(config, HEAD)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
