"""Old rows of schema ops, of what was asked of stores and of tasks: what may go, and how it goes in bounded steps.

The ledger keeps what arithmetic needs: windows that may still move a frontier, and affected keys from the oldest
position that a report or segment follows. One that has not been refreshed for too long is given up: it computes
everything anew next time, instead of keeping every change since for all others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from include.reports.position import oldest_followed
from include.retention.steps import delete_in_steps


@dataclass(frozen=True, slots=True)
class Rule:
    """Which rows of a table may go.

    Attributes:
        table: with its schema.
        condition: SQL about one row, called `old`; :ledger, :checks, ... are the instants of `Limits.before`.
    """

    table: str
    condition: str


RULES = (
    # First, since what it gives up decides what the others may lose.
    Rule("ops.refreshes", "old.refreshed_at < :touched"),
    Rule("ops.touched", "old.transaction_id < cast(cast(:followed as text) as xid8)"),
    Rule("ops.validation_results", "old.checked_at < :checks"),
    Rule("ops.quarantine", "old.resolved_at < :quarantine"),
    Rule("crm.outbox", "old.finished_at < :write_back"),
    Rule(
        "ops.write_back_log",
        "not exists (select from crm.outbox where outbox.outbox_id = old.outbox_id)",
    ),
    Rule(
        "ops.write_back_decisions",
        "not exists (select from crm.outbox where outbox.outbox_id = old.outbox_id)",
    ),
    Rule("crm.tasks", "old.closed_at < :tasks"),
    Rule("ops.notices", "coalesce(old.resolved_at, old.last_told_at) < :ledger"),
    Rule("ops.refresh_checks", "old.checked_at < :checks and to_regclass(old.table_name) is null"),
    Rule(
        "report.complete_until",
        "old.refreshed_at < :checks and to_regclass('report.' || old.report_name) is null",
    ),
    Rule(
        "ops.windows",
        """
        old.finished_at < :ledger and (
            old.state in ('superseded', 'compared')
            or old.state = 'done' and old.published_at is not null and not exists (
                select from ops.frontiers
                where
                    old.kind = 'incremental'
                    and frontiers.channel_code = old.channel_code
                    and frontiers.entity = old.entity
                    and frontiers.frontier_at < old.high_at
            )
        )
        """,
    ),
)

_TOUCHED_SINCE = """
select min(touched.transaction_id::text::bigint)
from ops.touched as touched inner join ops.windows as windows using (window_id)
where windows.finished_at >= :recent
"""


def prune_rows(engine: Engine, before: Mapping[str, datetime], *, is_dry: bool = False) -> dict[str, int]:
    """Delete what is old, table by table; running it again goes on where it stopped.

    Args:
        engine: the warehouse.
        before: instants by name, from `Limits.before`.
        is_dry: only count.

    Returns:
        Rows that went, or would go, by table.
    """
    return {rule.table: (_count if is_dry else _delete)(engine, rule, before) for rule in RULES}


def _values(engine: Engine, rule: Rule, before: Mapping[str, datetime]) -> dict[str, object]:
    values: dict[str, object] = {name: at for name, at in before.items() if f":{name}" in rule.condition}
    if ":followed" in rule.condition:
        values["followed"] = str(_oldest_needed(engine, before["recent"]))
    return values


def _oldest_needed(engine: Engine, recent: datetime) -> int:
    """Where followers read on; a refresh under way has noted no position yet, hence not what the last day touched."""
    with engine.connect() as connection:
        young = connection.execute(text(_TOUCHED_SINCE), {"recent": recent}).scalar_one()
        followed = oldest_followed(connection)
    return followed if young is None else min(followed, int(young))


def _count(engine: Engine, rule: Rule, before: Mapping[str, datetime]) -> int:
    statement = text(f"select count(*) from {rule.table} as old where {rule.condition}")  # noqa: S608 - our own
    with engine.connect() as connection:
        return int(connection.execute(statement, _values(engine, rule, before)).scalar_one())


def _delete(engine: Engine, rule: Rule, before: Mapping[str, datetime]) -> int:
    return delete_in_steps(engine, rule.table, rule.condition, _values(engine, rule, before))
