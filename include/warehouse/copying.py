"""COPY from Arrow: the fastest way into PostgreSQL that stays inside the transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.csv
from psycopg import sql

if TYPE_CHECKING:
    from psycopg import Connection

ROWS_AT_ONCE = 20_000
"""Rows written as CSV at a time: bounds memory to some tens of megabytes."""
# Quotes mark texts as texts: NULL is the empty cell without quotes.
OPTIONS = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")


def copy_frame(connection: Connection, table: sql.Composable, frame: pa.Table, columns: Sequence[str]) -> int:
    """Append a frame's columns to a table; the number of rows.

    Args:
        connection: an open transaction.
        table: quoted, with its schema.
        frame: typed as the table's columns are.
        columns: names, the same in frame and table.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(table, names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for piece in _pieces(frame.select(list(columns))):
            sink = pa.BufferOutputStream()
            pyarrow.csv.write_csv(piece, sink, OPTIONS)
            copy.write(memoryview(sink.getvalue()))
    return int(frame.num_rows)


def _pieces(frame: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, frame.num_rows, ROWS_AT_ONCE):
        yield frame.slice(start, ROWS_AT_ONCE)
