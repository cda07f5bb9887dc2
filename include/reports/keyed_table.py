"""A table that a query fills, one row per key: what the refresh engine works on, and its DDL.

The table is not part of the migrations: it is made from its contract, and made anew when the contract changes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Column, Connection, Index, MetaData, PrimaryKeyConstraint, Table, exc
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeEngine

from include.errors import ConfigError
from include.reports.model import ColumnContract, TableContract
from include.reports.sql_text import Check
from include.warehouse.schema import SQL_TYPES


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedTable:
    """A report's or a segment's table.

    Attributes:
        schema: report or marketing.
        comment: comment of the table.
        query: one SELECT that returns the contract's columns.
        checks: run after every refresh, before it is committed.
        freshness: how old the data may be before a refresh warns; None: any age.
    """

    schema: str
    name: str
    contract: TableContract
    comment: str
    query: str
    checks: tuple[Check, ...] = ()
    freshness: timedelta | None = None

    @property
    def full_name(self) -> str:
        """Schema and name, under which its refreshes are kept."""
        return f"{self.schema}.{self.name}"

    @property
    def contract_hash(self) -> str:
        """Changes when the table has to be made anew."""
        return hashlib.sha256(f"{self.comment}{self.contract.model_dump_json()}".encode()).hexdigest()

    @property
    def basis_hash(self) -> str:
        """Changes when every row may have changed, whatever windows touched."""
        return hashlib.sha256(f"{self.contract_hash}{self.query}".encode()).hexdigest()

    @property
    def nullable_key(self) -> frozenset[str]:
        """Key columns that may be NULL; two NULLs are the same key."""
        return frozenset(c.name for c in self.contract.columns if c.null and c.name in self.contract.key)

    def sql_table(self) -> Table:
        """The table itself.

        Its unique index begins with the columns that are never NULL: only those can be looked up by equality.
        """
        key = sorted(self.contract.key, key=lambda name: name in self.nullable_key)
        table = Table(
            self.name,
            MetaData(),
            *(_column(column) for column in self.contract.columns),
            schema=self.schema,
            comment=self.comment,
        )
        if self.nullable_key:
            Index(
                f"{self.name}_key_idx",
                *(table.c[n] for n in key),
                unique=True,
                postgresql_nulls_not_distinct=True,
            )
        else:
            table.append_constraint(
                PrimaryKeyConstraint(*(table.c[n] for n in key), name=f"{self.name}_pkey")
            )
        return table

    def incoming_table(self) -> Table:
        """Where the query's rows are put before they are compared: temporary, without constraints."""
        columns: list[Column[Any]] = [Column(c.name, _sql_type(c)) for c in self.contract.columns]
        return Table(
            "refresh_rows", MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP"
        )


def _column(column: ColumnContract) -> Column[object]:
    return Column(column.name, _sql_type(column), nullable=column.null is not None, comment=column.comment)


def _sql_type(column: ColumnContract) -> TypeEngine[Any]:
    return cast("TypeEngine[Any]", SQL_TYPES[column.kind])


def make_table(connection: Connection, table: Table) -> None:
    """Create the table, in place of an older one of its name.

    Raises:
        ConfigError: someone's view hangs on the older one.
    """
    try:
        table.drop(connection, checkfirst=True)
    except exc.InternalError:
        raise ConfigError(
            f"The contract of {table.fullname} changed, but the table cannot be made anew because a view that is not "
            "ours reads it: drop that view, run again, and create it anew."
        ) from None
    table.create(connection)


def make_incoming(connection: Connection, table: Table) -> None:
    """Create the temporary table; it goes with the transaction."""
    connection.execute(CreateTable(table))
