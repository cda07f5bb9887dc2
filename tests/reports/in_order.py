"""Reports together with those they are made of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from sqlalchemy import Engine

from include.reports.loading import Report, load_reports
from include.reports.refresh import RefreshOutcome, refresh_report


@cache
def _reports() -> dict[str, Report]:
    return load_reports().reports


def refresh_in_order(engine: Engine, names: Iterable[str], *, now: datetime) -> dict[str, RefreshOutcome]:
    """Refresh these reports, each after those it reads, which are refreshed as well."""
    reports, wanted = _reports(), set(names)
    for name, report in reversed(reports.items()):
        wanted |= set(report.contract.report_inputs) if name in wanted else set()
    return {
        name: refresh_report(engine, report, now=now) for name, report in reports.items() if name in wanted
    }
