"""The rows of marketing.exports: the files that were written before, and which of them were delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.dialects import postgresql

from include.segments.export_tables import EXPORT_FILES, EXPORTS
from include.segments.split_files import WrittenFile


class Earlier(NamedTuple):
    """An export of before, with its files, the full ones first."""

    export: Row[Any]
    files: tuple[WrittenFile, ...]


def last_export(
    connection: Connection, segment_name: str, profile: str, *, is_delivered: bool = False
) -> Earlier | None:
    """The newest export of a segment in a profile; with `is_delivered` the newest that all destinations have."""
    of_profile = select(EXPORTS).where(
        EXPORTS.c.segment_name == segment_name, EXPORTS.c.profile == profile, EXPORTS.c.deleted_at.is_(None)
    )
    if is_delivered:
        of_profile = of_profile.where(EXPORTS.c.delivered_at.is_not(None))
    newest = of_profile.order_by(EXPORTS.c.exported_at.desc(), EXPORTS.c.export_id.desc()).limit(1)
    export = connection.execute(newest).one_or_none()
    return Earlier(export, _files_of(connection, export.export_id)) if export is not None else None


def _files_of(connection: Connection, export_id: int) -> tuple[WrittenFile, ...]:
    columns = EXPORT_FILES.c
    rows = connection.execute(select(EXPORT_FILES).where(columns.export_id == export_id))
    files = [
        WrittenFile(
            name=row.file_name,
            kind=row.kind,
            part_number=row.part_number,
            row_count=row.row_count,
            byte_count=row.byte_count,
            sha256=row.sha256,
        )
        for row in rows
    ]
    order = ("full", "added", "removed", "suppression")
    return tuple(sorted(files, key=lambda file: (order.index(file.kind), file.part_number)))


def record(engine: Engine, export: dict[str, Any], files: Sequence[WrittenFile]) -> int:
    """Note an export and its files; one of the same name is replaced. Returns its number."""
    with engine.begin() as connection:
        statement = postgresql.insert(EXPORTS).values(export)
        replacing = statement.on_conflict_do_update(index_elements=["file_name"], set_=export)
        number = int(connection.execute(replacing.returning(EXPORTS.c.export_id)).scalar_one())
        connection.execute(delete(EXPORT_FILES).where(EXPORT_FILES.c.export_id == number))
        rows = [
            {
                "export_id": number,
                "file_name": file.name,
                "kind": file.kind,
                "part_number": file.part_number,
                "row_count": file.row_count,
                "byte_count": file.byte_count,
                "sha256": file.sha256,
            }
            for file in files
        ]
        connection.execute(insert(EXPORT_FILES), rows)
    return number


def note_check(engine: Engine, export_id: int, now: datetime) -> None:
    """Note that the files of an export still said it all."""
    with engine.begin() as connection:
        connection.execute(update(EXPORTS).where(EXPORTS.c.export_id == export_id).values(checked_at=now))


def note_delivered(engine: Engine, export_id: int, now: datetime) -> None:
    """Note that all destinations have the files: what comes next is told as a difference to them."""
    with engine.begin() as connection:
        connection.execute(update(EXPORTS).where(EXPORTS.c.export_id == export_id).values(delivered_at=now))
