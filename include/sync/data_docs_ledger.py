"""What the ledger says about the checks of a run, all its windows summed; read for Data Docs.

A run that found nothing to check leaves no results, so the latest run here is the latest that had rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, text

from include.entities.model import Severity

SHOWN_KEYS = 20
"""Keys of failed rows shown for each check."""

_RUN = """
select
    pairs.channel_code,
    coalesce(channels.channel_name, pairs.channel_code) as channel_name,
    pairs.entity,
    latest.run_id,
    sums.checked_at,
    sums.windows,
    sums.not_loaded,
    sums.checks,
    sums.rejecting,
    sums.warning
from (
    select channel_code, entity
    from ops.windows
    where channel_code = coalesce(:channel_code, channel_code) and entity = coalesce(:entity, entity)
    group by channel_code, entity
) as pairs
left join ops.channels as channels using (channel_code)
cross join lateral (
    select windows.run_id
    from ops.windows as windows
    where windows.channel_code = pairs.channel_code
        and windows.entity = pairs.entity
        and windows.run_id = coalesce(:run_id, windows.run_id)
        and exists (select from ops.validation_results as results where results.window_id = windows.window_id)
    order by windows.started_at desc nulls last, windows.window_id desc
    limit 1
) as latest
cross join lateral (
    select
        max(results.checked_at) as checked_at,
        count(distinct windows.window_id) as windows,
        count(distinct windows.window_id) filter (where windows.state = 'failed') as not_loaded,
        count(distinct (results.table_name, results.rule)) as checks,
        count(distinct (results.table_name, results.rule))
            filter (where not results.is_success and results.severity = 'reject') as rejecting,
        count(distinct (results.table_name, results.rule))
            filter (where not results.is_success and results.severity = 'warn') as warning
    from ops.windows as windows
    inner join ops.validation_results as results using (window_id)
    where windows.run_id = latest.run_id
        and windows.channel_code = pairs.channel_code
        and windows.entity = pairs.entity
) as sums
order by pairs.channel_code, pairs.entity
"""

# min(severity): should a release have changed it in mid-run, the gravest, as the words happen to sort.
_CHECKS = """
select
    results.table_name,
    results.rule,
    min(results.severity) as severity,
    sum(results.evaluated_count)::bigint as evaluated,
    sum(results.failed_count)::bigint as failed,
    coalesce(min(failed.failed_keys), '{}') as failed_keys
from ops.windows as windows
inner join ops.validation_results as results using (window_id)
left join (
    select
        results.table_name,
        results.rule,
        (array_agg(distinct keys.failed_key order by keys.failed_key))[1 : :shown] as failed_keys
    from ops.windows as windows
    inner join ops.validation_results as results using (window_id)
    cross join lateral jsonb_array_elements_text(results.failed_keys_json) as keys(failed_key)
    where windows.channel_code = :channel_code and windows.entity = :entity and windows.run_id = :run_id
        and results.failed_count > 0
    group by results.table_name, results.rule
) as failed using (table_name, rule)
where windows.channel_code = :channel_code and windows.entity = :entity and windows.run_id = :run_id
group by results.table_name, results.rule
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSum:
    """The latest checked run of a channel's entity.

    Attributes:
        checked_at: when the last of its windows was checked.
        windows: windows with rows to check; `not_loaded` of them have failed.
        checks: rules that ran; `rejecting` and `warning` of them found rows that did not pass.
    """

    channel_code: str
    channel_name: str
    entity: str
    run_id: str
    checked_at: datetime
    windows: int
    not_loaded: int
    checks: int
    rejecting: int
    warning: int

    @property
    def state(self) -> str:
        """stopped, rejecting, warning or passed: the gravest of what happened."""
        if self.not_loaded:
            return "stopped"
        return "rejecting" if self.rejecting else "warning" if self.warning else "passed"

    @property
    def outcome(self) -> str:
        """What happened, for people."""
        found = (
            (self.not_loaded, f"{self.not_loaded} of {self.windows} windows did not load"),
            (self.rejecting, f"{_checks(self.rejecting)} set records aside"),
            (self.warning, f"{_checks(self.warning)} found something to look at"),
        )
        return "; ".join(words for count, words in found if count) or "All checks passed"


def _checks(count: int) -> str:
    return "1 check" if count == 1 else f"{count} checks"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSum:
    """One check over all windows of a run: rows looked at, rows that did not pass, the first of their keys."""

    table_name: str
    rule: str
    severity: Severity
    evaluated: int
    failed: int
    failed_keys: tuple[str, ...]


def run_of(connection: Connection, channel_code: str, entity: str, run_id: str | None) -> RunSum | None:
    """A run of a channel's entity, the latest unless one is named; None where it has checked nothing."""
    found = _runs(connection, {"channel_code": channel_code, "entity": entity, "run_id": run_id})
    return found[0] if found else None


def latest_runs(connection: Connection) -> Sequence[RunSum]:
    """The latest checked run of every channel's entity."""
    return _runs(connection, {"channel_code": None, "entity": None, "run_id": None})


def _runs(connection: Connection, values: dict[str, Any]) -> list[RunSum]:
    return [RunSum(**row._mapping) for row in connection.execute(text(_RUN), values)]


def checks_of(connection: Connection, run: RunSum) -> dict[tuple[str, str], CheckSum]:
    """The checks of a run by table and rule."""
    values = {
        "channel_code": run.channel_code,
        "entity": run.entity,
        "run_id": run.run_id,
        "shown": SHOWN_KEYS,
    }
    sums = (
        CheckSum(
            **{**row._mapping, "severity": Severity(row.severity), "failed_keys": tuple(row.failed_keys)}
        )
        for row in connection.execute(text(_CHECKS), values)
    )
    return {(check.table_name, check.rule): check for check in sums}
