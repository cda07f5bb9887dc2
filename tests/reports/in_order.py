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
    return {name: refresh_report(engine, _reports()[name], now=now) for name in with_inputs(*names)}


def with_inputs(*names: str) -> list[str]:
    """These reports and those they are made of, each after those it reads."""
    wanted = set(names)
    for name, report in reversed(_reports().items()):
        wanted |= set(report.contract.report_inputs) if name in wanted else set()
    return [name for name in _reports() if name in wanted]
