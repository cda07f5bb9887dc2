"""Segments: all members computed, and 1,000 changed orders followed, at 1,000,000 accounts with 1,500,000 orders.

Wall-clock time of each segment's whole refresh with its history; the reports they read are refreshed before and not
counted. Segments whose members change as time passes are computed whole each time, so they are told apart: only the
others are held to the bound. Computing everything at last must find nothing different.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from benchmarks.made_warehouse import change_orders, make
from benchmarks.measure import Measured, Report, timed
from benchmarks.warehouse import fresh_warehouse, running_server, settle
from include.reports.loading import load_reports
from include.reports.refresh import refresh_report
from include.segments.loading import Segment, load_segments
from include.segments.refresh import SegmentOutcome, refresh_segment
from include.warehouse.engine import open_engine

BOUND = 1 / 10
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
FEW = 1_000
Timed = dict[str, tuple[float, SegmentOutcome]]


def run(*, accounts: int = 1_000_000, orders: int = 1_500_000, changed: int = 1_000) -> Report:
    """Make the warehouse, refresh three times, compare segment by segment, and look recipients up."""
    segments = load_segments().segments
    with running_server() as server, fresh_warehouse(server, "bench_segments") as url:
        engine = open_engine(url)
        try:
            make(engine, orders=orders, customers=accounts)
            settle(url)
            _refresh_reports(engine, segments.values())
            first = _refresh(engine, segments, full=False)
            settle(url)
            change_orders(engine, changed)
            _refresh_reports(engine, segments.values())
            followed = _refresh(engine, segments, full=False)
            settle(url)
            whole = _refresh(engine, segments, full=True)
            few = _recipients(engine)
        finally:
            engine.dispose()
    found = _report(
        segments, first, followed, whole, f"{accounts:,} accounts, {changed:,} of {orders:,} orders"
    )
    found.lines.append(few)
    return found


def _refresh_reports(engine: Engine, segments: Iterable[Segment]) -> None:
    reports = load_reports().reports
    wanted = {name for segment in segments for name in segment.contract.report_inputs}
    for name, report in reversed(reports.items()):
        wanted |= set(report.contract.report_inputs) if name in wanted else set()
    for name, report in reports.items():
        if name in wanted:
            refresh_report(engine, report, now=NOW)


def _refresh(engine: Engine, segments: Mapping[str, Segment], *, full: bool) -> Timed:
    found: Timed = {}
    for name, segment in segments.items():
        outcomes: list[SegmentOutcome] = []

        def refresh(segment: Segment = segment, outcomes: list[SegmentOutcome] = outcomes) -> None:
            outcomes.append(refresh_segment(engine, segment, now=NOW, full=full))

        found[name] = (timed(refresh), outcomes[0])
    return found


def _recipients(engine: Engine) -> Measured:
    """How to write to a few, each looked up by the index, against everybody at once."""
    everybody = "select count(email), count(city), count(consent_state) from marketing.account_recipients"
    few = (
        "select count(*) from (select account_key from crm.accounts limit :few) as members"
        " cross join lateral (select * from marketing.account_recipients as found"
        " where found.channel_code = 'bench' and found.member_key = members.account_key offset 0) as found"
    )
    with engine.connect() as connection:
        all_seconds = timed(lambda: connection.execute(text(everybody)).one())
        few_seconds = timed(lambda: connection.execute(text(few), {"few": FEW}).one())
    name = f"recipients: {FEW:,} against everybody"
    return Measured(name=name, value=few_seconds, baseline=all_seconds, bound=BOUND)


def _report(
    segments: Mapping[str, Segment], first: Timed, followed: Timed, whole: Timed, size: str
) -> Report:
    found = Report(title=f"Segments: {size} changed; following against computing everything")
    following = [name for name, segment in segments.items() if segment.contract.refresh.incremental]
    by_time = [name for name in segments if name not in following]
    for name in following:
        found.lines.append(Measured(name=name, value=followed[name][0], baseline=whole[name][0]))
        found.notes.append(
            f"{name}: {whole[name][1].member_count:,} members, made in {first[name][0]:.1f} s, "
            f"{followed[name][1].refresh.rows_written:,} rows written when following."
        )
    seconds = [sum(one[name][0] for name in following) for one in (followed, whole)]
    found.lines.append(Measured(name="all that follow", value=seconds[0], baseline=seconds[1], bound=BOUND))
    for name in by_time:
        found.lines.append(Measured(name=f"whole: {name}", value=followed[name][0], baseline=whole[name][0]))
        found.notes.append(
            f"{name}: {whole[name][1].member_count:,} members, made in {first[name][0]:.1f} s; computed whole: "
            f"{segments[name].contract.refresh.reason}."
        )
    wrong = [name for name in following if whole[name][1].refresh.has_changes or whole[name][1].entered_count]
    if wrong:
        found.lines.append(
            Measured(name="segments that followed wrongly", value=len(wrong), unit="", bound=0)
        )
        found.notes.append(f"Computing everything changed {', '.join(wrong)}: following missed something.")
    return found
