"""Where the trained parts of insight lie."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "insight"
CACHE = Path(".cache/insight")
"""Measures of the corpora, kept until the code that measures changes."""
