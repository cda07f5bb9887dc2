"""Sums that must agree across reports: `sql/checks/<name>.sql`, run when the reports have been refreshed.

Each file holds statements with severity and sentence, like a report's own checks. Reports are refreshed one after the
other, so in between their sums differ rightly: a file waits until none of its reports has anything left to follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from include.errors import ConfigError
from include.reports.checks import CheckResult, record_checks, run_checks
from include.reports.contract_file import FolderRefusedError
from include.reports.keyed_table import KeyedTable
from include.reports.loading import load_reports
from include.reports.snapshot import snapshot
from include.reports.sql_text import Check, CheckSeverity, read_checks
from include.settings import PROJECT_ROOT
from include.warehouse.definitions import reports_read

CHECKS_FOLDER = PROJECT_ROOT / "sql" / "checks"

_IS_BEHIND = text(
    r"""
    select exists (
        select from ops.refreshes as own inner join ops.touched as touched
            on
                touched.subject = any(:subjects)
                and touched.transaction_id >= own.transaction_position
                -- What was committed beside a long transaction is read again next time, and was seen all the same.
                and not coalesce(
                    pg_visible_in_snapshot(touched.transaction_id, cast(own.read_snapshot as pg_snapshot)), false
                )
        where own.table_name = :table
    ) or not exists (select from ops.refreshes where table_name = :table)
    or exists (
        select from ops.refreshes as own inner join ops.refreshes as input on input.table_name = any(:inputs)
        where own.table_name = :table and :is_whole and input.refreshed_at > own.refreshed_at
    )
    """
).bindparams(bindparam("subjects", type_=ARRAY(Text)), bindparam("inputs", type_=ARRAY(Text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One file.

    Attributes:
        name: of the file; `ops.refresh_checks` has its results under `checks.<name>`.
        reads: the reports in it.
    """

    name: str
    reads: tuple[str, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one file.

    Attributes:
        behind: reports that have not followed everything yet; when there are any, nothing was run.
        results: of its checks, in order.
    """

    name: str
    behind: tuple[str, ...]
    results: Sequence[CheckResult] = ()

    def sentences(self, severity: CheckSeverity) -> list[str]:
        """What is wrong, with the number of rows."""
        return [
            f"{one.sentence} ({one.failed_count})"
            for one in self.results
            if one.failed_count and one.severity is severity
        ]


def load_identities(name: str | None = None, folder: Path = CHECKS_FOLDER) -> list[Identity]:
    """Every file of the folder, or the one of this name.

    Raises:
        ConfigError: one cannot be used, or there is none of this name.
    """
    try:
        found = [_load(path) for path in sorted(folder.glob("*.sql"))]
    except FolderRefusedError as error:
        raise ConfigError(str(error)) from None
    if name and name not in {one.name for one in found}:
        known = ", ".join(one.name for one in found)
        raise ConfigError(f"There is no file sql/checks/{name}.sql: give one of {known}.")
    return [one for one in found if name in (None, "", one.name)]


def _load(path: Path) -> Identity:
    checks = read_checks(path, frozenset({"now"}))
    reads = {name for check in checks for name in reports_read(check.sql)}
    return Identity(name=path.stem, reads=tuple(sorted(reads)), checks=checks)


def check_identities(engine: Engine, identities: Sequence[Identity], *, now: datetime) -> list[Verdict]:
    """Hold the reports against each other, on one snapshot, and keep what was found.

    Raises:
        ConfigError: a check does not run, or names a report that there is not.
    """
    tables = {name: report.table for name, report in load_reports().reports.items()}
    with snapshot(engine, is_readonly=True) as connection:
        verdicts = [_check(connection, one, tables, now) for one in identities]
    with engine.begin() as connection:
        for verdict in verdicts:
            if not verdict.behind:
                record_checks(connection, f"checks.{verdict.name}", verdict.results, now)
    return verdicts


def _check(
    connection: Connection, identity: Identity, tables: Mapping[str, KeyedTable], now: datetime
) -> Verdict:
    unknown = [name for name in identity.reads if name not in tables]
    if unknown:
        raise ConfigError(
            f"sql/checks/{identity.name}.sql reads report.{unknown[0]}, which there is not or is refused: correct it."
        )
    behind = tuple(name for name in identity.reads if _is_behind(connection, tables[name]))
    if behind:
        return Verdict(name=identity.name, behind=behind)
    results = run_checks(connection, f"checks.{identity.name}", identity.checks, {"now": now})
    return Verdict(name=identity.name, behind=(), results=results)


def _is_behind(connection: Connection, table: KeyedTable) -> bool:
    """Whether something it follows, or a report it is computed whole from, is newer than its last refresh."""
    contract = table.contract
    values = {
        "table": table.full_name,
        "subjects": list(contract.refresh.subjects),
        "inputs": [f"report.{name}" for name in contract.report_inputs],
        "is_whole": not contract.refresh.incremental,
    }
    return bool(connection.execute(_IS_BEHIND, values).scalar_one())
