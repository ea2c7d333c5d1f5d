"""What others call an artist or a track: JSON of tags and how often each was given, empty where nothing is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0004", "0003"


def upgrade() -> None:
    """Add the column; of what is there no tags are known."""
    op.add_column("items", sa.Column("tags", sa.Text, nullable=False, server_default=""))
