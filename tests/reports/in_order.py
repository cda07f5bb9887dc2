"""Reports together with those they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Engine

from include.reports.loading import load_reports
from include.reports.refresh import RefreshOutcome, refresh_report


def refresh_in_order(engine: Engine, names: Iterable[str], *, now: datetime) -> dict[str, RefreshOutcome]:
    """Refresh these reports, each after those it reads, which are refreshed as well."""
    reports, wanted = load_reports().reports, set(names)
    for name, report in reversed(reports.items()):
        wanted |= set(report.contract.report_inputs) if name in wanted else set()
    return {
        name: refresh_report(engine, report, now=now) for name, report in reports.items() if name in wanted
    }
