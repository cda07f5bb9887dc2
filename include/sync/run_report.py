"""What a run did, told by the ledger: windows done and failed, rows changed, the first reason for trouble."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

_OUTCOME = """
select
    count(*) as windows,
    coalesce(sum(read_count), 0) as read_count
from ops.windows
where entity = :entity and run_id = :run_id
"""

_LEFT_OVER = """
select
    channel_code,
    count(*) as windows,
    count(*) filter (where is_open) as left_over,
    min(error) filter (where is_open) as error
from (
    select channel_code, error, state in ('planned', 'extracted', 'validated', 'failed') as is_open
    from ops.windows
    where entity = :entity and run_id = :run_id
) as of_run
group by channel_code
having bool_or(is_open)
order by channel_code
"""

# Counted from what was marked: a window that another run commits meanwhile is in both or in neither.
_PUBLISH = """
with told as (
    update ops.windows set published_at = now()
    where entity = :entity and state = 'done' and published_at is null
    returning outcome_json
)
select coalesce(sum(
    (counts.value ->> 'inserted')::bigint + (counts.value ->> 'updated')::bigint
    + (counts.value ->> 'deleted')::bigint
), 0)
from told
cross join jsonb_each(told.outcome_json) as counts
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """One run of one entity, over all channels."""

    windows: int
    read_count: int


def outcome_of(connection: Connection, run_id: str, entity: str) -> RunOutcome:
    """What the windows of a run came to."""
    row = connection.execute(text(_OUTCOME), {"run_id": run_id, "entity": entity}).one()
    return RunOutcome(**{name: int(value) for name, value in row._mapping.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOver:
    """What a run left over of one channel.

    Attributes:
        left_over: windows that are neither done nor replaced.
        error: the first reason; None where a task was interrupted.
    """

    channel_code: str
    windows: int
    left_over: int
    error: str | None


def left_over_of(connection: Connection, run_id: str, entity: str) -> list[LeftOver]:
    """The channels whose windows are not all loaded, each with its first reason."""
    rows = connection.execute(text(_LEFT_OVER), {"run_id": run_id, "entity": entity})
    return [LeftOver(**row._mapping) for row in rows]


def mark_published(connection: Connection, entity: str) -> int:
    """Note that the readers of an entity's tables are told of everything loaded so far.

    Returns:
        Rows inserted, updated or marked deleted that no reader was told of yet, by whichever run: one that was killed
        between loading and telling leaves them to the next.
    """
    return int(connection.execute(text(_PUBLISH), {"entity": entity}).scalar_one())


_COMPARED = """
select
    windows.channel_code,
    counts.key as name,
    counts.value as counts,
    coalesce(windows.changes_json -> counts.key, '[]') as changes
from ops.windows as windows
cross join jsonb_each(windows.outcome_json) as counts
where windows.run_id = :run_id and windows.entity = :entity and windows.state = 'compared'
order by windows.channel_code, windows.window_id
"""


@dataclass(slots=True, kw_only=True)
class Compared:
    """What a dry run would do to one table of one channel.

    Attributes:
        counts: rows by what would become of them: inserted, updated, unchanged, stale, deleted.
        changes: the first rows of each window: key, change, columns.
    """

    channel_code: str
    name: str
    counts: Counter[str] = field(default_factory=Counter)
    changes: list[dict[str, Any]] = field(default_factory=list)


def compared_by(connection: Connection, run_id: str, entity: str) -> list[Compared]:
    """What a dry run found, by channel and table, over all its windows."""
    found: dict[tuple[str, str], Compared] = {}
    for row in connection.execute(text(_COMPARED), {"run_id": run_id, "entity": entity}):
        known = found.setdefault(
            (row.channel_code, row.name), Compared(channel_code=row.channel_code, name=row.name)
        )
        known.counts.update(row.counts)
        known.changes += row.changes
    return list(found.values())
