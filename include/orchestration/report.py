"""The verb report as Airflow tasks: every folder of sql/reports, each on its own."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from airflow.sdk import get_current_context, task

from include.errors import ConfigError
from include.orchestration import lineage, resources
from include.orchestration.failures import spoken

log = logging.getLogger(__name__)


@task
def list_reports() -> list[str]:
    """The reports to refresh: the one the form asks for, else all whose folder is in order."""
    from include.reports.loading import get_report, load_reports

    asked = get_current_context()["params"].get("report")
    with spoken():
        return [get_report(asked).name] if asked else list(load_reports().reports)


@task(map_index_template="{{ report_name }}")
def report(name: str) -> None:
    """Bring one report up to date; it follows what changed, or is computed anew when the form says so."""
    from include.reports.loading import get_report
    from include.reports.refresh import refresh_report

    context = get_current_context()
    context["report_name"] = name  # type: ignore[typeddict-unknown-key]
    is_full = bool(context["params"].get("full"))
    with spoken(), resources.open_warehouse() as engine:
        wanted = get_report(name)
        lineage.reads_tables(engine, wanted.contract.input_tables)
        lineage.writes_tables(engine, [wanted.table.full_name])
        outcome = refresh_report(engine, wanted, now=datetime.now(UTC), full=is_full)
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


@task(retries=0)
def check_reports() -> None:
    """Keep the run red while a folder is refused: its table would grow old in silence."""
    from include.reports.loading import load_reports

    with spoken():
        refused = load_reports().refused
        if refused:
            raise ConfigError(" ".join(refusal.sentence for refusal in refused))
