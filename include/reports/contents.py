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
    true,
)
from sqlalchemy.dialects import postgresql

from include.errors import ConfigError
from include.reports.checks import CheckResult
from include.reports.keyed_table import KeyedTable
from include.reports.running import explained, wrapped
from include.reports.scope import in_scope
from include.reports.sql_text import CheckSeverity, parameters_of
from include.reports.temporary import analyze, make_temporary
from include.reports.told import record_told


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Rows written (new or different), of these new ones, deleted, and computed but equal."""

    written: int
    inserted: int
    deleted: int
    unchanged: int


def compute_rows(connection: Connection, table: KeyedTable, values: Mapping[str, Any]) -> Table:
    """Run the query into a temporary table and return that table.

    Raises:
        ConfigError: the query does not run, or returns other columns than the contract names.
    """
    incoming = table.incoming_table()
    make_temporary(connection, incoming)
    used = {name: values[name] for name in parameters_of(table.query)}
    result = wrapped(table.query, "result", [Column(c.name, c.type) for c in incoming.columns])
    with explained(f"The query of {table.full_name}"):
        _refuse_other_columns(connection, table, used)
        connection.execute(insert(incoming).from_select(list(incoming.columns), select(result)), used)
    analyze(connection, incoming)
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
    """Make the table, or the part of it that is in scope, equal to the computed rows, and tell of the difference."""
    is_whole = is_full and not table.contract.refresh.keeps_the_past
    looked_at = true() if is_whole else in_scope(table, target)
    same_key = _same_key(table, target, incoming)
    if table.tells:
        same = and_(same_key, _equal(table, target, incoming))
        before = select(target).where(looked_at, not_(_exists(incoming, same, target)))
        after = select(incoming).where(not_(_exists(target, same, incoming)))
        record_told(connection, table.tells, before=before, after=after)
    gone = not_(_exists(incoming, same_key, target))
    deleted = connection.execute(delete(target).where(looked_at, gone)).rowcount
    rows = select(func.count()).select_from(incoming)
    computed = connection.execute(rows).scalar_one()
    inserted = connection.execute(rows.where(not_(_exists(target, same_key, incoming)))).scalar_one()
    upsert = _upsert(table, target, incoming, same_key).execution_options(preserve_rowcount=True)
    written = connection.execute(upsert).rowcount
    return Written(written=written, inserted=inserted, deleted=deleted, unchanged=computed - written)


def _exists(table: Table, condition: ColumnElement[bool], outer: Table) -> ColumnElement[bool]:
    return select(literal_column("1")).select_from(table).where(condition).correlate(outer).exists()


def _equal(table: KeyedTable, target: Table, incoming: Table) -> ColumnElement[bool]:
    """Whether two rows of one key say the same."""
    others = (column.name for column in incoming.columns if column.name not in table.contract.key)
    return and_(true(), *(target.c[name].is_not_distinct_from(incoming.c[name]) for name in others))


def _upsert(
    table: KeyedTable, target: Table, incoming: Table, same_key: ColumnElement[bool]
) -> postgresql.dml.Insert:
    names = [column.name for column in incoming.columns]
    others = [name for name in names if name not in table.contract.key]
    kept = _exists(target, and_(same_key, _equal(table, target, incoming)), incoming)
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
