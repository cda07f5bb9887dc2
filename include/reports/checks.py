"""Checks of a table: run inside its refresh, on what readers are about to see.

A failed `fail` check undoes the refresh, and the old contents stay; what the checks said is kept either way. Checks may
read `refresh_scope` (see scope.py), so that they cost what changed and not what exists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, literal_column, select

from include.errors import DataError
from include.reports.running import explained, wrapped
from include.reports.sql_text import Check, CheckSeverity, parameters_of
from include.reports.tables import REFRESH_CHECKS

SAMPLE_SIZE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """What one check found.

    Attributes:
        failed_count: rows that are wrong; 0 when it passed.
        sample: the first of them.
    """

    severity: CheckSeverity
    sentence: str
    failed_count: int
    sample: Sequence[Mapping[str, Any]] = ()


class ChecksFailedError(DataError):
    """A `fail` check found rows: the refresh was undone.

    Attributes:
        results: what all checks said, to be kept although the refresh is gone.
    """

    def __init__(self, full_name: str, results: Sequence[CheckResult]) -> None:
        failed = [r for r in results if r.failed_count and r.severity is CheckSeverity.FAIL]
        more = f" (and {len(failed) - 1} more failed)" if len(failed) > 1 else ""
        rows = "row" if failed[0].failed_count == 1 else "rows"
        super().__init__(
            f"{full_name} was not refreshed and keeps its previous contents, because a check failed{more}: "
            f"{failed[0].sentence.rstrip('.')} ({failed[0].failed_count} {rows}). "
            f"Look at ops.refresh_checks where table_name = '{full_name}' for the rows, and mend the data or the query."
        )
        self.results = tuple(results)


def run_checks(
    connection: Connection, full_name: str, checks: Sequence[Check], values: Mapping[str, Any]
) -> list[CheckResult]:
    """Run every check, in order.

    Raises:
        ConfigError: a check does not run.
    """
    return [_run(connection, full_name, number, check, values) for number, check in enumerate(checks, 1)]


def _run(
    connection: Connection, full_name: str, number: int, check: Check, values: Mapping[str, Any]
) -> CheckResult:
    found = wrapped(check.sql, "found")
    as_json = func.to_jsonb(literal_column("found"))
    statement = select(as_json.label("offending"), func.count().over().label("total")).select_from(found)
    used = {name: values[name] for name in parameters_of(check.sql)}
    with explained(f"Check {number} of {full_name}"):
        rows = connection.execute(statement.limit(SAMPLE_SIZE), used).all()
    return CheckResult(
        severity=check.severity,
        sentence=check.sentence,
        failed_count=rows[0].total if rows else 0,
        sample=[row.offending for row in rows],
    )


def refuse_failed(full_name: str, results: Sequence[CheckResult]) -> None:
    """Stop the refresh when a `fail` check found rows.

    Raises:
        ChecksFailedError: one did.
    """
    if any(r.failed_count and r.severity is CheckSeverity.FAIL for r in results):
        raise ChecksFailedError(full_name, results)


def record_checks(
    connection: Connection, full_name: str, results: Sequence[CheckResult], now: datetime
) -> None:
    """Keep what the checks of a table said, in place of what they said before."""
    connection.execute(delete(REFRESH_CHECKS).where(REFRESH_CHECKS.c.table_name == full_name))
    rows = [
        {
            "table_name": full_name,
            "check_number": number,
            "severity": result.severity.value,
            "sentence": result.sentence,
            "is_success": result.failed_count == 0,
            "failed_count": result.failed_count,
            "sample_json": list(result.sample),
            "checked_at": now,
        }
        for number, result in enumerate(results, 1)
    ]
    if rows:
        connection.execute(insert(REFRESH_CHECKS), rows)
