"""Segment files that held a person: listed for those who must ask others to delete them, and deleted here.

Beside the files of every export lie keyed hashes of whose rows they hold, of the full file as of `removed` and of the
suppression file; they are held against the hash that is kept of an erased e-mail. Of files that are gone, and of a
person without an e-mail of their own, it is told by who was a member when they were written.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from include.approvals.turns import alone
from include.segments.export_folder import APART, delete_file, people_of
from include.segments.export_record import note_deleted
from include.segments.private_file import FilePath

_BYTES_AT_A_TIME = 1 << 20
_HASH_BYTES = 64
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
    and (exports.channel_code is null or exports.channel_code = members.channel_code)
order by exports.exported_at, exports.file_name
"""
# Files that were being written while somebody was erased may appear a little later.
_TO_LOOK_FOR = """
select erasure_id, email_hash
from ops.erasures
where email_hash is not null and (files_rewritten_at is null or erased_at > :now - interval '2 days')
"""
_WRITTEN = """
select segment_name, file_name, exported_at, sha256 from marketing.exports where deleted_at is null order by export_id
"""
_NOTE = """
update ops.erasures set exports_json = (
    select jsonb_agg(held.export order by held.export ->> 'exported_at', held.export ->> 'file_name')
    from (
        select distinct on (listed.export ->> 'file_name') listed.export
        from jsonb_array_elements(coalesce(exports_json, '[]') || cast(:found as jsonb)) as listed (export)
        order by listed.export ->> 'file_name'
    ) as held
)
where erasure_id = :erasure
"""
# The newest file of a channel in a profile is the one that readers are told of; it goes when a newer one has taken its
# place. One that never appeared is nobody's.
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
            and newer.profile = exports.profile
            and (newer.channel_code = exports.channel_code or exports.channel_code is null)
            and newer.export_id > exports.export_id
            and newer.published_at is not null
            and newer.deleted_at is null
    )
order by exports.file_name
"""


def exports_with(connection: Connection, erasure_id: int) -> list[dict[str, Any]]:
    """The files that an erased person was in as a member, oldest first."""
    rows = connection.execute(text(_HELD), {"erasure": erasure_id}).mappings()
    return [{**row, "exported_at": row["exported_at"].isoformat()} for row in rows]


def list_exports_of_erased(engine: Engine, root: FilePath, now: datetime) -> None:
    """Add to each erasure the files that hold the person by what lies beside them.

    Every file is read once, however many people were erased lately; none where nobody was.

    Raises:
        ConfigError: the export folder cannot be read.
    """
    with engine.connect() as connection:
        erasures = connection.execute(text(_TO_LOOK_FOR), {"now": now}).all()
        exports = connection.execute(text(_WRITTEN)).all() if erasures else []
    found: dict[int, list[Row[Any]]] = {}
    sought = {erasure.email_hash: erasure.erasure_id for erasure in erasures}
    for export in exports:
        for person in _among(root / export.segment_name / export.file_name, sought):
            found.setdefault(sought[person], []).append(export)
    with engine.begin() as connection:
        for erasure, held in found.items():
            listed = [{**row._mapping, "exported_at": row.exported_at.isoformat()} for row in held]
            connection.execute(text(_NOTE), {"erasure": erasure, "found": json.dumps(listed)})


def _among(full_file: FilePath, sought: Collection[str]) -> set[str]:
    """Which of the hashes are in any file of an export."""
    there = [people_of(full_file, kind) for kind in ("full", *APART)]
    # At the beginning of a line stands whose row it is; what follows may be another address of the account.
    wanted = {person: f"\n{person}".encode() for person in sought}
    pieces = (piece for file in there if file.exists() for piece in _pieces(file))
    return {person for piece in pieces for person, line in wanted.items() if line in piece}


def _pieces(file: FilePath) -> Iterator[bytes]:
    """The file piece by piece; each begins with the end of the one before, so that no hash is cut in two."""
    end = b"\n"
    with file.open("rb") as people:
        while read := people.read(_BYTES_AT_A_TIME):
            piece = end + read
            yield piece
            end = piece[-_HASH_BYTES:]


def delete_exports_of_erased(engine: Engine, root: FilePath, now: datetime) -> int:
    """List the files that held an erased person and delete them, but the newest of each; how many went.

    Raises:
        ConfigError: the export folder cannot be read or written.
    """
    list_exports_of_erased(engine, root, now)
    with engine.connect() as connection:
        files = connection.execute(text(_STILL_THERE)).all()
    for segment, name in files:
        with alone(engine, segment), engine.begin() as connection:
            note_deleted(connection, name, now)
            delete_file(root / segment / name)
    return len(files)
