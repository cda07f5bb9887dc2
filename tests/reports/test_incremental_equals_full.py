from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from include.reports.loading import get_report
from include.reports.refresh import refresh_report
from include.segments.loading import get_segment
from include.segments.refresh import refresh_segment
from tests.sql.sample_warehouse import add_rows, all_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
START = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
TABLES = ("report.daily_sales", "marketing.repeat_customers")
# Two days in Berlin with the change of the clocks between them.
INSTANTS = st.integers(0, 32 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
ORDERS = st.fixed_dictionaries(
    {
        "number": st.integers(1, 6),
        "channel": st.sampled_from(["berlin", "delhi"]),
        "at": st.none() | INSTANTS,
        "state": st.sampled_from(["complete", "canceled", None]),
        "store": st.sampled_from([None, "1"]),
        "currency": st.sampled_from(["EUR", "CHF"]),
        "customer": st.sampled_from([None, "1", "2"]),
        "is_gone": st.booleans(),
    }
)
UPSERT = text(
    """
    insert into crm.orders (
        order_key, channel_code, source_created_at, state, store_key, base_currency_code, customer_key,
        base_subtotal_amount, deleted_at, first_seen_at, changed_at
    )
    values (:key, :channel, :at, :state, :store_key, :currency, :customer_key, :number, :deleted_at, :now, :now)
    on conflict (order_key) do update set
        source_created_at = excluded.source_created_at, state = excluded.state, store_key = excluded.store_key,
        base_currency_code = excluded.base_currency_code, customer_key = excluded.customer_key,
        deleted_at = excluded.deleted_at
    """
)
TOUCH = text(
    """
    insert into ops.touched (window_id, channel_code, subject, touched_key, touched_at)
    select 1, orders.channel_code, moved.subject, moved.touched_key, moved.touched_at
    from crm.orders as orders
    cross join lateral (
        values
        ('order_created', null, date_trunc('hour', orders.source_created_at)),
        ('customer', orders.customer_key, null)
    ) as moved (subject, touched_key, touched_at)
    where orders.order_key = :key and coalesce(moved.touched_key, moved.touched_at::text) is not null
    """
)


def load(engine: Engine, orders: list[dict[str, Any]]) -> None:
    """What a window does: write rows, and record old and new keys as touched, in one transaction."""
    with engine.begin() as connection:
        for order in orders:
            channel = order["channel"]
            values = order | {
                "key": f"{channel}:{order['number']}",
                "store_key": order["store"] and f"{channel}:{order['store']}",
                "customer_key": order["customer"] and f"{channel}:{order['customer']}",
                "deleted_at": NOW if order["is_gone"] else None,
                "now": NOW,
            }
            connection.execute(TOUCH, values)
            connection.execute(UPSERT, values)
            connection.execute(TOUCH, values)


def contents(engine: Engine) -> list[list[str]]:
    return [sorted(repr(row) for row in all_rows(engine, name)) for name in TABLES]


def refresh(engine: Engine, *, full: bool = False) -> None:
    refresh_report(engine, get_report("daily_sales"), now=NOW, full=full)
    refresh_segment(engine, get_segment("repeat_customers"), now=NOW, full=full)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(ORDERS, max_size=6), min_size=1, max_size=3))
def test_following_what_windows_touched_equals_computing_everything(
    warehouse: Engine, windows: list[list[dict[str, Any]]]
) -> None:
    if not rows_of(warehouse, "select from ops.channels"):
        zones = {"berlin": "Europe/Berlin", "delhi": "Asia/Kolkata"}
        channels = [{"channel_code": code, "timezone": zone} for code, zone in zones.items()]
        people = [{"customer_key": f"{code}:{number}"} for code in zones for number in (1, 2)]
        add_rows(warehouse, {"ops.channels": channels, "crm.customers": people})
        refresh(warehouse)

    for window in windows:
        load(warehouse, window)
        refresh(warehouse)
    followed = contents(warehouse)
    full = refresh_report(warehouse, get_report("daily_sales"), now=NOW, full=True)
    refresh(warehouse, full=True)

    assert followed == contents(warehouse)
    assert not full.has_changes
    members = rows_of(
        warehouse,
        "select member_key from marketing.segment_members where left_at is null order by member_key",
    )
    kept = all_rows(warehouse, "marketing.repeat_customers")
    assert [row["member_key"] for row in members] == sorted(row["customer_key"] for row in kept)
