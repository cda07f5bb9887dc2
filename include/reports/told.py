"""What one report tells others of its changes: values of some columns, recorded in `ops.touched` like a window's keys.

A report made of other reports follows these, so that it too computes only what changed. Old and new values are
recorded, for a row that moves from one month to another changes both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Select,
    Table,
    Text,
    cast,
    func,
    insert,
    literal,
    select,
)

from include.reports.temporary import make_temporary, temporary
from include.warehouse.ops_tables import TOUCHED

SEPARATOR = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a report tells.

    Attributes:
        subject: `<report>.<name>`, as in ops.touched.
        table_name: the table with its schema.
        columns: whose values are told together.
        only_moves: whether a row that keeps these values is not told of, however much else changed in it.
    """

    subject: str
    table_name: str
    columns: tuple[str, ...]
    only_moves: bool = False


def told_value(columns: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """The values as one text, parted by |; NULL is told as nothing."""
    texts = [func.coalesce(cast(column, Text), "") for column in columns]
    return reduce(lambda left, right: left.concat(SEPARATOR).concat(right), texts)


def every_told(told: Told) -> Select[Any]:
    """Channel and value of all rows of the report, each once."""
    schema, name = told.table_name.split(".")
    columns = dict.fromkeys(("channel_code", *told.columns))
    table = Table(name, MetaData(), *(Column(one, Text) for one in columns), schema=schema)
    return select(table.c.channel_code, told_value([table.c[name] for name in told.columns])).distinct()


def record_told(
    connection: Connection, all_told: Sequence[Told], *, before: Select[Any], after: Select[Any]
) -> None:
    """Write down what changed rows hold.

    Args:
        connection: in the transaction of the refresh.
        all_told: of the report.
        before: the rows that go or change, as they were, with all columns.
        after: the rows that come or change, as they will be.
    """
    changed = _keep_changes(connection, all_told, before, after)
    for told in all_told:
        value = told_value([changed.c[name] for name in told.columns])
        rows = select(changed.c.channel_code, cast(told.subject, Text), value).group_by(
            changed.c.channel_code, value
        )
        if told.only_moves:
            came, went = (func.count().filter(changed.c.is_after.is_(side)) for side in (True, False))
            rows = rows.having(came != went)
        target = ["channel_code", "subject", "touched_key"]
        connection.execute(insert(TOUCHED).from_select(target, rows))


def _keep_changes(
    connection: Connection, wanted: Sequence[Told], before: Select[Any], after: Select[Any]
) -> Table:
    """Rows are compared once, however much is told of them."""
    names = list(dict.fromkeys(["channel_code", *(name for told in wanted for name in told.columns)]))
    columns = (Column(name, after.selected_columns[name].type) for name in names)
    table = temporary("refresh_changes", *columns, Column("is_after", Boolean))
    make_temporary(connection, table)
    for rows, is_after in ((before, False), (after, True)):
        chosen = rows.with_only_columns(*(rows.selected_columns[name] for name in names), literal(is_after))
        connection.execute(insert(table).from_select([*names, "is_after"], chosen))
    return table
