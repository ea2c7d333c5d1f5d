"""Whether a listener's browser holds a signed cookie: earlier ones hold the bare id, which then goes on working."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0003", "0002"


def upgrade() -> None:
    """Add the column; who is there has no signed cookie yet."""
    op.add_column("listeners", sa.Column("signed", sa.Boolean, nullable=False, server_default=sa.false()))
