"""Writing a segment's members to a file, with a manifest beside it that says what it is.

The manifest is published last: a file without one is not finished. File names hold the segment and the instant, never
anything of a person. Rows are streamed, so the size of the segment does not matter to memory.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, Engine, Row, Select, select
from sqlalchemy.dialects.postgresql import insert

from include.errors import ConfigError, DataError
from include.reports.tables import REFRESHES
from include.segments.csv_cells import to_cell
from include.segments.loading import Segment
from include.segments.private_file import FilePath, private_file
from include.segments.tables import EXPORTS
from include.warehouse.schema import CRM

PROFILE = "generic"
ROWS_AT_A_TIME = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One written file.

    Attributes:
        file: path of the CSV file.
        manifest: path of its manifest.
        row_count: members in it.
        byte_count: its size.
        sha256: its checksum, hexadecimal.
    """

    file: FilePath
    manifest: FilePath
    row_count: int
    byte_count: int
    sha256: str


def export_segment(engine: Engine, segment: Segment, root: FilePath, *, now: datetime) -> Export:
    """Write the current members to `<root>/<segment>/<segment>-<instant>.csv`; the same instant replaces its file.

    Args:
        engine: on the warehouse; the segment must have been refreshed.
        segment: from `load_segments`.
        root: the export root, a `pathlib.Path` or an `ObjectStoragePath`.
        now: the instant of the export, with a zone.

    Raises:
        ConfigError: the segment was not refreshed since its contract changed, or the root cannot be written.
        DataError: it has more or fewer members than the contract expects; no file is written.
    """
    name = f"{segment.name}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    file = root / segment.name / f"{name}.csv"
    with _snapshot(engine) as connection:
        refreshed = _last_refresh(connection, segment)
        _refuse_unexpected_size(segment, refreshed.row_count)
        columns = exported_columns(segment)
        written = _write_rows(connection, segment, columns, file)
    manifest = _manifest(segment, columns, file, written, refreshed, now)
    with private_file(file.parent / f"{name}.manifest.json") as manifest_file:
        manifest_file.write(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    _record(engine, segment, file, written, manifest, now)
    return Export(
        file=file,
        manifest=file.parent / f"{name}.manifest.json",
        row_count=written.row_count,
        byte_count=written.byte_count,
        sha256=written.sha256,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    row_count: int
    byte_count: int
    sha256: str
    neutralised_count: int


def exported_columns(segment: Segment) -> tuple[str, ...]:
    """The file's columns: the key, the personal columns, then what the segment knows of its members."""
    key, *others = (column.name for column in segment.contract.columns)
    return (key, *segment.contract.personal_columns, *others)


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """One snapshot, so that rows and what is said of them in the manifest belong together."""
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def _last_refresh(connection: Connection, segment: Segment) -> Row[Any]:
    found = connection.execute(
        select(REFRESHES).where(REFRESHES.c.table_name == segment.table.full_name)
    ).one_or_none()
    if found is None or found.contract_hash != segment.table.contract_hash:
        raise ConfigError(
            f"Segment {segment.name} was not refreshed since its contract changed: refresh it first."
        )
    return found


def _refuse_unexpected_size(segment: Segment, size: int) -> None:
    expected = segment.contract.expected_size
    if not expected.minimum <= size <= expected.maximum:
        raise DataError(
            f"Segment {segment.name} has {size} members and {expected.minimum} to {expected.maximum} are expected, so "
            "no file was written: look at marketing.segment_sizes, then mend the query or expected_size in segment.yml."
        )


def _rows(segment: Segment, columns: Sequence[str]) -> Select[Any]:
    members = segment.table.sql_table()
    people = CRM[segment.contract.addressed_table.name]
    key = segment.contract.member_key
    chosen: list[Column[Any]] = [
        people.c[n] if n in segment.contract.personal_columns else members.c[n] for n in columns
    ]
    joined = members.join(people, members.c[key] == people.c[key], isouter=True)
    return select(*chosen).select_from(joined).order_by(members.c[key])


def _write_rows(connection: Connection, segment: Segment, columns: Sequence[str], file: FilePath) -> _Written:
    statement = _rows(segment, columns).execution_options(yield_per=ROWS_AT_A_TIME)
    row_count = neutralised = 0
    with private_file(file) as output, connection.execute(statement) as rows:
        writer = csv.writer(output, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            cells = [to_cell(value) for value in row]
            writer.writerow([cell for cell, _ in cells])
            row_count += 1
            neutralised += sum(was_neutralised for _, was_neutralised in cells)
    return _Written(
        row_count=row_count, byte_count=output.byte_count, sha256=output.sha256, neutralised_count=neutralised
    )


def _manifest(
    segment: Segment,
    columns: Sequence[str],
    file: FilePath,
    written: _Written,
    refreshed: Row[Any],
    now: datetime,
) -> dict[str, Any]:
    contract = segment.contract
    return {
        "segment": segment.name,
        "title": contract.title,
        "description": contract.description,
        "addresses": contract.addresses,
        "consent": contract.consent,
        "profile": PROFILE,
        "file": file.name,
        "format": "CSV (RFC 4180), UTF-8 without byte order mark, comma, CRLF, one header line",
        "rows": written.row_count,
        "columns": [_told(segment, name) for name in columns],
        "sha256": written.sha256,
        "bytes": written.byte_count,
        "neutralised_cells": written.neutralised_count,
        "exported_at": now.astimezone(UTC).isoformat(),
        "refreshed_at": refreshed.refreshed_at.astimezone(UTC).isoformat(),
        "complete_until": refreshed.complete_until_json,
        "definition_hash": segment.table.basis_hash,
        "parameters": dict(contract.parameter_values),
    }


def _told(segment: Segment, name: str) -> dict[str, Any]:
    stored = {column.name: column.comment for column in segment.contract.columns}
    if name in stored:
        return {"name": name, "meaning": stored[name], "is_personal": False}
    fields = {field.name: field.comment for field in segment.contract.addressed_table.fields}
    return {"name": name, "meaning": fields[name], "is_personal": True}


def _record(
    engine: Engine,
    segment: Segment,
    file: FilePath,
    written: _Written,
    manifest: dict[str, Any],
    now: datetime,
) -> None:
    row = {
        "segment_name": segment.name,
        "file_name": file.name,
        "profile": PROFILE,
        "row_count": written.row_count,
        "byte_count": written.byte_count,
        "sha256": written.sha256,
        "definition_hash": segment.table.basis_hash,
        "manifest_json": manifest,
        "exported_at": now,
    }
    with engine.begin() as connection:
        statement = insert(EXPORTS).values(row)
        connection.execute(statement.on_conflict_do_update(index_elements=["file_name"], set_=row))
