"""The rows of a table: computed aside, held against the contract, and written where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    false,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql

from include.errors import ConfigError
from include.reports.checks import CheckResult
from include.reports.keyed_table import KeyedTable, make_incoming
from include.reports.running import explained, wrapped
from include.reports.scope import in_scope
from include.reports.sql_text import CheckSeverity, parameters_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Rows written (new or different), deleted, and computed but equal."""

    written: int
    deleted: int
    unchanged: int


def compute_rows(connection: Connection, table: KeyedTable, values: Mapping[str, Any]) -> Table:
    """Run the query into a temporary table and return that table.

    Raises:
        ConfigError: the query does not run, or returns other columns than the contract names.
    """
    incoming = table.incoming_table()
    make_incoming(connection, incoming)
    used = {name: values[name] for name in parameters_of(table.query)}
    result = wrapped(table.query, "result", [Column(c.name, c.type) for c in incoming.columns])
    with explained(f"The query of {table.full_name}"):
        _refuse_other_columns(connection, table, used)
        connection.execute(insert(incoming).from_select(list(incoming.columns), select(result)), used)
    connection.exec_driver_sql("analyze refresh_rows")
    return incoming


def _refuse_other_columns(connection: Connection, table: KeyedTable, used: Mapping[str, Any]) -> None:
    probe: Select[Any] = select(literal_column("*")).select_from(wrapped(table.query, "result")).limit(0)
    returned = set(connection.execute(probe, dict(used)).keys())
    promised = {column.name for column in table.contract.columns}
    missing, extra = sorted(promised - returned), sorted(returned - promised)
    if missing or extra:
        told = [
            f"misses {', '.join(missing)}" if missing else "",
            f"adds {', '.join(extra)}" if extra else "",
        ]
        raise ConfigError(
            f"The query of {table.full_name} does not return the columns of its contract: it "
            f"{' and '.join(filter(None, told))}. Make the two agree."
        )


def contract_results(connection: Connection, table: KeyedTable, incoming: Table) -> list[CheckResult]:
    """Whether the computed rows keep what the contract promises: one row per key, NULL only where it has a meaning."""
    never_null = [incoming.c[c.name] for c in table.contract.columns if c.null is None]
    key = [incoming.c[name] for name in table.contract.key]
    twins = select(*key).group_by(*key).having(func.count() > 1).subquery()
    nulls = select(func.count()).select_from(incoming).where(or_(false(), *(c.is_(None) for c in never_null)))
    promises = {
        "The query returns a key more than once.": select(func.count()).select_from(twins),
        "The query returns NULL in a column that is never NULL by the contract.": nulls,
    }
    return [
        CheckResult(
            severity=CheckSeverity.FAIL,
            sentence=sentence,
            failed_count=connection.execute(count).scalar_one(),
        )
        for sentence, count in promises.items()
    ]


def write_rows(
    connection: Connection, table: KeyedTable, target: Table, incoming: Table, *, is_full: bool
) -> Written:
    """Make the table, or the part of it that is in scope, equal to the computed rows."""
    same_key = _same_key(table, target, incoming)
    gone = not_(select(incoming.c[table.contract.key[0]]).where(same_key).correlate(target).exists())
    condition = gone if is_full else and_(in_scope(table.contract.refresh, target), gone)
    deleted = connection.execute(delete(target).where(condition)).rowcount
    computed = connection.execute(select(func.count()).select_from(incoming)).scalar_one()
    upsert = _upsert(table, target, incoming, same_key).execution_options(preserve_rowcount=True)
    written = connection.execute(upsert).rowcount
    return Written(written=written, deleted=deleted, unchanged=computed - written)


def _upsert(
    table: KeyedTable, target: Table, incoming: Table, same_key: ColumnElement[bool]
) -> postgresql.dml.Insert:
    names = [column.name for column in incoming.columns]
    others = [name for name in names if name not in table.contract.key]
    equal = (target.c[name].is_not_distinct_from(incoming.c[name]) for name in others)
    kept = select(target.c[names[0]]).where(and_(same_key, *equal)).correlate(incoming).exists()
    statement = postgresql.insert(target).from_select(names, select(incoming).where(not_(kept)))
    if not others:
        return statement.on_conflict_do_nothing()
    return statement.on_conflict_do_update(
        index_elements=list(table.contract.key), set_={name: statement.excluded[name] for name in others}
    )


def _same_key(table: KeyedTable, target: Table, incoming: Table) -> ColumnElement[bool]:
    """Equality where keys are never NULL, so that hashes and the index can be used."""
    pairs = ((name, target.c[name], incoming.c[name]) for name in table.contract.key)
    nullable = table.nullable_key
    return and_(*(a.is_not_distinct_from(b) if name in nullable else a == b for name, a, b in pairs))
