"""Files that no export renews any more: of segments, profiles and channels that are gone, and of runs that broke off.

An export deletes what is too old of the files it writes; nobody else does for those it no longer writes. A folder of
`sql/segments` that is refused keeps its files: it is to be mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, select

from include.approvals.turns import alone
from include.segments.export_folder import delete_file, show_latest
from include.segments.export_record import current_manifests, note_deleted
from include.segments.export_tables import EXPORTS
from include.segments.loading import SegmentSet
from include.segments.member_stream import channels_of
from include.segments.private_file import FilePath

UNPUBLISHED = timedelta(days=1)
"""How old an export must be that never appeared, to be what a run left that broke off: none takes so long."""


def left_over(engine: Engine, segments: SegmentSet, now: datetime) -> list[Row[Any]]:
    """The exports whose files are there and that no run renews (`segment_name, file_name`)."""
    of, refused = EXPORTS.c, {refusal.name for refusal in segments.refused}
    there = select(EXPORTS).where(of.deleted_at.is_(None)).order_by(of.export_id)
    with engine.connect() as connection:
        kept = {
            (name, profile, channel)
            for name, segment in segments.segments.items()
            if segment.contract.is_exported
            for channel in channels_of(connection, segment)
            for profile in segment.contract.profiles
        }
        rows = connection.execute(there).all()
    return [
        row
        for row in rows
        if row.segment_name not in refused
        and (
            (row.segment_name, row.profile, row.channel_code) not in kept
            or (row.published_at is None and row.exported_at < now - UNPUBLISHED)
        )
    ]


def delete_left_over(engine: Engine, root: FilePath, rows: Sequence[Row[Any]], now: datetime) -> None:
    """Name these exports no longer, and delete their files.

    Raises:
        ConfigError: the export folder cannot be read or written.
    """
    for name in sorted({row.segment_name for row in rows}):
        files = [row.file_name for row in rows if row.segment_name == name]
        with alone(engine, name), engine.begin() as connection:
            for file in files:
                note_deleted(connection, file, now)
            if (root / name).exists():
                show_latest(root / name, current_manifests(connection, name))
            for file in files:
                delete_file(root / name / file)
