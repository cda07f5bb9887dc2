"""A table that a query fills, one row per key: what the refresh engine works on, and its DDL.

The table is not part of the migrations: it is made from its contract, and made anew when the contract changes. Default
privileges hold for what a role makes itself, not for what its members make, so each new table is given away by name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Column, Connection, Index, MetaData, PrimaryKeyConstraint, Table, exc, text
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeEngine

from include.errors import ConfigError
from include.reports.model import ColumnContract, TableContract
from include.reports.sql_text import Check
from include.warehouse.schema import SQL_TYPES

LOADER = "crm_loader"
READERS = {"report": "crm_analyst", "marketing": "crm_marketer"}
"""Who reads the tables of a schema, as in sql/roles.sql."""


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
    """Create the table, in place of an older one of its name, for the roles of `sql/roles.sql` where they are in use.

    Raises:
        ConfigError: someone's view hangs on the older one, or the login may not replace or create it.
    """
    try:
        table.drop(connection, checkfirst=True)
    except exc.InternalError:
        raise ConfigError(
            f"The contract of {table.fullname} changed, but the table cannot be made anew because a view that is not "
            "ours reads it: drop that view, run again, and create it anew."
        ) from None
    except exc.ProgrammingError as error:
        remedy = f"have an administrator give {table.fullname} to {LOADER}"
        raise _not_allowed(error, table, f"belongs to another user: {remedy}") from None
    try:
        table.create(connection)
    except exc.ProgrammingError as error:
        remedy = f"run sql/roles.sql and make the login a member of {LOADER}"
        raise _not_allowed(error, table, f"cannot be made by this login: {remedy}") from None
    _give_away(connection, table)


def _not_allowed(error: exc.ProgrammingError, table: Table, why: str) -> Exception:
    if not isinstance(error.orig, InsufficientPrivilege):
        return error
    return ConfigError(f"The table {table.fullname} has to be made anew, but {why}, then try again.")


def _give_away(connection: Connection, table: Table) -> None:
    """Hand it to the loader, so that any of its logins can make it anew, and let its readers read.

    Roles belong to the whole server: only those count that may use this database's schema.
    """
    quote = connection.dialect.identifier_preparer.format_table(table)
    if _may(connection, LOADER, table, "create", needs_member=True):
        connection.exec_driver_sql(f"alter table {quote} owner to {LOADER}")
    reader = READERS.get(str(table.schema))
    if reader is not None and _may(connection, reader, table, "usage", needs_member=False):
        connection.exec_driver_sql(f"grant select on {quote} to {reader}")


def _may(connection: Connection, role: str, table: Table, right: str, *, needs_member: bool) -> bool:
    query = text(
        "select has_schema_privilege(oid, :schema, :right)"
        " and (not :needs_member or pg_has_role(current_user, oid, 'member')) from pg_roles where rolname = :role"
    )
    values = {"role": role, "schema": table.schema, "right": right, "needs_member": needs_member}
    return bool(connection.execute(query, values).scalar())


def make_incoming(connection: Connection, table: Table) -> None:
    """Create the temporary table; it goes with the transaction."""
    connection.execute(CreateTable(table))
