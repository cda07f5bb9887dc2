"""COPY from Arrow: the fastest way into PostgreSQL that stays inside the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
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


def copy_frames(
    connection: Connection, table: sql.Composable, frames: Iterable[pa.Table], columns: Sequence[str]
) -> int:
    """Append columns of frames to a table; the number of rows.

    The next piece is read and written as CSV while the server takes in the last one: both keep a processor busy.

    Args:
        connection: an open transaction.
        table: quoted, with its schema.
        frames: typed as the table's columns are; they are drawn in another thread.
        columns: names, the same in frames and table.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy {} ({}) from stdin (format csv)").format(table, names)
    with connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for piece in _one_ahead(_as_csv(frames, columns)):
                copy.write(piece)
        return cursor.rowcount


def _as_csv(frames: Iterable[pa.Table], columns: Sequence[str]) -> Iterator[memoryview]:
    for frame in frames:
        chosen = frame.select(list(columns))
        for start in range(0, chosen.num_rows, ROWS_AT_ONCE):
            sink = pa.BufferOutputStream()
            pyarrow.csv.write_csv(chosen.slice(start, ROWS_AT_ONCE), sink, OPTIONS)
            yield memoryview(sink.getvalue())


def _one_ahead(pieces: Iterator[memoryview]) -> Iterator[memoryview]:
    with ThreadPoolExecutor(max_workers=1) as maker:
        coming = maker.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = maker.submit(next, pieces, None)
            yield piece
