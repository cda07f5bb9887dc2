"""What a refresh computes anew, as temporary tables that queries and checks of a report join.

Reports that follow instants have `refresh_scope` (channel_code, scope_date: the day, or the first of the month) and,
for each table they follow, `refresh_<table>` with the keys of its rows in these days: join `refresh_orders` on
order_key.
Tables that follow keys have `refresh_scope` (touched_key); those with a `scope.sql` have the columns that it returns. A
full refresh fills them with everything, so that there is one query for both; and since they are analysed, the server
plans for what is really in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Interval,
    Select,
    Table,
    Text,
    and_,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    true,
)

from include.reports.keyed_table import KeyedTable
from include.reports.position import Position
from include.reports.running import explained, wrapped
from include.reports.sql_text import parameters_of
from include.reports.temporary import analyze, make_temporary, temporary
from include.reports.told import every_told
from include.reports.touched import followed_columns, make_touched
from include.warehouse.ops_tables import CHANNELS
from include.warehouse.schema import KEY

_DATES = temporary("refresh_scope", Column("channel_code", Text), Column("scope_date", Date))
_KEYS = temporary("refresh_scope", Column("touched_key", KEY))

# touched_at is cut to the hour (UTC). In zones half an hour off, midnight falls inside such an hour: both ends count.
_TOUCHED_DATES = text(
    """
    insert into refresh_scope (channel_code, scope_date)
    select distinct
        touched.channel_code,
        date_trunc(:unit, moments.moment at time zone channels.timezone)::date
    from ops.touched as touched
    inner join ops.channels as channels
        on touched.channel_code = channels.channel_code
    cross join lateral (
        values (touched.touched_at), (touched.touched_at + interval '1 hour' - interval '1 microsecond')
    ) as moments (moment)
    where
        touched.subject = any(:subjects)
        and touched.transaction_id >= cast(cast(:since as text) as xid8)
        and touched.touched_at is not null
    """
)
_TOUCHED_KEYS = text(
    """
    insert into refresh_scope (touched_key)
    select distinct touched.touched_key
    from ops.touched as touched
    where
        touched.subject = any(:subjects)
        and touched.transaction_id >= cast(cast(:since as text) as xid8)
        and touched.touched_key is not null
    """
)
_TOLD_DATES = text(
    """
    insert into refresh_scope (channel_code, scope_date)
    select distinct touched.channel_code, date_trunc(:unit, touched.touched_key::date)::date
    from ops.touched as touched
    where
        touched.subject = any(:told)
        and touched.transaction_id >= cast(cast(:since as text) as xid8)
        and touched.touched_key <> ''
    except
    select scope.channel_code, scope.scope_date from refresh_scope as scope
    """
)


def make_scope(
    connection: Connection, table: KeyedTable, position: Position, values: Mapping[str, Any]
) -> None:
    """Create and fill the temporary tables; a table that is always computed whole has none.

    Raises:
        ConfigError: the folder's scope.sql does not run.
    """
    refresh = table.contract.refresh
    if not refresh.incremental:
        return
    if refresh.columns:
        _make_own(connection, table, position, values)
    elif refresh.unit == "key":
        _make_keys(connection, table, position.since)
    else:
        _make_dates(connection, table, position.since)


def _make_own(
    connection: Connection, table: KeyedTable, position: Position, values: Mapping[str, Any]
) -> None:
    """What the folder's scope.sql makes of what was touched."""
    make_touched(connection, table.contract.refresh.subjects, table.told, position.since)
    scope = own_scope(table)
    make_temporary(connection, scope)
    rows = wrapped(table.scope, "rows", [Column(c.name, c.type) for c in scope.columns])
    used = {name: values[name] for name in parameters_of(table.scope)}
    with explained(f"The scope of {table.full_name}"):
        chosen = select(*(rows.c[c.name] for c in scope.columns)).distinct()
        connection.execute(insert(scope).from_select(list(scope.columns), chosen), used)
    analyze(connection, scope)


def own_scope(table: KeyedTable) -> Table:
    """`refresh_scope` with columns of the table."""
    columns = table.incoming_table().columns
    return temporary(
        "refresh_scope", *(Column(name, columns[name].type) for name in table.contract.refresh.columns)
    )


def _make_keys(connection: Connection, table: KeyedTable, since: int | None) -> None:
    subjects = table.contract.refresh.subjects
    make_temporary(connection, _KEYS)
    if since is None:
        connection.execute(_all_keys(table))
    else:
        connection.execute(_TOUCHED_KEYS, {"subjects": list(subjects), "since": str(since)})
    analyze(connection, _KEYS)


