"""Frames without a person: personal columns become NULL, keys, money and dates stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from include.entities.model import Table
from include.sync.flatten import ROOT


def personal_columns(table: Table) -> list[str]:
    """Names of a table's columns that say something about a person."""
    return [field.name for field in table.fields if field.is_personal]


def without_person(frame: pa.Table, table: Table, roots: Collection[str]) -> pa.Table:
    """The frame with the personal columns of these records, by root key, set to NULL."""
    of_person = pc.is_in(frame[ROOT], value_set=pa.array(sorted(roots), pa.string()))
    return forgotten(frame, personal_columns(table), of_person)


def forgotten(frame: pa.Table, names: Iterable[str], rows: pa.ChunkedArray) -> pa.Table:
    """The frame with some columns of some rows set to NULL; the very same where there are no such rows."""
    if not pc.any(rows).as_py():
        return frame
    for name in names:
        position, column = frame.schema.get_field_index(name), frame[name]
        nothing = pa.scalar(None, column.type)
        frame = frame.set_column(position, frame.schema.field(name), pc.if_else(rows, nothing, column))
    return frame
