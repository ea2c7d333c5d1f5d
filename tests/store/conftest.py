"""Stores for tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/home/songloom.db"


@pytest.fixture
def store(url: str) -> Store:
    return Store(url)
