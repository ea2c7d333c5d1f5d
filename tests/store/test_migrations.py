"""The tables are made and changed by migrations only, in place, once, with what is in them."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text

from core.errors import StoreError
from core.store import Store, migrate
from core.store.tables import Base

SHAPE_1 = Path(__file__).with_name("shape_1.sql")


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a data base without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/songloom.db"
    else:
        with request.getfixturevalue("cluster").database() as address:
            yield address


def before(url: str) -> Engine:
    """A data base as the first Songloom left it, with two takes and two listeners."""
    engine = create_engine(url)
    script = SHAPE_1.read_text(encoding="utf-8")
    if engine.dialect.name == "postgresql":
        for lite, other in (("BLOB", "BYTEA"), ("DATETIME", "TIMESTAMP WITH TIME ZONE"), ("DOUBLE", "DOUBLE PRECISION")):
            script = script.replace(lite, other)
    with engine.begin() as connection:
        for statement in script.split(";\n"):
            connection.exec_driver_sql(statement)
        for number, id in enumerate(("a" * 32, "b" * 32)):
            request = json.dumps({"bars": number})
            take = {"id": id, "midi": b"MThd" + bytes([number]), "request": request, "title": f"Jig {number}"}
            connection.execute(
                text(
                    "INSERT INTO takes VALUES (:id, 'ann', :title, 'irish-jig', 'lstm', :request, 'w', 7, :midi, 0, 0, 0.5, "
                    "true, '2026-01-02 03:04:05.000000', 0)"
                ),
                take,
            )
            connection.execute(
                text("INSERT INTO take_versions VALUES (:id, 0, 'composed', :midi, '2026-01-02 03:04:05.000000')"),
                {"id": id, "midi": take["midi"]},
            )
        for id, language in (("ann", "zh"), ("bob", "")):
            connection.execute(
                text("INSERT INTO listeners VALUES (:id, :language, :preferences, '2026-01-02 03:04:05.000000')"),
                {"id": id, "language": language, "preferences": json.dumps({"volume": 70})},
            )
    return engine


def test_the_first_shape_is_brought_up_to_date_with_its_takes(bare: str) -> None:
    engine = before(bare)
    store = Store(bare)
    assert {(take.id[0], take.title, take.midi, take.request["bars"], take.published) for take in store.takes("ann")} == {
        ("a", "Jig 0", b"MThd\0", 0, False),
        ("b", "Jig 1", b"MThd\1", 1, False),
    }
    assert store.versions("b" * 32)[0].midi == b"MThd\1"
    assert store.takes("ann")[0].created.isoformat() == "2026-01-02T03:04:05+00:00"
    assert (store.listener("ann").language, store.listener("ann").preferences) == ("zh", {"volume": 70})
    store.listening.rate("bob", "take:" + "a" * 32, 4)
    assert not inspect(engine).has_table("songloom")
    store.close()
    assert len(Store(bare).takes("ann")) == 2


def test_a_migration_that_fails_changes_nothing(bare: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = before(bare)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE restore_tries (mine INTEGER)")
    tables = set(inspect(engine).get_table_names())
    with pytest.raises(StoreError, match="restore_tries"):
        Store(bare)
    assert set(inspect(engine).get_table_names()) == tables
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM listeners").scalar() == 2
        connection.exec_driver_sql("DROP TABLE restore_tries")
    assert len(Store(bare).takes("ann")) == 2


def test_the_migrations_make_what_the_code_says(bare: str) -> None:
    Store(bare).close()
    with create_engine(bare).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_last_migration_is_the_one_that_is_checked_for() -> None:
    assert ScriptDirectory(str(migrate.FOLDER)).get_heads() == [migrate.HEAD]


def test_the_migrations_are_part_of_the_package() -> None:
    folder = migrate.FOLDER / "versions"
    assert (folder / "__init__.py").is_file()
    assert (migrate.FOLDER / "__init__.py").is_file()
    assert len(list(folder.glob("r0*.py"))) == int(migrate.HEAD)


def test_a_newer_data_base_is_refused_and_left_as_it_is(bare: str) -> None:
    Store(bare).close()
    with create_engine(bare).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"has shape 9999.*newer Songloom"):
        Store(bare)
    with create_engine(bare).connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"


def _open(url: str, number: int, barrier: multiprocessing.synchronize.Barrier) -> None:
    barrier.wait(60)
    Store(url).listening.rate(f"listener {number}", "take:" + "a" * 32, 4)


def test_processes_that_open_at_once_do_not_collide(bare: str) -> None:
    before(bare)
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(3)
    openers = [spawn.Process(target=_open, args=(bare, number, barrier)) for number in range(3)]
    for opener in openers:
        opener.start()
    for opener in openers:
        opener.join(120)
    assert [opener.exitcode for opener in openers] == [0, 0, 0]
    assert len(Store(bare).listening.all_ratings()) == 3
