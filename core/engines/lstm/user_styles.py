"""Where a user's own styles live: beside the data base, not in the repository."""

from __future__ import annotations

import os
from pathlib import Path


def user_folder() -> Path:
    """`models/` in Songloom's data folder (`SONGLOOM_HOME`, default `data/`)."""
    return Path(os.environ.get("SONGLOOM_HOME", "data")) / "models"
