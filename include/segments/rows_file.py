"""A segment's members as the lines of a CSV file: which columns, in which order, and how they are written.

The order is fixed and one snapshot is read, so the same members give the same bytes: the checksum tells whether a new
file would say anything new. Rows are streamed, so the size of the segment does not matter to memory.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Select, and_, select, true

from include.segments.csv_cells import to_cell
from include.segments.loading import Segment
from include.segments.private_file import FilePath, HashedFile, private_file
from include.segments.recipients import recipients_table

ROWS_AT_A_TIME = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a file holds.

    Attributes:
        row_count: members in it.
        byte_count: its size.
        sha256: its checksum, hexadecimal.
        neutralised_count: cells that a spreadsheet would have run as a formula.
    """

    row_count: int
    byte_count: int
    sha256: str
    neutralised_count: int


def exported_columns(segment: Segment) -> tuple[str, ...]:
    """The file's columns: the key, the personal columns, then what the segment knows of its members."""
    key = segment.contract.key
    others = (column.name for column in segment.contract.columns if column.name not in key)
    return (*key, *segment.contract.personal_columns, *others)


def write_rows(connection: Connection, segment: Segment, file: FilePath) -> Written:
    """Write the members to a private file.

    Raises:
        ConfigError: the folder cannot be made or written.
    """
    with private_file(file) as output:
        return _put_rows(connection, segment, output)


def measure_rows(connection: Connection, segment: Segment) -> Written:
    """What `write_rows` would write, without a byte reaching a disk."""
    return _put_rows(connection, segment, HashedFile())


def _put_rows(connection: Connection, segment: Segment, output: HashedFile) -> Written:
    columns = exported_columns(segment)
    statement = _rows(segment, columns).execution_options(yield_per=ROWS_AT_A_TIME)
    row_count = neutralised = 0
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow(columns)
    with connection.execute(statement) as rows:
        for row in rows:
            cells = [to_cell(value) for value in row]
            writer.writerow([cell for cell, _ in cells])
            row_count += 1
            neutralised += sum(was_neutralised for _, was_neutralised in cells)
    return Written(
        row_count=row_count, byte_count=output.byte_count, sha256=output.sha256, neutralised_count=neutralised
    )


def _rows(segment: Segment, columns: Sequence[str]) -> Select[Any]:
    members = segment.table.sql_table()
    people = recipients_table(segment.contract.member)
    key = members.c[segment.contract.member_key]
    chosen: list[Column[Any]] = [
        people.c[n] if n in segment.contract.personal_columns else members.c[n] for n in columns
    ]
    same = and_(members.c.channel_code == people.c.channel_code, key == people.c.member_key)
    joined = members.join(people, same, isouter=segment.contract.consent != "newsletter")
    consented = people.c.consent_state == "subscribed" if segment.contract.consent == "newsletter" else true()
    return select(*chosen).select_from(joined).where(consented).order_by(members.c.channel_code, key)
