"""Forget an erased person in what was asked of stores: values go, and nothing that still waits is sent.

Theirs is what changes a record of theirs, and whatever names an address of theirs (a customer to be made, a note).
"""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection, text

from include.privacy.tombstones import Tombstones

_OF_THEM = """
select entries.outbox_id
from crm.outbox as entries inner join ops.erased_records as erased
    on entries.entity = erased.entity and entries.record_key = erased.record_key
where erased.erasure_id = :erasure and entries.wanted_json is not null
"""
_NAMING = """
select outbox_id, concat_ws(' ', wanted_json::text, base_json::text, left_json::text) as content from crm.outbox
where wanted_json::text like '%@%' or base_json::text like '%@%'
"""
_FORGET = """
update crm.outbox set
    wanted_json = null,
    base_json = null,
    left_json = null,
    state = case when finished_at is null then 'dropped' else state end,
    claimed_at = null,
    finished_at = coalesce(finished_at, now()),
    last_error = case when finished_at is null then 'The person was erased.' else last_error end
where outbox_id = any(:theirs)
"""
_FORGET_DECISIONS = """
update ops.write_back_log set base_value = null, local_value = null, remote_value = null, taken_value = null
where outbox_id = any(:theirs)
"""


def forget_requests(connection: Connection, erasure: int, stones: Tombstones) -> Counter[str]:
    """Forget them in the outbox and its log, in the caller's transaction.

    Args:
        connection: after the erasure's records have been noted in ops.erased_records.
        erasure: its number.
        stones: the addresses of the person.

    Returns:
        Entries forgotten, as `outbox`.
    """
    theirs = set(connection.execute(text(_OF_THEM), {"erasure": erasure}).scalars())
    theirs |= {row.outbox_id for row in connection.execute(text(_NAMING)) if stones.of_text(row.content)}
    if theirs:
        for statement in (_FORGET, _FORGET_DECISIONS):
            connection.execute(text(statement), {"theirs": sorted(theirs)})
    return Counter(outbox=len(theirs))