def _make_dates(connection: Connection, table: KeyedTable, since: int | None) -> None:
    refresh, unit = table.contract.refresh, str(table.contract.refresh.unit)
    followed = followed_columns(refresh.subjects)
    make_temporary(connection, _DATES)
    if since is None:
        connection.execute(_all_dates(table, followed, unit))
    else:
        values = {"subjects": list(refresh.subjects), "since": str(since), "unit": unit}
        connection.execute(_TOUCHED_DATES, values)
        connection.execute(_TOLD_DATES, {"told": list(table.told), "since": str(since), "unit": unit})
    analyze(connection, _DATES)
    for column in followed:
        _make_rows_in_scope(connection, column, unit, is_full=since is None)


def in_scope(table: KeyedTable, target: Table) -> ColumnElement[bool]:
    """Whether a row of the table belongs to what is computed anew."""
    refresh = table.contract.refresh
    if not refresh.incremental:
        return true()
    if refresh.unit == "key":
        return target.c[str(refresh.column)].in_(scope_keys())
    if refresh.columns:
        scope = own_scope(table)
        same = [_same(table, target.c[name], scope.c[name]) for name in refresh.columns]
    else:
        same = [_DATES.c.channel_code == target.c.channel_code]
        same += [_DATES.c.scope_date == target.c[str(refresh.column)]]
    return select(literal(1)).where(and_(*same)).correlate(target).exists()


def _same(table: KeyedTable, one: Column[Any], other: Column[Any]) -> ColumnElement[bool]:
    return one.is_not_distinct_from(other) if one.name in table.nullable else one == other


def scope_keys() -> Select[Any]:
    """The keys that are computed anew, of a table that follows keys."""
    return select(_KEYS.c.touched_key)


def _all_keys(table: KeyedTable) -> Any:
    subjects = table.contract.refresh.subjects
    every = [select(column).where(column.is_not(None)) for column in followed_columns(subjects)]
    every += [select(every_told(told).subquery().c[1]) for told in table.told.values()]
    # A union of one is no union: two channels may tell the same key.
    first, *others = (keys.distinct() for keys in every)
    return insert(_KEYS).from_select(["touched_key"], first.union(*others))


def _all_dates(table: KeyedTable, followed: list[Column[Any]], unit: str) -> Any:
    every = [
        select(CHANNELS.c.channel_code, _date_of(column, unit))
        .join_from(column.table, CHANNELS, column.table.c.channel_code == CHANNELS.c.channel_code)
        .where(column.is_not(None))
        .distinct()
        for column in followed
    ]
    for told in table.told.values():
        channel, value = every_told(told).subquery().c
        day = cast(func.date_trunc(unit, cast(value, Date)), Date)
        every.append(select(channel, day).where(value != "").distinct())
    first, *others = every
    return insert(_DATES).from_select(["channel_code", "scope_date"], first.union(*others))


def _date_of(instant: ColumnElement[Any], unit: str) -> ColumnElement[Any]:
    return cast(func.date_trunc(unit, func.timezone(CHANNELS.c.timezone, instant)), Date)


def _make_rows_in_scope(connection: Connection, column: Column[Any], unit: str, *, is_full: bool) -> None:
    source = column.table
    key = next(iter(source.primary_key))
    target = temporary(f"refresh_{source.name}", Column(key.name, KEY))
    make_temporary(connection, target)
    everything = select(key).where(column.is_not(None))
    rows = everything if is_full else _rows_of_dates(key, column, unit)
    connection.execute(insert(target).from_select([key.name], rows))
    analyze(connection, target)


def _rows_of_dates(key: Column[Any], column: Column[Any], unit: str) -> Select[Any]:
    """Rows whose instant lies in the dates of the scope, found by the index on instants, one date after the other.

    The bounds are a day wider, for midnights that clocks skip or pass twice; then the date itself is compared. OFFSET
    keeps the server from turning this into one join of all rows with all dates, which it likes because it cannot
    estimate ranges (4 s instead of 0.1 s for 126 dates of 300,000 orders).
    """
    midnight = cast(_DATES.c.scope_date, DateTime)
    after = midnight + cast(f"1 {unit}", Interval) + cast("1 day", Interval)
    before = midnight - cast("1 day", Interval)
    near = (
        select(key, column)
        .where(
            column.table.c.channel_code == _DATES.c.channel_code,
            column.between(
                func.timezone(CHANNELS.c.timezone, before), func.timezone(CHANNELS.c.timezone, after)
            ),
        )
        .correlate(_DATES, CHANNELS)
        .offset(0)
        .lateral("near")
    )
    return (
        select(near.c[key.name])
        .select_from(_DATES)
        .join(CHANNELS, CHANNELS.c.channel_code == _DATES.c.channel_code)
        .join(near, true())
        .where(_date_of(near.c[column.name], unit) == _DATES.c.scope_date)
    )
