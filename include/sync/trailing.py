"""Trailing: records made lately are read again once a day, for changes that move no date.

A comment on a credit memo, or the deletion of an order's customer, leaves every stamp as it was. Most of that happens
soon after the record was made; the weekly sweep finds what happens later and shows in the store's list.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from include.channels.model import Channel
from include.entities.model import Entity
from include.sync import frontiers

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
MOST = 5000
"""Records read again in a day, the newest first: with the bridge 50 calls, without it one each, some minutes."""

_RECENT = """
select "{name}" as name, source_created_at as created_at from crm."{table}"
where channel_code = :channel and source_created_at >= :since and deleted_at is null
order by source_created_at desc
limit :most
"""


class Recent(NamedTuple):
    """A record made lately.

    Attributes:
        name: what it is known by: its id, or its number where the store's list has no ids.
        created_at: when it was made.
    """

    name: Any
    created_at: datetime


def due(
    connection: Connection, channel: Channel, entity: Entity, *, now: datetime, clock: datetime
) -> list[Recent]:
    """The records to read again now, newest first; none if that was done within a day.

    Args:
        connection: the plan's transaction.
        channel: whose records.
        entity: says how long a record counts as made lately.
        now: our clock, for how often.
        clock: the store's clock, for how long.
    """
    if entity.trailing is None or not _is_due(connection, channel, entity, now):
        return []
    frontiers.note_trailed(connection, channel.code, entity.name, now)
    statement = _RECENT.format(name=entity.root.key[0], table=entity.root.name)
    values = {"channel": channel.code, "since": clock - entity.trailing, "most": MOST}
    recent = [Recent(*row) for row in connection.execute(text(statement), values)]
    if len(recent) == MOST:
        log.warning(
            "trailing channel=%s entity=%s: only the newest %s records are read again, older changes that move no date "
            "wait for the sweep",
            channel.code,
            entity.name,
            MOST,
        )
    return recent


def _is_due(connection: Connection, channel: Channel, entity: Entity, now: datetime) -> bool:
    """What the first load has just brought is as good as read again."""
    known = frontiers.load(connection, channel.code, entity.name)
    last = known.trailed_at or known.initial_done_at
    return last is not None and now - last >= EVERY
