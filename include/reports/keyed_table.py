"""A table that a query fills, one row per key: what the refresh engine works on, and its DDL.

The table is not part of the migrations: it is made from its contract, and made anew when the contract changes. Default
privileges hold for what a role makes itself, not for what its members make, so each new table is given away by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import (
    Column,
    Connection,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    exc,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy import cast as cast_to
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeEngine

from include.errors import ConfigError
from include.reports.columns import ColumnContract
from include.reports.model import TableContract
from include.reports.sql_text import Check
from include.reports.temporary import make_temporary, temporary
from include.reports.told import Told
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
        scope: one SELECT that returns what is computed anew; empty where the touched keys or dates say it.
        checks: run after every refresh, before it is committed.
        entities: whose data it is made of, itself or through other reports.
        told: what it follows of other reports, by subject.
        upstream: fingerprints of the reports it reads, which change when all their rows may have changed.
        freshness: how old the data may be before a refresh warns; None: any age.
    """

    schema: str
    name: str
    contract: TableContract
    comment: str
    query: str
    scope: str = ""
    checks: tuple[Check, ...] = ()
    told: Mapping[str, Told] = field(default_factory=dict)
    upstream: tuple[str, ...] = ()
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
        basis = (self.contract_hash, self.query, self.scope, self.upstream)
        return hashlib.sha256(repr(basis).encode()).hexdigest()

    @property
    def tells(self) -> tuple[Told, ...]:
        """What it tells other reports of its changes."""
        changes = [(*one, False) for one in self.contract.tells.items()]
        moves = [(*one, True) for one in self.contract.tells_moves.items()]
        return tuple(
            Told(
                subject=f"{self.name}.{name}",
                table_name=self.full_name,
                columns=columns,
                only_moves=only_moves,
            )
            for name, columns, only_moves in (*changes, *moves)
        )

    @property
    def nullable(self) -> frozenset[str]:
        """Columns that may be NULL."""
        return frozenset(c.name for c in self.contract.columns if c.null)

    @property
    def nullable_key(self) -> frozenset[str]:
        """Key columns that may be NULL; two NULLs are the same key."""
        return self.nullable.intersection(self.contract.key)

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
        for number, names in enumerate(self.contract.indexes, 1):
            Index(f"{self.name}_{number}_idx", *(table.c[n] for n in names))
        return table

    def incoming_table(self) -> Table:
        """Where the query's rows are put before they are compared: temporary, without constraints."""
        return temporary("refresh_rows", *(Column(c.name, _sql_type(c)) for c in self.contract.columns))


def _column(column: ColumnContract) -> Column[object]:
    return Column(column.name, _sql_type(column), nullable=column.null is not None, comment=column.comment)


def _sql_type(column: ColumnContract) -> TypeEngine[Any]:
    return cast("TypeEngine[Any]", SQL_TYPES[column.kind])


def make_table(connection: Connection, table: Table, *, keeps_rows: bool = False) -> None:
    """Create the table, in place of an older one of its name, for the roles of `sql/roles.sql` where they are in use.

    Args:
        connection: in the transaction of the refresh.
        table: as the contract has it.
        keeps_rows: take the older one's rows over, as far as it has the columns.

    Raises:
        ConfigError: someone's view hangs on the older one, or the login may not replace or create it.
    """
    kept = _keep_rows(connection, table) if keeps_rows else None
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
        _create(connection, table)
    except exc.ProgrammingError as error:
        remedy = f"run sql/roles.sql and make the login a member of {LOADER}"
        raise _not_allowed(error, table, f"cannot be made by this login: {remedy}") from None
    if kept is not None:
        _bring_rows_back(connection, table, kept)
    _give_away(connection, table)


def _create(connection: Connection, table: Table) -> None:
    """Create it with its indexes, and send all comments at once: one by one they take longer than the rest."""
    connection.execute(CreateTable(table))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        connection.execute(CreateIndex(index))
    name = sql.Identifier(str(table.schema), table.name)
    of_table = sql.SQL("comment on table {} is {};").format(name, sql.Literal(table.comment))
    of_columns = (
        sql.SQL("comment on column {}.{} is {};").format(name, sql.Identifier(c.name), sql.Literal(c.comment))
        for c in table.columns
    )
    driver = cast("psycopg.Connection", connection.connection.driver_connection)
    driver.execute(sql.SQL(" ").join([of_table, *of_columns]))


def _keep_rows(connection: Connection, table: Table) -> Table | None:
    """The rows of the table as it stands, in a temporary one."""
    if not inspect(connection).has_table(table.name, schema=table.schema):
        return None
    known = Table(table.name, MetaData(), schema=table.schema, autoload_with=connection)
    kept = temporary("kept_rows", *(Column(c.name, c.type) for c in known.columns))
    make_temporary(connection, kept)
    connection.execute(insert(kept).from_select(list(kept.columns), select(known)))
    return kept


def _bring_rows_back(connection: Connection, table: Table, kept: Table) -> None:
    names = [c.name for c in table.columns if c.name in kept.columns]
    rows = select(*(cast_to(kept.c[name], table.c[name].type) for name in names))
    try:
        connection.execute(insert(table).from_select(names, rows))
    except exc.DBAPIError:
        raise ConfigError(
            f"{table.fullname} keeps what it said in the past, which does not fit its changed contract: give new "
            "columns a `null`, keep the kind of the others and the key, or move the old rows elsewhere yourself."
        ) from None


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
