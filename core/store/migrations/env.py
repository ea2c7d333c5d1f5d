"""What Alembic runs: the migrations, in the transaction that the opener holds."""

from __future__ import annotations

from alembic import context

from core.store import listening_tables
from core.store.tables import Base

assert listening_tables.ItemRow.metadata is Base.metadata  # importing it adds its tables

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True)
context.run_migrations()
