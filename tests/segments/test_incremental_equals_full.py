from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from include.segments.loading import Segment, load_segments
from include.segments.refresh import refresh_segment
from include.warehouse.schema import CRM
from tests.reports.changes import change
from tests.reports.in_order import refresh_in_order
from tests.reports.test_incremental_equals_full import INSTANTS, later
from tests.sql.sample_warehouse import add_rows, all_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
FOLLOWING = [one for one in load_segments().segments.values() if one.contract.refresh.incremental]
SEGMENTS: dict[str, Segment] = {
    segment.name: segment
    for segment in {(one.table.query, one.table.scope): one for one in reversed(FOLLOWING)}.values()
}
"""One of those that are made by one query: the others differ from it by a setting."""
REPORTS = sorted({name for segment in SEGMENTS.values() for name in segment.contract.report_inputs})
ONE_OF_TWO = st.sampled_from(["main:1", "main:2"])
"""So few that most changes concern somebody who is in a segment, or nearly so."""
ONE_OF_FOUR = st.integers(1, 4).map(lambda number: f"main:{number}")
ADDRESSES = st.sampled_from(["1@example.com", "2@example.com", None])
TABLES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "orders": {
        "order_key": ONE_OF_FOUR,
        "customer_key": ONE_OF_TWO,
        "state": st.sampled_from(["complete", "complete", "complete", "canceled"]),
        "source_created_at": INSTANTS,
        "base_currency_code": st.just("EUR"),
        "base_subtotal_amount": st.just(10),
        "base_discount_amount": st.sampled_from([0, 0, -1]),
        "coupon_code": st.sampled_from([None, "TEN", "TEN"]),
    },
    "credit_memos": {
        "credit_memo_key": ONE_OF_FOUR,
        "order_key": ONE_OF_FOUR,
        "base_currency_code": st.just("EUR"),
        "base_subtotal_amount": st.just(10),
        "deleted_at": st.sampled_from([None, None, NOW]),
    },
    "customers": {
        "customer_key": ONE_OF_TWO,
        "account_key": st.sampled_from(["main:1", "main:2", None]),
        "email_normalised": ADDRESSES,
    },
    # Of an entry only the customer and the state change: history tells what its address was, and is not written here.
    "newsletter_subscribers": {
        "newsletter_subscriber_key": ONE_OF_TWO,
        "customer_key": st.sampled_from([None, None, "main:1", "main:2"]),
        "status": st.sampled_from(["subscribed", "unsubscribed"]),
    },
}
Change = tuple[str, dict[str, Any], int]


@st.composite
def changes(draw: Any) -> Change:
    """A table, a row, and which of its columns changes where the row is known."""
    table = draw(st.sampled_from([*TABLES, "orders"]))
    row = {name: draw(values) for name, values in TABLES[table].items()}
    if table == "newsletter_subscribers":
        row["email_normalised"] = f"{row['newsletter_subscriber_key'].removeprefix('main:')}@example.com"
    return table, {"channel_code": "main", **row}, draw(st.integers(0, 9))


def apply(connection: Connection, drawn: Change) -> None:
    """Write a row that is new, and one column of a row that is known: nothing else shall tell of it."""
    table, row, place = drawn
    known = CRM[table]
    key = next(iter(known.primary_key)).name
    found = connection.execute(select(known).where(known.c[key] == row[key])).mappings().one_or_none()
    if found is not None:
        name = sorted(row)[place % len(row)]
        row = {**{column: found[column] for column in row}, name: row[name]}
    change(connection, table, row)


def refresh(engine: Engine, now: datetime, *, full: bool = False) -> None:
    if not full:
        refresh_in_order(engine, REPORTS, now=now)
    for segment in SEGMENTS.values():
        refresh_segment(engine, segment, now=now, full=full)


def contents(engine: Engine) -> dict[str, list[str]]:
    return {name: sorted(repr(row) for row in all_rows(engine, f"marketing.{name}")) for name in SEGMENTS}


def members(engine: Engine) -> list[dict[str, Any]]:
    return rows_of(engine, "select * from marketing.segment_members order by membership_id")


def begin(engine: Engine, rows: list[Change]) -> None:
    """A shop in which each of the segments has members, or nearly so."""
    add_rows(engine, {"ops.channels": [{"channel_code": "main"}]})
    with engine.begin() as connection:
        for drawn in rows:
            apply(connection, drawn)
    refresh(engine, NOW)


# Windows of a change or two: of more, each would touch everybody, and no scope could be too narrow. Not shrunk:
# examples share a warehouse, so that a smaller one is another history, and proves nothing about the first.
@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(
    st.lists(changes(), min_size=20, max_size=30),
    st.lists(st.lists(changes(), min_size=1, max_size=2), min_size=10, max_size=12),
)
def test_following_what_windows_touched_equals_computing_everything(
    warehouse: Engine, first: list[Change], windows: list[list[Change]]
) -> None:
    """Members and their history; days go by between the refreshes."""
    if not rows_of(warehouse, "select from ops.channels"):
        begin(warehouse, first)

    for window in windows:
        now = later(warehouse)
        with warehouse.begin() as connection:
            for drawn in window:
                apply(connection, drawn)
        refresh(warehouse, now)
        followed, told = contents(warehouse), members(warehouse)

        refresh(warehouse, now, full=True)

        assert followed == contents(warehouse)
        assert told == members(warehouse)

    for name, segment in SEGMENTS.items():
        current = {
            (row["channel_code"], row["member_key"])
            for row in members(warehouse)
            if row["segment_name"] == name and row["left_at"] is None
        }
        kept = all_rows(warehouse, f"marketing.{name}")
        assert current == {(row["channel_code"], row[segment.contract.member_key]) for row in kept}
