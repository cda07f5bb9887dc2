"""What a run did, told by the ledger: windows done and failed, rows changed, the first reason for trouble."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

_OUTCOME = """
select
    count(*) as windows,
    count(*) filter (where state = 'done') as done,
    count(*) filter (where state not in ('done', 'superseded')) as left_over,
    min(error) filter (where state not in ('done', 'superseded')) as error,
    coalesce(sum(read_count), 0) as read_count,
    coalesce(sum(rejected_count) filter (where state = 'done'), 0) as rejected,
    coalesce(sum((
        select sum((counts.value ->> 'inserted')::bigint + (counts.value ->> 'updated')::bigint
            + (counts.value ->> 'deleted')::bigint)
        from jsonb_each(outcome_json) as counts
    )) filter (where state = 'done'), 0) as changed
from ops.windows
where run_id = :run_id and entity = :entity
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """One run of one entity, over all channels.

    Attributes:
        left_over: windows that are neither done nor replaced.
        changed: rows inserted, updated or marked deleted.
    """

    windows: int
    done: int
    left_over: int
    error: str | None
    read_count: int
    rejected: int
    changed: int


def outcome_of(connection: Connection, run_id: str, entity: str) -> RunOutcome:
    """What the windows of a run came to."""
    row = connection.execute(text(_OUTCOME), {"run_id": run_id, "entity": entity}).one()
    counts = {name: int(value) for name, value in row._mapping.items() if name != "error"}
    return RunOutcome(error=row.error, **counts)
