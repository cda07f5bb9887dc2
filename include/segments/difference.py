"""What is told of the files before: rows that are new, and who is no longer there, for every destination at once.

Destinations are not all served at once: one may hold the last file, another one of weeks ago. Whatever is taken over
from a newer file must be right for each of them, so that

- `removed` names whoever was in the newest delivered file *or in any file since*, and is no longer;
- `added` leaves out only rows that stood like this in all of these.

Neither needs the older files. Who was in any of them is who is in the last file or in its own `removed`; what never
changed is what is in the last file and not in its own `added`. So only the last files are read, which always stay.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from include.segments.earlier_rows import EarlierFiles
from include.segments.export_record import Earlier, last_delivered, last_export
from include.segments.run import Base, Run
from include.segments.staging import Staging


def stage_difference(connection: Connection, run: Run) -> Base:
    """Stage what the files before say, beside the rows of a run.

    Args:
        connection: in the export's transaction.
        run: its rows are staged.
    """
    of = (run.segment.name, run.layout.profile.name, run.channel_code)
    last = last_export(connection, *of)
    if last is None or last.export.channel_code is None:
        return Base(must_replace=last is not None)
    base = _base(last_delivered(connection, *of), run.channel_code)
    files = EarlierFiles(last, run.folder, run.layout)
    if _was_lost(last) or not files.can_be_compared():
        return base._replace(since=None, must_replace=True)
    _stage(run.staging, files, last)
    run.staging.settle_earlier()
    return base


def _base(delivered: Row[Any] | None, channel_code: str) -> Base:
    if delivered is None or delivered.channel_code is None:
        return Base()
    complete_until = delivered.manifest_json.get("complete_until") or {}
    was_loading = channel_code in complete_until and complete_until[channel_code] is None
    return Base(since=delivered.file_name, row_count=delivered.row_count, was_loading=was_loading)


def _was_lost(last: Earlier) -> bool:
    """Whether somebody may still hold what the last files could not be told apart from."""
    return last.export.delivered_at is None and bool(last.export.manifest_json.get("replace_list"))


def _stage(staging: Staging, files: EarlierFiles, last: Earlier) -> None:
    is_delivered = last.export.delivered_at is not None
    # Of the very first file nobody is sure to have anything, so no row of it counts as known.
    is_known = files.has_same_columns() and (
        is_delivered or last.export.manifest_json.get("since") is not None
    )
    for rows in files.full():
        staging.add_earlier(rows if is_known else [(person, identity, "") for person, identity, _ in rows])
    if is_delivered:
        return
    for gone in files.removed():
        staging.add_earlier([(person, identity, "") for person, identity in gone])
    for changed in files.added():
        staging.add_changed(changed)
