"""What a refresh computes anew, as temporary tables that queries and checks of a report join.

Reports that follow instants have `refresh_scope` (channel_code, scope_date: the day, or the first of the month) and,
for each table they follow, `refresh_<table>` with the keys of its rows in these days: join `refresh_orders` on
order_key.
Tables that follow keys have `refresh_scope` (touched_key). A full refresh fills them with everything, so that there is
one query for both; and since they are analysed, the server plans for what is really in them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Interval,
    MetaData,
    Select,
    Table,
    Text,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    true,
)
from sqlalchemy.schema import CreateTable

from include.entities import catalogue
from include.reports.model import RefreshContract
from include.warehouse.ops_tables import CHANNELS
from include.warehouse.schema import CRM, KEY


def _temporary(name: str, *columns: Column[Any]) -> Table:
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


_DATES = _temporary("refresh_scope", Column("channel_code", Text), Column("scope_date", Date))
_KEYS = _temporary("refresh_scope", Column("touched_key", KEY))

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


def make_scope(connection: Connection, refresh: RefreshContract, since: int | None) -> None:
    """Create and fill the temporary tables; a table that is always computed whole has none.

    What was touched counts from transaction `since` on; None stands for everything.
    """
    if not refresh.incremental:
        return
    by_key = refresh.unit == "key"
    followed = _followed_columns(refresh.subjects)
    connection.execute(CreateTable(_KEYS if by_key else _DATES))
    if since is None:
        everything = _all_keys(followed) if by_key else _all_dates(followed, str(refresh.unit))
        connection.execute(everything)
    else:
        values = {"subjects": list(refresh.subjects), "since": str(since)}
        touched = _TOUCHED_KEYS if by_key else _TOUCHED_DATES.bindparams(unit=refresh.unit)
        connection.execute(touched, values)
    connection.exec_driver_sql("analyze refresh_scope")
    for column in () if by_key else followed:
        _make_rows_in_scope(connection, column, str(refresh.unit), is_full=since is None)


def in_scope(refresh: RefreshContract, table: Table) -> ColumnElement[bool]:
    """Whether a row of the table belongs to what is computed anew."""
    if not refresh.incremental or refresh.column is None:
        return true()
    column = table.c[refresh.column]
    if refresh.unit == "key":
        return column.in_(scope_keys())
    same = (_DATES.c.channel_code == table.c.channel_code, _DATES.c.scope_date == column)
    return select(literal(1)).where(*same).correlate(table).exists()


def scope_keys() -> Select[Any]:
    """The keys that are computed anew, of a table that follows keys."""
    return select(_KEYS.c.touched_key)


def _followed_columns(subjects: tuple[str, ...]) -> list[Column[Any]]:
    """The columns of crm whose changes are recorded under these subjects."""
    return [
        CRM[table.name].c[touch.column]
        for table in catalogue.tables()
        for touch in table.touches
        if touch.subject in subjects
    ]


def _all_keys(followed: list[Column[Any]]) -> Any:
    first, *others = [select(column).where(column.is_not(None)) for column in followed]
    return insert(_KEYS).from_select(["touched_key"], first.union(*others))


def _all_dates(followed: list[Column[Any]], unit: str) -> Any:
    first, *others = [
        select(CHANNELS.c.channel_code, _date_of(column, unit))
        .join_from(column.table, CHANNELS, column.table.c.channel_code == CHANNELS.c.channel_code)
        .where(column.is_not(None))
        .distinct()
        for column in followed
    ]
    return insert(_DATES).from_select(["channel_code", "scope_date"], first.union(*others))


def _date_of(instant: ColumnElement[Any], unit: str) -> ColumnElement[Any]:
    return cast(func.date_trunc(unit, func.timezone(CHANNELS.c.timezone, instant)), Date)


def _make_rows_in_scope(connection: Connection, column: Column[Any], unit: str, *, is_full: bool) -> None:
    source = column.table
    key = next(iter(source.primary_key))
    target = _temporary(f"refresh_{source.name}", Column(key.name, KEY))
    connection.execute(CreateTable(target))
    everything = select(key).where(column.is_not(None))
    rows = everything if is_full else _rows_of_dates(key, column, unit)
    connection.execute(insert(target).from_select([key.name], rows))
    quoted = connection.dialect.identifier_preparer.quote(target.name)
    connection.exec_driver_sql(f"analyze {quoted}")


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
