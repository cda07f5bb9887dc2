"""Refreshing a table: one transaction, in which only rows that differ are written.

The transaction reads one snapshot throughout (repeatable read): rows, position and complete-until belong together, and
a window that commits meanwhile is for the next refresh. Readers see the old contents until the commit, then the new.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, inspect, select
from sqlalchemy.dialects.postgresql import insert

from include.errors import ConfigError, TransientError
from include.reports.checks import CheckResult, ChecksFailedError, record_checks, refuse_failed, run_checks
from include.reports.completeness import CompleteUntil, as_json, complete_until, record_complete_until
from include.reports.contents import Written, compute_rows, contract_results, write_rows
from include.reports.keyed_table import KeyedTable, make_table
from include.reports.loading import Report
from include.reports.position import Position, find_position
from include.reports.scope import make_scope
from include.reports.snapshot import snapshot
from include.reports.sql_text import CheckSeverity
from include.reports.tables import REFRESHES
from include.reports.temporary import analyze

logger = logging.getLogger(__name__)
# Its statements run once each. A server that compiles them (the embedded one does not) spends longer on that than on a
# day's changes: two rounds of two reports, a segment and its file with two orders took it 4.3 s of processor time, and
# 0.7 s without.
_PLANNED_FOR_A_REFRESH = "set local jit = off"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""What `:refreshed_at` is for a scope that computes everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshOutcome:
    """What one refresh did.

    Attributes:
        table_name: the table with its schema.
        is_full: whether everything was computed.
        reason: why it was full, or what was followed.
        row_count: rows of the table afterwards.
        rows_written: rows that were new or different.
        rows_deleted: rows that were taken out.
        rows_unchanged: rows that were computed and found equal.
        complete_until: by channel; None while an initial load is under way.
        warnings: sentences of the `warn` checks that found rows, with their number.
    """

    table_name: str
    is_full: bool
    reason: str
    row_count: int
    rows_written: int
    rows_deleted: int
    rows_unchanged: int
    complete_until: CompleteUntil
    warnings: tuple[str, ...]

    @property
    def has_changes(self) -> bool:
        """Whether readers see anything new."""
        return self.rows_written + self.rows_deleted > 0


AfterWriting = Callable[[Connection, RefreshOutcome], None]


def refresh_report(engine: Engine, report: Report, *, now: datetime, full: bool = False) -> RefreshOutcome:
    """Bring a report up to date.

    Args:
        engine: on the migrated warehouse, definitions created.
        report: from `load_reports`.
        now: the instant of the refresh, with a zone; bound as `:now`.
        full: compute everything, whatever was touched.

    Raises:
        ConfigError: its SQL does not run, a report it reads was never refreshed, or someone's view hangs on a table
            that has to be made anew.
        DataError: a `fail` check found rows; the previous contents stay.
        TransientError: the same table is being refreshed elsewhere.
    """

    def show_complete_until(connection: Connection, outcome: RefreshOutcome) -> None:
        record_complete_until(connection, report.name, outcome.complete_until, now)

    return refresh_table(engine, report.table, now=now, full=full, after=show_complete_until)


def refresh_table(
    engine: Engine, table: KeyedTable, *, now: datetime, full: bool = False, after: AfterWriting
) -> RefreshOutcome:
    """The same for any table that a query fills; `after` runs in the same transaction, when all checks have passed."""
    try:
        with snapshot(engine) as connection:
            connection.exec_driver_sql(_PLANNED_FOR_A_REFRESH)
            outcome = _refresh(connection, table, now, full)
            after(connection, outcome)
    except ChecksFailedError as failed:
        with engine.begin() as connection:
            record_checks(connection, table.full_name, failed.results, now)
        raise
    return outcome


def _refresh(connection: Connection, table: KeyedTable, now: datetime, full: bool) -> RefreshOutcome:
    started = time.monotonic()
    _lock(connection, table)
    _refuse_missing_inputs(connection, table)
    position = find_position(connection, table, full=full)
    values = {**table.contract.parameter_values, "now": now, "refreshed_at": position.refreshed_at or NEVER}
    make_scope(connection, table, position, values)
    incoming = compute_rows(connection, table, values)
    contract_checks = contract_results(connection, table, incoming)
    refuse_failed(table.full_name, contract_checks)
    target = table.sql_table()
    if position.must_be_made:
        make_table(connection, target, keeps_rows=table.contract.refresh.keeps_the_past)
    written = write_rows(connection, table, target, incoming, is_full=position.since is None)
    if position.since is None and written.written:
        # Reports made of this one come next, before the server would look at a table full of new rows by itself.
        analyze(connection, target)
    known = complete_until(connection, table.contract, now)
    results = [*contract_checks, *_freshness(table, known, now), *_own_checks(connection, table, values)]
    refuse_failed(table.full_name, results)
    record_checks(connection, table.full_name, results, now)
    outcome = _outcome(
        table, position, _row_count(connection, target, position, written), written, known, results
    )
    _record(connection, table, position, outcome, now, time.monotonic() - started)
    return outcome


def _lock(connection: Connection, table: KeyedTable) -> None:
    """One refresh at a time. It does not wait: the snapshot is taken by the first statement and would be old then."""
    number = func.hashtextextended(f"refresh {table.full_name}", 0)
    if not connection.execute(select(func.pg_try_advisory_xact_lock(number))).scalar_one():
        raise TransientError(f"{table.full_name} is being refreshed by another run: try again in a minute.")


def _refuse_missing_inputs(connection: Connection, table: KeyedTable) -> None:
    for name in table.contract.report_inputs:
        if not inspect(connection).has_table(name, schema="report"):
            raise ConfigError(
                f"{table.full_name} is made of report.{name}, which was never refreshed: refresh that one first."
            )


def _row_count(connection: Connection, target: Table, position: Position, written: Written) -> int:
    """Rows afterwards; millions are not counted again for a thousand that changed."""
    if position.row_count is not None:
        return position.row_count + written.inserted - written.deleted
    return connection.execute(select(func.count()).select_from(target)).scalar_one()


def _own_checks(connection: Connection, table: KeyedTable, values: Mapping[str, Any]) -> list[CheckResult]:
    return run_checks(connection, table.full_name, table.checks, values)


def _freshness(table: KeyedTable, known: CompleteUntil, now: datetime) -> list[CheckResult]:
    if table.freshness is None:
        return []
    old = [channel for channel, until in known.items() if until is None or until < now - table.freshness]
    return [
        CheckResult(
            severity=CheckSeverity.WARN,
            sentence="Channels whose data is older than the contract allows, or still being loaded.",
            failed_count=len(old),
            sample=[{"channel_code": channel} for channel in old],
        )
    ]


def _outcome(
    table: KeyedTable,
    position: Position,
    row_count: int,
    written: Written,
    known: CompleteUntil,
    results: list[CheckResult],
) -> RefreshOutcome:
    return RefreshOutcome(
        table_name=table.full_name,
        is_full=position.since is None,
        reason=position.reason,
        row_count=row_count,
        rows_written=written.written,
        rows_deleted=written.deleted,
        rows_unchanged=written.unchanged,
        complete_until=known,
        warnings=tuple(f"{r.sentence} ({r.failed_count})" for r in results if r.failed_count),
    )


def _record(
    connection: Connection,
    table: KeyedTable,
    position: Position,
    outcome: RefreshOutcome,
    now: datetime,
    seconds: float,
) -> None:
    row = {
        "table_name": table.full_name,
        "contract_hash": table.contract_hash,
        "basis_hash": position.basis_hash,
        "transaction_position": str(position.oldest_running),
        "read_snapshot": position.read_snapshot,
        "server_id": position.server_id,
        "refreshed_at": now,
        "is_full": outcome.is_full,
        "reason": outcome.reason,
        "row_count": outcome.row_count,
        "written_count": outcome.rows_written,
        "deleted_count": outcome.rows_deleted,
        "unchanged_count": outcome.rows_unchanged,
        "duration_seconds": seconds,
        "complete_until_json": as_json(outcome.complete_until),
    }
    statement = insert(REFRESHES).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["table_name"], set_=row))
    logger.info(
        "refreshed table=%s full=%s rows=%s written=%s deleted=%s unchanged=%s warnings=%s seconds=%.2f",
        *(outcome.table_name, outcome.is_full, outcome.row_count, outcome.rows_written, outcome.rows_deleted),
        *(outcome.rows_unchanged, len(outcome.warnings), seconds),
    )
