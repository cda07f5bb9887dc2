from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from include.errors import ConfigError
from include.warehouse import migrate
from include.warehouse.engine import open_engine
from include.warehouse.everything import metadata
from include.warehouse.schema import SCHEMAS
from tests.sync.migrated_warehouse import migrated_template

__all__ = ["migrated_template"]

OURS = ("crm", "marketing", "ops")
# SQLAlchemy knows no 64-bit transaction ids; ours are written by the migrations by name.
pytestmark = pytest.mark.filterwarnings("ignore:Did not recognize type 'xid8'")


@pytest.fixture
def empty(
    postgres: Any, request: pytest.FixtureRequest, any_warehouse_url: sqlalchemy.URL
) -> Iterator[Engine]:
    """An empty database, on each supported server in turn."""
    engine = open_engine(any_warehouse_url)
    yield engine
    engine.dispose()


def names(engine: Engine) -> set[str]:
    """Everything of ours in the database: tables, views, indexes, sequences."""
    with engine.connect() as connection:
        return set(
            connection.execute(
                text("select relnamespace::regnamespace || '.' || relname from pg_class"
                     " where relnamespace::regnamespace::text = any(:schemas)"),
                {"schemas": list(SCHEMAS)},
            ).scalars()
        )  # fmt: skip


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "compare_type": True,
                "version_table_schema": "ops",
                "include_object": lambda thing, name, kind, *_: (
                    (thing.schema if kind == "table" else thing.table.schema) in OURS
                    and name != "alembic_version"
                ),
            },
        )
        return list(compare_metadata(context, metadata))


def test_warehouse_goes_up_down_and_up_again(empty: Engine) -> None:
    migrate.upgrade(empty)
    once = names(empty)
    assert {"crm.orders", "crm.orders_history", "ops.windows", "crm.complete_until"} <= once
    migrate.downgrade(empty)
    assert names(empty) <= {"ops.alembic_version", "ops.alembic_version_pkc"}
    migrate.upgrade(empty)
    assert names(empty) == once


def test_every_step_can_be_undone_alone(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    script = ScriptDirectory.from_config(migrate.configuration())
    # Each of a hundred commands would read all files of steps again.
    monkeypatch.setattr(ScriptDirectory, "from_config", lambda _: script)
    steps = [step.revision for step in script.walk_revisions()]
    assert len(steps) > 3
    for revision in steps[1:]:
        migrate.downgrade(database, revision)
        migrate.upgrade(database, revision)
    migrate.upgrade(database)
    assert differences(database) == []


@pytest.mark.contract
def test_migrated_database_is_what_the_entities_declare(database: Engine) -> None:
    assert differences(database) == []


@pytest.mark.contract
def test_every_table_view_and_column_has_its_comment_in_the_database(database: Engine) -> None:
    query = text(
        "select relnamespace::regnamespace || '.' || relname || coalesce('.' || attname, '')"
        " from pg_class left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped"
        " where relnamespace::regnamespace::text = any(:schemas) and relkind in ('r', 'v', 'm')"
        " and relname <> 'alembic_version'"
        " and (obj_description(pg_class.oid, 'pg_class') is null or col_description(pg_class.oid, attnum) is null)"
    )
    with database.connect() as connection:
        assert connection.execute(query, {"schemas": list(OURS)}).scalars().all() == []


@pytest.mark.contract
def test_there_is_one_line_of_migrations_whose_numbers_rise() -> None:
    script = ScriptDirectory.from_config(migrate.configuration())
    steps = [step.revision for step in script.walk_revisions()]
    assert script.get_heads() == steps[:1]
    assert steps == sorted(steps, reverse=True)


def test_upgrade_of_a_current_warehouse_changes_nothing(database: Engine) -> None:
    with database.connect() as connection:
        query = text(
            "select relname, oid, xmin::text from pg_class"
            " where relnamespace::regnamespace::text = any(:schemas) order by 1"
        )
        before = connection.execute(query, {"schemas": list(SCHEMAS)}).all()
        connection.commit()
        migrate.upgrade(database)
        assert connection.execute(query, {"schemas": list(SCHEMAS)}).all() == before


def test_failing_migration_leaves_the_warehouse_as_it_was(database: Engine) -> None:
    migrate.downgrade(database, "20261122_1220")
    with database.begin() as connection:
        connection.execute(text("create table crm.orders (in_the_way int)"))
    before = names(database)
    with pytest.raises(sqlalchemy.exc.ProgrammingError):
        migrate.upgrade(database)
    assert names(database) == before


def test_warehouse_of_another_version_is_refused_with_the_command_that_mends_it(database: Engine) -> None:
    migrate.assure_current(database)
    migrate.downgrade(database, "20261122_1220")
    with pytest.raises(ConfigError, match=r"run `make migrate` against it, then try again\.$"):
        migrate.assure_current(database)


def test_empty_database_is_refused_too(empty: Engine) -> None:
    with pytest.raises(ConfigError, match="does not have this version's tables"):
        migrate.assure_current(empty)


@pytest.mark.parametrize(("direction", "status"), [("check", 0), ("up", 0), ("down", 0)])
def test_command_line_works_on_the_connection_of_the_environment(
    database: Engine, monkeypatch: pytest.MonkeyPatch, direction: str, status: int
) -> None:
    uri = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv(migrate.CONNECTION_VARIABLE, uri)
    assert migrate.main([direction]) == status
    assert ("crm.orders" in names(database)) == (direction != "down")


def test_command_line_ends_with_one_sentence_and_a_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(migrate.CONNECTION_VARIABLE, "postgresql://nobody:secret@127.0.0.1:1/warehouse")
    assert migrate.main(["check"]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "127.0.0.1" in said
    assert "secret" not in said
