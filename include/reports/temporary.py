"""Temporary tables of a refresh: they go with its transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table
from sqlalchemy.schema import CreateTable


def temporary(name: str, *columns: Column[Any]) -> Table:
    """Declare one, without constraints."""
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def make_temporary(connection: Connection, table: Table) -> None:
    """Create it, empty."""
    connection.execute(CreateTable(table))


def analyze(connection: Connection, table: Table) -> None:
    """Let the server plan for what is really in it; not only for temporary tables."""
    connection.exec_driver_sql(f"analyze {connection.dialect.identifier_preparer.format_table(table)}")
