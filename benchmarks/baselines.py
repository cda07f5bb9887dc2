"""What the project's speed is compared with: for each job, the quickest way of doing far less."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv
from lxml import etree
from psycopg import sql

from include.sync.staging import Stage

_CSV_ROWS = 20_000
_OPTIONS = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")


def parse_to_dicts(body: bytes) -> Any:
    """Lower bound for reading an answer: lxml, then plain nested dictionaries and lists of text.

    Nothing is typed, checked, renamed or written, and nil and empty are not told apart. The fastest of several plain
    ways that were tried.
    """
    parser = etree.XMLParser(huge_tree=True, remove_blank_text=True, collect_ids=False)
    return _nested(etree.fromstring(body, parser))


def _nested(element: etree._Element) -> Any:
    if not len(element):
        return element.text
    if element[0].tag == "item":
        return [_nested(child) for child in element]
    return {child.tag: _nested(child) if len(child) else child.text for child in element}


def copy_parquet(
    connection: psycopg.Connection, stages: Sequence[Stage], tables: Mapping[str, Sequence[str]]
) -> None:
    """Lower bound for loading: COPY the same Parquet parts into unlogged tables without indexes, and commit.

    Nothing is compared, replaced, remembered or counted. Arrow writes CSV and PostgreSQL reads it, the fastest of the
    ways measured (ADBC was equal, binary from Python three times slower); types are those of the warehouse.

    Args:
        connection: not in a transaction.
        stages: the windows whose parts are copied; the second and later ones go into the same tables.
        tables: columns by name of the warehouse's tables.
    """
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute("drop schema if exists bare cascade")
        cursor.execute("create schema bare")
        for table, columns in tables.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            bare, known = sql.Identifier("bare", table), sql.Identifier("crm", table)
            cursor.execute(
                sql.SQL("create unlogged table {} as select {} from {} with no data").format(
                    bare, names, known
                )
            )
            with cursor.copy(sql.SQL("copy {} ({}) from stdin (format csv)").format(bare, names)) as copy:
                for batch in _batches(stages, table, columns):
                    sink = pa.BufferOutputStream()
                    pyarrow.csv.write_csv(batch, sink, _OPTIONS)
                    copy.write(memoryview(sink.getvalue()))


def _batches(stages: Sequence[Stage], table: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for stage in stages:
        for part in stage.parts(table):
            yield from part.select(list(columns)).to_batches(max_chunksize=_CSV_ROWS)
