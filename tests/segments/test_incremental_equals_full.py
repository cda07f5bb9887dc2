from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from include.segments.loading import Segment, load_segments
from include.segments.refresh import refresh_segment
from tests.reports.changes import change
from tests.reports.in_order import refresh_in_order
from tests.reports.test_incremental_equals_full import ZONES, changes, later
from tests.sql.sample_warehouse import add_rows, all_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
FIRST_OF_BASE = {
    (segment.table.query, segment.table.scope): segment
    for segment in reversed(load_segments().segments.values())
}
SEGMENTS: dict[str, Segment] = {segment.name: segment for segment in FIRST_OF_BASE.values()}
"""One of those that are made by one query: the others differ from it by a setting."""
REPORTS = sorted({name for segment in SEGMENTS.values() for name in segment.contract.report_inputs})


def refresh(engine: Engine, now: datetime, *, full: bool = False) -> None:
    if not full:
        refresh_in_order(engine, REPORTS, now=now)
    for segment in SEGMENTS.values():
        refresh_segment(engine, segment, now=now, full=full)


def contents(engine: Engine) -> dict[str, list[str]]:
    return {name: sorted(repr(row) for row in all_rows(engine, f"marketing.{name}")) for name in SEGMENTS}


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failing example takes minutes to make small
)
@given(st.lists(st.lists(changes(), min_size=20, max_size=40), min_size=2, max_size=2))
def test_following_what_windows_touched_equals_computing_everything(
    warehouse: Engine, windows: list[list[tuple[str, dict[str, Any]]]]
) -> None:
    """Members and their history; days go by between the refreshes, for some go by the calendar alone."""
    if not rows_of(warehouse, "select from ops.channels"):
        channels = [{"channel_code": code, "timezone": zone} for code, zone in ZONES.items()]
        add_rows(warehouse, {"ops.channels": channels})
        refresh(warehouse, NOW)

    for window in windows:
        now = later(warehouse)
        with warehouse.begin() as connection:
            for table, row in window:
                change(connection, table, row)
        refresh(warehouse, now)
    followed = contents(warehouse)
    members = rows_of(warehouse, "select * from marketing.segment_members order by membership_id")

    refresh(warehouse, now, full=True)

    assert followed == contents(warehouse)
    assert members == rows_of(warehouse, "select * from marketing.segment_members order by membership_id")
    for name, segment in SEGMENTS.items():
        current = {
            (row["channel_code"], row["member_key"])
            for row in members
            if row["segment_name"] == name and row["left_at"] is None
        }
        kept = all_rows(warehouse, f"marketing.{name}")
        assert current == {(row["channel_code"], row[segment.contract.member_key]) for row in kept}
