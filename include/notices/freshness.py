"""Freshness: which channels' entities have fallen behind their schedule, told from what the ledger holds.

Failures tell of themselves; this finds what fails in silence: a scheduler that stands still, a paused DAG, a frontier
that does not move because a window is left over every time. An entity that was never planned is no concern of it:
that is a failure, or a store that cannot deliver it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from include.channels.model import Channel
from include.notices import memory
from include.notices.notice import Notice

PREFIX = "stale:"
TIMES_LATE = 3
LEAST_LATE = timedelta(hours=1)

# The frontier goes by the store's clock, which may be wrong by hours: the newest window tells by how much, since it
# was planned (our clock) when the store's clock was at its end; before there is one, the first plan tells. While the
# initial load is under way the frontier stands at its beginning, and the windows it has loaded are the progress.
_PROGRESS = text("""
select
    frontiers.channel_code,
    frontiers.entity,
    frontiers.frontier_at,
    frontiers.initial_done_at is null as is_loading,
    case when frontiers.initial_done_at is not null
        then frontiers.frontier_at + coalesce(
            newest.planned_at - newest.high_at,
            frontiers.planned_at - frontiers.initial_started_at,
            interval '0'
        )
        else loaded.moved_at
    end as progress_at,
    failed.window_count as failed_count
from ops.frontiers as frontiers
left join lateral (
    select windows.planned_at, windows.high_at
    from ops.windows as windows
    where windows.channel_code = frontiers.channel_code
        and windows.entity = frontiers.entity
        and windows.kind in ('incremental', 'snapshot')
        and not windows.is_dry_run
        and windows.state <> 'skipped'
    order by windows.window_id desc
    limit 1
) as newest on true
left join lateral (
    select
        coalesce(max(windows.finished_at) filter (where windows.state = 'done'), min(windows.planned_at)) as moved_at
    from ops.windows as windows
    where windows.channel_code = frontiers.channel_code
        and windows.entity = frontiers.entity
) as loaded on frontiers.initial_done_at is null
left join lateral (
    select count(*) as window_count
    from ops.windows as windows
    where windows.channel_code = frontiers.channel_code
        and windows.entity = frontiers.entity
        and windows.state = 'failed'
        and not windows.is_dry_run
) as failed on true
where frontiers.frontier_at is not null
order by frontiers.channel_code, frontiers.entity
""")


def allowance(channel: Channel, entity: str) -> timedelta:
    """How far behind is still well: some of its intervals, for a store may be slow or down for a moment."""
    return max(TIMES_LATE * channel.interval_of(entity), LEAST_LATE)


def stale(connection: Connection, channels: Iterable[Channel], now: datetime) -> list[Notice]:
    """One notice per entity of an active channel that is further behind than its schedule allows."""
    wanted = {(one.code, entity): one for one in channels if one.active for entity in one.entities}
    found = [(wanted.get((row.channel_code, row.entity)), row) for row in connection.execute(_PROGRESS)]
    return [_notice(channel, row) for channel, row in found if channel and _is_late(channel, row, now)]


def _is_late(channel: Channel, row: Any, now: datetime) -> bool:
    return row.progress_at is not None and bool(now - row.progress_at > allowance(channel, row.entity))


def _notice(channel: Channel, row: Any) -> Notice:
    if row.is_loading:
        state = f"has an initial load that has not moved since {row.progress_at:%Y-%m-%d %H:%M} UTC"
    else:
        state = f"is complete only until {row.frontier_at:%Y-%m-%d %H:%M} UTC by the store's clock"
    if row.failed_count:
        remedy = "read `error` of its failed windows in ops.windows"
    else:
        remedy = f"see that the scheduler runs and that the DAG sync_{row.entity} is not paused"
    due = f"and is due every {_spoken(channel.interval_of(row.entity))}"
    return Notice(
        subject=_subject(channel, row.entity),
        sentence=f"Channel {channel.code}: {row.entity} {state}, {due}: {remedy}.",
        channel_code=channel.code,
        entity=row.entity,
    )


def _spoken(interval: timedelta) -> str:
    minutes = int(interval.total_seconds() // 60)
    return f"{minutes} minutes" if minutes % 60 else f"{minutes // 60} h"


def recovered(
    connection: Connection, channels: Iterable[Channel], lasting: Sequence[Notice], now: datetime
) -> list[Notice]:
    """One notice per entity of these channels that people were told of as stale and that is not any more.

    What is no longer synced is closed without a word.
    """
    still = [notice.subject for notice in lasting]
    return [
        _well(channel, entity)
        for channel in channels
        for over in [memory.resolve(connection, f"{PREFIX}{channel.code}:", still, now)]
        for entity in channel.entities
        if channel.active and _subject(channel, entity) in over
    ]


def _subject(channel: Channel, entity: str) -> str:
    return f"{PREFIX}{channel.code}:{entity}"


def _well(channel: Channel, entity: str) -> Notice:
    return Notice(
        subject=_subject(channel, entity),
        sentence=f"Channel {channel.code}: {entity} is up to date again.",
        channel_code=channel.code,
        entity=entity,
        is_good=True,
    )
