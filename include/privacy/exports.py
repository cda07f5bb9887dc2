"""Segment files that held a person: listed for those who must ask others to delete them, and deleted here.

Who was in a file is told by who was a member when it was written; the file itself need not be there any more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, text

from include.segments.export_folder import delete_file
from include.segments.private_file import FilePath

# A member is a record of the person, such as a cart or a newsletter entry, or the account of a customer.
_HELD = """
with theirs as (
    select erased.record_key as member_key
    from ops.erased_records as erased
    where erased.erasure_id = :erasure
    union
    select customers.account_key
    from ops.erased_records as erased
    inner join crm.customers as customers on erased.record_key = customers.customer_key
    where erased.erasure_id = :erasure and erased.entity = 'customers' and customers.account_key is not null
)

select distinct exports.segment_name, exports.file_name, exports.exported_at, exports.sha256
from marketing.exports as exports
inner join marketing.segment_members as members on exports.segment_name = members.segment_name
inner join theirs on members.member_key = theirs.member_key
where
    members.entered_at <= exports.exported_at
    and coalesce(members.left_at > exports.exported_at, true)
order by exports.exported_at, exports.file_name
"""
# The newest file of a segment is the one that readers are told of; it goes when a newer one has taken its place.
_STILL_THERE = """
select exports.segment_name, exports.file_name
from marketing.exports as exports
where
    exports.deleted_at is null
    and exports.file_name in (
        select held.export ->> 'file_name'
        from ops.erasures as erasures cross join lateral jsonb_array_elements(erasures.exports_json) as held (export)
    )
    and exists (
        select from marketing.exports as newer
        where
            newer.segment_name = exports.segment_name
            and newer.exported_at > exports.exported_at
            and newer.deleted_at is null
    )
order by exports.file_name
"""


def exports_with(connection: Connection, erasure_id: int) -> list[dict[str, Any]]:
    """The files that held an erased person, oldest first."""
    rows = connection.execute(text(_HELD), {"erasure": erasure_id}).mappings()
    return [{**row, "exported_at": row["exported_at"].isoformat()} for row in rows]


def delete_exports_of_erased(engine: Engine, root: FilePath, now: datetime) -> int:
    """Delete the files that held an erased person, but a segment's newest; how many went.

    Raises:
        ConfigError: the export folder cannot be written.
    """
    with engine.connect() as connection:
        files = connection.execute(text(_STILL_THERE)).all()
    for segment, name in files:
        with engine.begin() as connection:
            gone = text("update marketing.exports set deleted_at = :now where file_name = :name")
            connection.execute(gone, {"now": now, "name": name})
            delete_file(root / segment / name)
    return len(files)
