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
    """

    subject: str
    table_name: str
    columns: tuple[str, ...]


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


def record_told(connection: Connection, all_told: Sequence[Told], changes: Sequence[Select[Any]]) -> None:
    """Write down what changed rows hold.

    Args:
        connection: in the transaction of the refresh.
        all_told: of the report.
        changes: rows as they were and as they will be, with all columns.
    """
    changed = _keep_changes(connection, all_told, changes)
    for told in all_told:
        value = told_value([changed.c[name] for name in told.columns])
        rows = select(changed.c.channel_code, cast(told.subject, Text), value).distinct()
        target = ["channel_code", "subject", "touched_key"]
        connection.execute(insert(TOUCHED).from_select(target, rows))


def _keep_changes(connection: Connection, wanted: Sequence[Told], changes: Sequence[Select[Any]]) -> Table:
    """Rows are compared once, however much is told of them."""
    first = changes[0].selected_columns
    names = list(dict.fromkeys(["channel_code", *(name for told in wanted for name in told.columns)]))
    table = temporary("refresh_changes", *(Column(name, first[name].type) for name in names))
    make_temporary(connection, table)
    for rows in changes:
        chosen = rows.with_only_columns(*(rows.selected_columns[name] for name in names))
        connection.execute(insert(table).from_select(names, chosen))
    return table
