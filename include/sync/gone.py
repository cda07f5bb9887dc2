"""Records gone from the store: when to believe it, and marking them.

A store that answers too little looks like one that lost its records, so many at once need a person's word, and a list
without any record is never believed.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import DataError
from include.sync.by_id import ById
from include.sync.upsert import delete_gone

log = logging.getLogger(__name__)

NAMED = 100


def refusal_of(
    channel: Channel, entity: Entity, *, gone: int, known: int, is_empty: bool, allow_deletions: bool
) -> DataError | None:
    """Why nothing may be marked deleted; None when it may.

    Args:
        channel: whose records.
        entity: says which share of them may be gone at once.
        gone: how many are.
        known: how many the warehouse has that are not marked yet.
        is_empty: the store lists no record at all.
        allow_deletions: a person has said that so many are gone indeed.
    """
    if not gone:
        return None
    if is_empty:
        return DataError(
            f"The store of channel {channel.code} lists no {entity.name} at all, while {known} are known: nothing is "
            "marked deleted; see that the connection leads to the right store and that its API user may list them."
        )
    # One record of a small table is more than any share of it.
    if allow_deletions or gone <= max(1, entity.most_gone * known):
        return None
    return DataError(
        f"{gone} of {known} known {entity.name} of channel {channel.code} are gone from the store, more than "
        f"{entity.most_gone:.0%} at once: nothing is marked deleted; if they were deleted there indeed, run this DAG "
        "again with this channel, this entity and allow_deletions."
    )


def mark_gone(reader: ById, entity: Entity, ids: Sequence[int]) -> int:
    """Mark these records deleted, with their children; how many rows changed."""
    if not ids:
        return 0
    named, more = ", ".join(map(str, ids[:NAMED])), len(ids) - NAMED
    log.info(
        "gone channel=%s entity=%s count=%s ids=%s%s",
        reader.channel.code,
        entity.name,
        len(ids),
        named,
        f" and {more} more" if more > 0 else "",
    )
    code = reader.channel.code
    return delete_gone(reader.engine, entity, code, ids, run_id=reader.run_id, now=reader.now).changed
