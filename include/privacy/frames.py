"""Frames without a person: personal columns become NULL, keys, money and dates stay."""

from __future__ import annotations

from collections.abc import Collection

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
    if not pc.any(of_person).as_py():
        return frame
    for name in personal_columns(table):
        position, column = frame.schema.get_field_index(name), frame[name]
        nothing = pa.scalar(None, column.type)
        frame = frame.set_column(position, frame.schema.field(name), pc.if_else(of_person, nothing, column))
    return frame
