"""Members who enter and leave by a change elsewhere, of which windows record only what they touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from include.segments.loading import get_segment
from tests.reports.changes import change
from tests.segments.refreshing import refresh_with_reports
from tests.sql.sample_warehouse import add_rows, rows_of

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
CHANNEL = {"channel_code": "main"}
ORDER = {
    **CHANNEL,
    "customer_key": "main:1",
    "base_currency_code": "EUR",
    "base_subtotal_amount": 10,
    "source_created_at": NOW - timedelta(days=2),
}
ENTRY = {**CHANNEL, "newsletter_subscriber_key": "main:9", "status": "unsubscribed"}


def members(engine: Engine, name: str) -> list[str]:
    current = (
        "select member_key from marketing.segment_members where segment_name = :name and left_at is null"
    )
    return [row["member_key"] for row in rows_of(engine, current, name=name)]


@pytest.mark.parametrize(
    ("name", "table", "row", "before", "after"),
    [
        (
            "bought_never_subscribed",
            "newsletter_subscribers",
            {**ENTRY, "email_normalised": "a@example.com"},
            ["main:1"],
            [],
        ),
        (
            "bought_never_subscribed",
            "newsletter_subscribers",
            {**ENTRY, "email_normalised": "other@example.com", "customer_key": "main:1"},
            ["main:1"],
            [],
        ),
        (
            "bought_never_subscribed",
            "customers",
            {
                **CHANNEL,
                "customer_key": "main:1",
                "account_key": "main:1",
                "email_normalised": "listed@example.com",
            },
            ["main:1"],
            [],
        ),
        (
            "frequent_refunders",
            "credit_memos",
            {
                **CHANNEL,
                "credit_memo_key": "main:2",
                "order_key": "main:2",
                "base_currency_code": "EUR",
                "base_subtotal_amount": 10,
            },
            [],
            ["main:1"],
        ),
        ("coupon_only_buyers", "orders", {**ORDER, "order_key": "main:3"}, ["main:1"], []),
        # Nothing else changes of an order, so that only the order itself tells of it.
        (
            "coupon_only_buyers",
            "orders",
            {**ORDER, "order_key": "main:1", "coupon_code": None},
            ["main:1"],
            [],
        ),
    ],
)
def test_member_follows_what_windows_touched(
    warehouse: Engine, name: str, table: str, row: dict[str, Any], before: list[str], after: list[str]
) -> None:
    segment = get_segment(name)
    listed = {"newsletter_subscriber_key": "main:8", "email_normalised": "listed@example.com"}
    given = {
        "ops.channels": [CHANNEL],
        "crm.customers": [
            {"customer_key": "main:1", "account_key": "main:1", "email_normalised": "a@example.com"}
        ],
        "crm.orders": [{**ORDER, "order_key": f"main:{n}", "coupon_code": "TEN"} for n in (1, 2)],
        "crm.credit_memos": [
            {"credit_memo_key": "main:1", "order_key": "main:1", "base_currency_code": "EUR"}
            | {"base_subtotal_amount": 10}
        ],
        "crm.newsletter_subscribers": [{**listed, "status": "subscribed"}],
    }
    add_rows(warehouse, given)
    refresh_with_reports(warehouse, segment, now=NOW)
    assert members(warehouse, name) == before

    with warehouse.begin() as connection:
        change(connection, table, row)
    outcome = refresh_with_reports(warehouse, segment, now=NOW + timedelta(minutes=15))

    assert not outcome.refresh.is_full
    assert members(warehouse, name) == after
