"""The verb report as Airflow tasks: one per folder of sql/reports, after those whose tables it reads."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import Asset, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException

from include.errors import ConfigError, DataError
from include.orchestration import lineage, resources
from include.orchestration.failures import spoken
from include.reports.areas import inputs_of_area

log = logging.getLogger(__name__)


def refresh_area(area: str) -> None:
    """The tasks of one area's DAG: a task per report, in the order in which they feed one another."""
    check_reports()
    inputs = inputs_of_area(area)
    tasks = {f"report.{name}": _refresh(name) for name in inputs}
    for name, tables in inputs.items():
        for table in tables:
            if table in tasks:
                tasks[table] >> tasks[f"report.{name}"]


def _refresh(name: str) -> Any:
    told = task(task_id=name, outlets=[Asset(name=f"report.{name}")], trigger_rule="none_failed")
    return told(refresh_one)(name)


def refresh_one(name: str) -> None:
    """Bring one report up to date; it follows what changed, or is computed anew when the form says so."""
    from include.reports.loading import get_report
    from include.reports.refresh import refresh_report

    asked = get_current_context()["params"]
    if asked.get("report") not in (None, "", name):
        raise AirflowSkipException("Another report was asked for.")
    with spoken(), resources.open_warehouse() as engine:
        wanted = get_report(name)
        lineage.reads_tables(engine, wanted.contract.input_tables)
        lineage.writes_tables(engine, [wanted.table.full_name])
        outcome = refresh_report(engine, wanted, now=datetime.now(UTC), full=bool(asked.get("full")))
    for warning in outcome.warnings:
        log.warning("report=%s %s", name, warning)
    log.info(
        "report=%s full=%s written=%s deleted=%s unchanged=%s",
        name,
        outcome.is_full,
        outcome.rows_written,
        outcome.rows_deleted,
        outcome.rows_unchanged,
    )
    if not outcome.has_changes:
        raise AirflowSkipException("No rows changed.")


@task(retries=0)
def check_reports() -> None:
    """Keep the run red while a folder is refused, or none has the name asked for: a table would grow old in silence."""
    from include.reports.loading import get_report, load_reports

    asked = get_current_context()["params"].get("report")
    with spoken():
        refused = load_reports().refused
        if refused:
            raise ConfigError(" ".join(refusal.sentence for refusal in refused))
        if asked:
            get_report(asked)


@task(retries=0)
def check_sums() -> None:
    """Compare the sums of the reports with each other."""
    from include.reports.identities import check_identities, load_identities
    from include.reports.sql_text import CheckSeverity

    with spoken(), resources.open_warehouse() as engine:
        asked = get_current_context()["params"].get("file")
        verdicts = check_identities(engine, load_identities(asked), now=datetime.now(UTC))
        for verdict in verdicts:
            if verdict.behind:
                log.info("checks=%s waits for %s", verdict.name, ", ".join(verdict.behind))
            for sentence in verdict.sentences(CheckSeverity.WARN):
                log.warning("checks=%s %s", verdict.name, sentence)
        wrong = [
            f"{sentence.rstrip('.')}: see ops.refresh_checks where table_name = 'checks.{verdict.name}'."
            for verdict in verdicts
            for sentence in verdict.sentences(CheckSeverity.FAIL)
        ]
        if wrong:
            raise DataError(" ".join(wrong))
