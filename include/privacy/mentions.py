"""Mentions: the address of an erased person in records of other people, such as a gift that is sent to her.

The record is not hers and stays. A row below it that names her (an address, a comment) is forgotten whole; of the
record's own row only the column that does, for the rest says whose the record is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql
from sqlalchemy import Connection

from include.entities.fields import Kind
from include.entities.model import Table
from include.privacy.frames import forgotten, personal_columns
from include.privacy.tombstones import Tombstones

_CELLS = """
select distinct cells.name, cells.content
from crm.{table} as known cross join lateral (values {cells}) as cells (name, content)
where cells.content like '%@%'
"""


def forgotten_with(table: Table, name: str) -> list[str]:
    """The columns that go where this one names an erased person."""
    return personal_columns(table) if table.parent else [name]


def without_mentions(frame: pa.Table, table: Table, stones: Tombstones) -> pa.Table:
    """The frame without what names the address of an erased person."""
    for name in _texts(table):
        may_name = pc.match_substring(frame[name], "@")
        if not pc.any(may_name).as_py():
            continue
        found = pc.unique(frame[name].filter(may_name)).to_pylist()
        theirs = [content for content in found if stones.of_text(content) is not None]
        if theirs:
            is_theirs = pc.is_in(frame[name], value_set=pa.array(theirs, pa.string()))
            frame = forgotten(frame, forgotten_with(table, name), is_theirs)
    return frame


def mentions(connection: Connection, table: Table, stones: Tombstones) -> dict[str, list[str]]:
    """What names the address of an erased person in a table of the warehouse: contents by column.

    Distinct contents are looked at here, since the server knows no secret.
    """
    names = _texts(table)
    if not names:
        return {}
    cells = [
        sql.SQL("({}, known.{}::text)").format(sql.Literal(name), sql.Identifier(name)) for name in names
    ]
    statement = sql.SQL(_CELLS).format(table=sql.Identifier(table.name), cells=sql.SQL(", ").join(cells))
    found: dict[str, list[str]] = defaultdict(list)
    driver: Any = connection.connection.driver_connection
    with driver.cursor(
        name="mentions"
    ) as cursor:  # on the server, for a shop has a hundred thousand addresses
        for name, content in cursor.execute(statement):
            if stones.of_text(content) is not None:
                found[name].append(content)
    return found


def _texts(table: Table) -> list[str]:
    return [f.name for f in table.fields if f.is_personal and f.kind in (Kind.TEXT, Kind.JSON)]
