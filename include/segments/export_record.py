"""The rows of marketing.exports: the files that were written before, and which of them were delivered.

A row is there before its files are, so that no file is ever without one: who was in it is looked up when somebody is
erased. Until `published_at` is set, nobody is told of the files. Newer is whatever was recorded later, not what bears
a later instant: clocks go back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Row, Select, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from include.segments.export_tables import EXPORT_FILES, EXPORTS
from include.segments.split_files import WrittenFile


class Earlier(NamedTuple):
    """An export of before, with its files, the full ones first."""

    export: Row[Any]
    files: tuple[WrittenFile, ...]


def last_export(connection: Connection, segment_name: str, profile: str, channel_code: str) -> Earlier | None:
    """The newest export of a segment for a channel in a profile, its files deleted or not.

    It may be of before channels had files of their own: then its `channel_code` is None, and it held all of them.
    """
    newest = _published(segment_name, profile, channel_code).limit(1)
    export = connection.execute(newest).one_or_none()
    return Earlier(export, _files_of(connection, export.export_id)) if export is not None else None


def last_delivered(
    connection: Connection, segment_name: str, profile: str, channel_code: str
) -> Row[Any] | None:
    """The newest export that all destinations have, its files deleted or not."""
    newest = _published(segment_name, profile, channel_code).where(EXPORTS.c.delivered_at.is_not(None))
    return connection.execute(newest.limit(1)).one_or_none()


def _published(segment_name: str, profile: str, channel_code: str) -> Select[Any]:
    of = EXPORTS.c
    return (
        select(EXPORTS)
        .where(
            of.segment_name == segment_name,
            of.profile == profile,
            or_(of.channel_code == channel_code, of.channel_code.is_(None)),
            of.published_at.is_not(None),
        )
        .order_by(of.export_id.desc())
    )


def current_manifests(
    connection: Connection, segment_name: str, wanted: Collection[tuple[str, str]] | None = None
) -> dict[str, dict[str, Any]]:
    """The manifests of the newest exports whose files are there, by channel and profile.

    Args:
        connection: to the warehouse.
        segment_name: the segment.
        wanted: channels and profiles that are asked for; None: all.
    """
    of, found = EXPORTS.c, dict[str, dict[str, Any]]()
    newest = (
        select(EXPORTS)
        .ext(distinct_on(of.channel_code, of.profile))
        .where(
            of.segment_name == segment_name,
            of.channel_code.is_not(None),
            of.published_at.is_not(None),
            of.deleted_at.is_(None),
        )
        .order_by(of.channel_code, of.profile, of.export_id.desc())
    )
    for row in connection.execute(newest):
        if wanted is None or (row.channel_code, row.profile) in wanted:
            found.setdefault(row.channel_code, {})[row.profile] = row.manifest_json
    return found


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


def record(engine: Engine, exports: Sequence[tuple[dict[str, Any], Sequence[WrittenFile]]]) -> list[int]:
    """Note exports that are about to be published; those of the same names are replaced. Returns their numbers."""
    numbers = []
    with engine.begin() as connection:
        for export, files in exports:
            connection.execute(delete(EXPORTS).where(EXPORTS.c.file_name == export["file_name"]))
            statement = insert(EXPORTS).values(export).returning(EXPORTS.c.export_id)
            number = int(connection.execute(statement).scalar_one())
            connection.execute(insert(EXPORT_FILES), [_row(number, file) for file in files])
            numbers.append(number)
    return numbers


def _row(number: int, file: WrittenFile) -> dict[str, Any]:
    return {
        "export_id": number,
        "file_name": file.name,
        "kind": file.kind,
        "part_number": file.part_number,
        "row_count": file.row_count,
        "byte_count": file.byte_count,
        "sha256": file.sha256,
    }


def note_published(engine: Engine, numbers: Sequence[int], now: datetime, *, is_delivered: bool) -> None:
    """Note that the files of these exports have appeared; with `is_delivered` that they are where they should be."""
    delivered = now if is_delivered else None
    with engine.begin() as connection:
        statement = update(EXPORTS).where(EXPORTS.c.export_id.in_(numbers))
        connection.execute(statement.values(published_at=now, delivered_at=delivered))


def note_deleted(connection: Connection, file_name: str, now: datetime) -> None:
    """Note, in the caller's transaction, that the files of an export go."""
    gone = update(EXPORTS).where(EXPORTS.c.file_name == file_name, EXPORTS.c.deleted_at.is_(None))
    connection.execute(gone.values(deleted_at=now))


def note_check(engine: Engine, export_id: int, now: datetime) -> None:
    """Note that the files of an export still said it all."""
    with engine.begin() as connection:
        connection.execute(update(EXPORTS).where(EXPORTS.c.export_id == export_id).values(checked_at=now))


def note_delivered(engine: Engine, export_id: int, now: datetime) -> None:
    """Note that all destinations have the files: what comes next is told as a difference to them."""
    with engine.begin() as connection:
        connection.execute(update(EXPORTS).where(EXPORTS.c.export_id == export_id).values(delivered_at=now))
