"""What each role of sql/roles.sql may do, on each supported server."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy

from include.settings import PROJECT_ROOT
from include.warehouse.engine import libpq_uri

ROLES_SQL = (PROJECT_ROOT / "sql" / "roles.sql").read_bytes()
ROLES = ("crm_owner", "crm_loader", "crm_analyst", "crm_marketer", "crm_editor")
SCHEMAS = ("crm", "report", "marketing", "ops", "staging")


@pytest.fixture
def warehouse(any_warehouse_url: sqlalchemy.URL) -> Iterator[psycopg.Connection]:
    """A warehouse with one table per schema made before the roles, and one made after."""
    with psycopg.connect(libpq_uri(any_warehouse_url), autocommit=True) as connection:
        for schema in SCHEMAS:
            connection.execute(f"create schema {schema}")
            connection.execute(f"create table {schema}.before (n int generated always as identity)")
        connection.execute(ROLES_SQL)
        for schema in SCHEMAS:
            connection.execute(f"create table {schema}.after (n int generated always as identity)")
        yield connection


def tables_with(connection: psycopg.Connection, role: str, privilege: str) -> set[str]:
    found = connection.execute(
        """
        select schemaname || '.' || tablename from pg_tables
        where schemaname = any(%s) and has_schema_privilege(%s, schemaname, 'usage')
          and has_table_privilege(%s, schemaname || '.' || tablename, %s)
        """,
        [list(SCHEMAS), role, role, privilege],
    )
    return {name for (name,) in found}


def both(*schemas: str) -> set[str]:
    return {f"{schema}.{table}" for schema in schemas for table in ("before", "after")}


@pytest.mark.parametrize(
    ("role", "schemas"),
    [
        ("crm_owner", SCHEMAS),
        ("crm_loader", SCHEMAS),
        ("crm_analyst", ("crm", "report")),
        ("crm_marketer", ("marketing",)),
        ("crm_editor", ("crm",)),
    ],
)
def test_role_reads_its_schemas_and_no_others(
    warehouse: psycopg.Connection, role: str, schemas: tuple[str, ...]
) -> None:
    assert tables_with(warehouse, role, "select") == both(*schemas)


@pytest.mark.parametrize("privilege", ["insert", "update", "delete"])
def test_only_owner_and_loader_write(warehouse: psycopg.Connection, privilege: str) -> None:
    writers = {role: tables_with(warehouse, role, privilege) for role in ROLES}
    assert {role for role, tables in writers.items() if tables} == {"crm_owner", "crm_loader"}
    assert writers["crm_loader"] == both(*SCHEMAS)


def test_loader_makes_tables_of_reports_and_segments_and_in_staging_only(
    warehouse: psycopg.Connection,
) -> None:
    creates = {
        schema
        for schema in SCHEMAS
        if warehouse.execute("select has_schema_privilege('crm_loader', %s, 'create')", [schema]).fetchone()
        == (True,)
    }
    assert creates == {"report", "marketing", "staging"}
    assert tables_with(warehouse, "crm_loader", "truncate") == both("report", "marketing", "staging")


def test_tables_made_by_the_owner_are_readable_too(warehouse: psycopg.Connection) -> None:
    warehouse.execute("set role crm_owner")
    warehouse.execute("create table report.made_by_owner (n int)")
    warehouse.execute("reset role")
    assert "report.made_by_owner" in tables_with(warehouse, "crm_analyst", "select")
    assert "report.made_by_owner" not in tables_with(warehouse, "crm_marketer", "select")


def test_no_role_can_log_in_or_rules_the_server(warehouse: psycopg.Connection) -> None:
    found = warehouse.execute(
        "select rolname from pg_roles where rolname = any(%s) and not (rolcanlogin or rolsuper or rolcreaterole)",
        [list(ROLES)],
    )
    assert {name for (name,) in found} == set(ROLES)


def test_loader_keeps_the_statistics_of_crm_where_the_server_lets_it(warehouse: psycopg.Connection) -> None:
    if warehouse.info.server_version >= 170000:
        assert tables_with(warehouse, "crm_loader", "maintain") == both("crm")


def test_second_run_changes_nothing(warehouse: psycopg.Connection) -> None:
    rights = "select array_agg(c.relacl::text order by c.oid) from pg_class c where c.relacl is not null"
    defaults = "select array_agg(defaclacl::text order by oid) from pg_default_acl"
    before = [warehouse.execute(query).fetchone() for query in (rights, defaults)]
    warehouse.execute(ROLES_SQL)
    assert [warehouse.execute(query).fetchone() for query in (rights, defaults)] == before
