"""Exporting a segment: a file of its members with a manifest beside it, when it would differ from the last one.

A new file is published in this order: the rows, the manifest, the row of marketing.exports, `latest.json`; then old
files go. Whatever cuts this short, the next run mends: a file without a manifest is not finished, and one that
`latest.json` does not name is not the current one. File names hold the segment and the instant, never anything of a
person.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update
from sqlalchemy.dialects.postgresql import insert

from include.errors import ConfigError, DataError
from include.reports.snapshot import snapshot
from include.reports.tables import REFRESHES
from include.segments.export_folder import delete_file, is_finished, manifest_of, old_files, show_latest
from include.segments.loading import Segment
from include.segments.manifest import PROFILE, describe
from include.segments.private_file import FilePath, private_file
from include.segments.rows_file import Written, measure_rows, write_rows
from include.segments.tables import EXPORTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The current file.

    Attributes:
        file: path of the CSV file.
        manifest: path of its manifest.
        row_count: members in it.
        byte_count: its size.
        sha256: its checksum, hexadecimal.
        is_new: whether it was written now; otherwise an earlier one still says it all.
    """

    file: FilePath
    manifest: FilePath
    row_count: int
    byte_count: int
    sha256: str
    is_new: bool


def export_segment(engine: Engine, segment: Segment, root: FilePath, *, now: datetime) -> Export:
    """Have the current members in a file below `<root>/<segment>`, which `latest.json` there names.

    A new one, `<segment>-<instant>.csv`, is written only when rows, columns or definition differ from the last; the
    same instant replaces its file. Of all files the newest `keep_files` stay.

    Args:
        engine: on the warehouse; the segment must have been refreshed.
        segment: from `load_segments`.
        root: the export root, a `pathlib.Path` or an `ObjectStoragePath`.
        now: the instant of the export, with a zone.

    Raises:
        ConfigError: the segment was not refreshed since its contract changed, or the root cannot be written.
        DataError: it has more or fewer members than the contract expects; no file is written.
    """
    folder = root / segment.name
    with snapshot(engine, is_readonly=True) as connection:
        refreshed = _last_refresh(connection, segment)
        _refuse_unexpected_size(segment, refreshed.row_count)
        export, manifest = _unchanged(connection, segment, folder), None
        if export is None:
            file = folder / f"{segment.name}-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.csv"
            written = write_rows(connection, segment, file)
            export = _export(file, written, is_new=True)
            manifest = describe(segment, file, written, refreshed, now)
    if manifest is None:
        _note_check(engine, export.file, now)
    else:
        _finish(engine, segment, export, manifest, now)
    show_latest(export.file)
    _delete_old(engine, segment, export.file, now)
    return export


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


def _unchanged(connection: Connection, segment: Segment, folder: FilePath) -> Export | None:
    """The last export, if its file is there and would be written the same again."""
    of_segment = select(EXPORTS).where(EXPORTS.c.segment_name == segment.name)
    last = connection.execute(
        of_segment.order_by(EXPORTS.c.exported_at.desc(), EXPORTS.c.export_id.desc()).limit(1)
    ).one_or_none()
    if last is None or last.definition_hash != segment.table.basis_hash:
        return None
    file = folder / last.file_name
    if not is_finished(file):
        return None
    # Reading twice when there is something new is the price of writing no personal data when there is nothing.
    measured = measure_rows(connection, segment)
    return _export(file, measured, is_new=False) if measured.sha256 == last.sha256 else None


def _export(file: FilePath, written: Written, *, is_new: bool) -> Export:
    return Export(
        file=file,
        manifest=manifest_of(file),
        row_count=written.row_count,
        byte_count=written.byte_count,
        sha256=written.sha256,
        is_new=is_new,
    )


def _finish(
    engine: Engine, segment: Segment, export: Export, manifest: dict[str, Any], now: datetime
) -> None:
    with private_file(export.manifest) as manifest_file:
        manifest_file.write(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    row = {
        "segment_name": segment.name,
        "file_name": export.file.name,
        "profile": PROFILE,
        "row_count": export.row_count,
        "byte_count": export.byte_count,
        "sha256": export.sha256,
        "definition_hash": segment.table.basis_hash,
        "manifest_json": manifest,
        "exported_at": now,
        "checked_at": now,
        "deleted_at": None,
    }
    with engine.begin() as connection:
        statement = insert(EXPORTS).values(row)
        connection.execute(statement.on_conflict_do_update(index_elements=["file_name"], set_=row))


def _note_check(engine: Engine, file: FilePath, now: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(update(EXPORTS).where(EXPORTS.c.file_name == file.name).values(checked_at=now))


def _delete_old(engine: Engine, segment: Segment, current: FilePath, now: datetime) -> None:
    """Delete what is beyond `keep_files`; a file that cannot be deleted is not noted as deleted."""
    old = old_files(segment.name, current, segment.contract.keep_files)
    for file in old:
        with engine.begin() as connection:
            gone = update(EXPORTS).where(EXPORTS.c.file_name == file.name).values(deleted_at=now)
            connection.execute(gone)
            delete_file(file)
