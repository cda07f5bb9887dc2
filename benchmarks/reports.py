"""Reports: everything computed, and 1,000 changed orders followed, at 1,000,000 orders of 300,000 customers.

Wall-clock time of each report's whole refresh, checks and comparison with its rows included. First all tables are made;
then orders change and are followed; then everything is computed again, which must find nothing different: so what is
compared is the same work on the same rows, and following is proved right on the way.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Engine

from benchmarks.made_warehouse import change_orders, make
from benchmarks.measure import Measured, Report, timed
from benchmarks.warehouse import fresh_warehouse, running_server, settle
from include.reports import loading
from include.reports.refresh import RefreshOutcome, refresh_report
from include.warehouse.engine import open_engine

BOUND = 1 / 20
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def run(*, orders: int = 1_000_000, customers: int = 300_000, changed: int = 1_000) -> Report:
    """Make the warehouse, refresh three times, and compare report by report."""
    reports = loading.load_reports().reports
    with running_server() as server, fresh_warehouse(server, "bench_reports") as url:
        engine = open_engine(url)
        try:
            make(engine, orders=orders, customers=customers)
            settle(url)
            first = _refresh(engine, reports, full=False)
            settle(url)
            change_orders(engine, changed)
            followed = _refresh(engine, reports, full=False)
            settle(url)
            whole = _refresh(engine, reports, full=True)
        finally:
            engine.dispose()
    return _report(reports, first, followed, whole, f"{orders:,} orders, {changed:,} of them changed")


Timed = dict[str, tuple[float, RefreshOutcome]]


def _refresh(engine: Engine, reports: dict[str, loading.Report], *, full: bool) -> Timed:
    found: Timed = {}
    for name, report in reports.items():
        outcomes: list[RefreshOutcome] = []

        def refresh(report: loading.Report = report, outcomes: list[RefreshOutcome] = outcomes) -> None:
            outcomes.append(refresh_report(engine, report, now=NOW, full=full))

        found[name] = (timed(refresh), outcomes[0])
    return found


def _report(
    reports: dict[str, loading.Report], first: Timed, followed: Timed, whole: Timed, size: str
) -> Report:
    found = Report(title=f"Reports: {size}; following against computing everything")
    for name, report in reports.items():
        found.lines.append(Measured(name=name, value=followed[name][0], baseline=whole[name][0]))
        refresh = report.contract.refresh
        how = "incremental" if refresh.incremental else f"computed whole: {refresh.reason}"
        found.notes.append(
            f"{name}: {whole[name][1].row_count:,} rows, made in {first[name][0]:.1f} s, "
            f"{followed[name][1].rows_written:,} written when following; {how}."
        )
    total = [sum(seconds for seconds, _ in one.values()) for one in (followed, whole)]
    found.lines.append(Measured(name="all reports", value=total[0], baseline=total[1], bound=BOUND))
    different = [name for name, (_, outcome) in whole.items() if outcome.has_changes]
    if different:
        found.lines.append(
            Measured(name="reports that followed wrongly", value=len(different), unit="", bound=0)
        )
        found.notes.append(
            f"Computing everything changed {', '.join(different)}: following missed something."
        )
    return found
