"""Stores for tests: every test that takes `store` or `url` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.store import Store
from tests.store import postgres


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """One PostgreSQL for the session, with a data base `songloom` that has the tables."""
    with postgres.cluster() as cluster:
        cluster.execute("CREATE DATABASE songloom")
        Store(cluster.url("songloom")).close()
        yield cluster


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file to be copied that has the tables."""
    path = tmp_path_factory.mktemp("made") / "songloom.db"
    Store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty data base."""
    if request.param == "sqlite":
        (tmp_path / "home").mkdir()
        shutil.copy(request.getfixturevalue("made"), tmp_path / "home" / "songloom.db")
        yield f"sqlite:///{tmp_path}/home/songloom.db"
    else:
        cluster: postgres.Cluster = request.getfixturevalue("cluster")
        yield cluster.url("songloom")
        cluster.empty("songloom")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = Store(url)
    yield store
    store.close()
