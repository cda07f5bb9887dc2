from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from include.errors import ConfigError
from include.warehouse.definitions import (
    SHARED_FOLDER,
    create_definitions,
    drop_definitions,
    load_definitions,
    tables_read,
)
from tests.sql.sample_warehouse import rows_of

VIEWS = "select viewname from pg_views where schemaname = 'crm' order by 1"


CREATED = """
select schemaname || '.' || viewname as name, null as comment from pg_views
where schemaname in ('crm', 'ops', 'marketing')
union all
select pronamespace::regnamespace || '.' || proname, obj_description(oid, 'pg_proc') from pg_proc
where pronamespace in ('crm'::regnamespace, 'marketing'::regnamespace, 'ops'::regnamespace)
order by 1
"""


@pytest.mark.contract
def test_every_definition_and_column_has_a_comment(warehouse: Engine) -> None:
    names = sorted(definition.qualified for definition in load_definitions())
    without = rows_of(
        warehouse,
        "select relname, attname from pg_class join pg_attribute on attrelid = pg_class.oid"
        " where relnamespace::regnamespace::text in ('crm', 'ops', 'marketing') and relkind = 'v' and attnum > 0"
        " and (col_description(attrelid, attnum) is null or obj_description(pg_class.oid) is null)",
    )
    assert [row["name"] for row in rows_of(warehouse, CREATED)] == names
    assert without == []


def test_a_file_that_names_its_schema_creates_there_and_is_created_after_what_it_reads(
    warehouse: Engine, tmp_path: Path
) -> None:
    (tmp_path / "ops.a_sum.sql").write_text(
        "create or replace view ops.a_sum as\nselect ops.two() + one as n from crm.z;\n"
    )
    (tmp_path / "ops.two.sql").write_text(
        "create or replace function ops.two() returns int language plpgsql as $$\nbegin\n    return 2;\nend $$;\n"
    )
    (tmp_path / "z.sql").write_text("create or replace view crm.z as\nselect 1 as one;\n")
    with warehouse.begin() as connection:
        assert create_definitions(connection, tmp_path)
    assert rows_of(warehouse, "select n from ops.a_sum") == [{"n": 3}]
    with warehouse.begin() as connection:
        drop_definitions(connection, tmp_path)
    assert rows_of(warehouse, "select 1 as x from pg_views where schemaname = 'ops'") == []


def test_creating_again_changes_nothing(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        assert not create_definitions(connection)


def test_changed_file_replaces_the_view_with_its_columns(warehouse: Engine, tmp_path: Path) -> None:
    (tmp_path / "base.sql").write_text("create or replace view crm.base as\nselect 1 as one, '%' as sign;\n")
    (tmp_path / "above.sql").write_text("create or replace view crm.above as\nselect one from crm.base;\n")
    with warehouse.begin() as connection:
        assert create_definitions(connection, tmp_path)
    (tmp_path / "base.sql").write_text("create or replace view crm.base as\nselect 'text' as one;\n")

    with warehouse.begin() as connection:
        assert create_definitions(connection, tmp_path)

    assert rows_of(warehouse, "select one from crm.above") == [{"one": "text"}]
    # What the folder no longer holds is gone as well.
    assert [row["viewname"] for row in rows_of(warehouse, VIEWS)] == ["above", "base"]


def test_definitions_may_exchange_who_reads_whom(warehouse: Engine, tmp_path: Path) -> None:
    for first, second in (("one", "two"), ("two", "one")):
        (tmp_path / f"{first}.sql").write_text(f"create or replace view crm.{first} as\nselect 1 as x;\n")
        (tmp_path / f"{second}.sql").write_text(
            f"create or replace view crm.{second} as\ntable crm.{first};\n"
        )
        with warehouse.begin() as connection:
            assert create_definitions(connection, tmp_path)


def test_dropped_definitions_let_migrations_change_columns(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        drop_definitions(connection)
        connection.execute(text("alter table crm.orders alter column base_tax_amount type numeric(30, 6)"))
        assert create_definitions(connection)


def test_someone_elses_view_is_never_dropped(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("create view report.mine as select * from crm.orders_that_count"))
    with (
        warehouse.connect() as connection,
        pytest.raises(ConfigError, match="a view that is not ours reads them"),
    ):
        drop_definitions(connection)


def test_file_that_creates_something_else_is_refused(warehouse: Engine, tmp_path: Path) -> None:
    (tmp_path / "one.sql").write_text("create or replace view crm.two as select 1 as x;\n")
    with warehouse.connect() as connection, pytest.raises(ConfigError, match="name file and object alike"):
        create_definitions(connection, tmp_path)


def test_definitions_that_read_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    for one, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{one}.sql").write_text(f"-- {one}\ntable crm.{other};\n")
    with pytest.raises(ConfigError, match="in a circle"):
        load_definitions(tmp_path)


def test_tables_are_found_through_definitions() -> None:
    query = "-- crm.nothing\nselect 'crm.text' from crm.orders_that_count join crm.stores using (store_key)"
    assert tables_read(query, load_definitions(SHARED_FOLDER)) == {"orders", "customers", "stores"}
