"""Where the files of an export went: what an erasure has to ask others to delete."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

# Whoever was in the full file of an export may be in what was added beside it as well.
_WHERE = text(
    """
    select distinct deliveries.destination, deliveries.file_name
    from marketing.exports as exports
    inner join marketing.export_files as files on exports.export_id = files.export_id
    inner join marketing.deliveries as deliveries
        on exports.segment_name = deliveries.segment_name and files.file_name = deliveries.file_name
    where exports.file_name = any(:names)
    order by deliveries.destination, deliveries.file_name
    """
)


def delivered_files(connection: Connection, full_files: Collection[str]) -> list[tuple[str, str]]:
    """Destination and name of every file of these exports that was delivered.

    Args:
        connection: to the warehouse.
        full_files: names of the exports' full files, as in marketing.exports.
    """
    rows = connection.execute(_WHERE, {"names": list(full_files)})
    return [(row.destination, row.file_name) for row in rows]
