"""Campaigns as time goes by: exports, orders and changes of mind between refreshes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from include.reports.loading import load_reports
from include.reports.refresh import refresh_report
from tests.reports.changes import change
from tests.reports.in_order import refresh_in_order
from tests.sql.sample_warehouse import add_rows, all_rows, rows_of

EXPORTED_AT = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CAMPAIGNS = ("campaign_members", "campaign_orders", "campaign_conversion")


def customer(number: int) -> dict[str, Any]:
    email = f"{number}@example.com"
    keys = {"customer_key": f"main:{number}", "account_key": f"main:{number}", "channel_code": "main"}
    return keys | {"is_guest": False, "email": email, "email_normalised": email}


def subscriber(number: int, status: str) -> dict[str, Any]:
    email = f"{number}@example.com"
    keys = {"newsletter_subscriber_key": f"main:{number}", "channel_code": "main"}
    return keys | {"email": email, "email_normalised": email, "status": status}


def export(at: datetime) -> dict[str, Any]:
    said = {"addresses": "account", "hold_out_pct": 0}
    return {
        "segment_name": "loyal",
        "exported_at": at,
        "delivered_at": at,
        "consent_basis": "newsletter",
        "manifest_json": said,
    }


def stay(number: int, entered_at: datetime) -> dict[str, Any]:
    keys = {"segment_name": "loyal", "channel_code": "main", "member_key": f"main:{number}"}
    return keys | {"entered_at": entered_at}


@pytest.fixture
def shop(warehouse: Engine) -> Engine:
    """Two subscribers, the first of them exported an hour ago, everything refreshed."""
    accounts = [
        {"account_key": f"main:{n}", "customer_count": 1, "has_registered_customer": True} for n in (1, 2)
    ]
    add_rows(
        warehouse,
        {
            "ops.channels": [{"channel_code": "main"}],
            "crm.accounts": accounts,
            "crm.customers": [customer(1), customer(2)],
            "crm.newsletter_subscribers": [subscriber(1, "subscribed"), subscriber(2, "subscribed")],
            "marketing.segment_members": [stay(1, EXPORTED_AT)],
            "marketing.exports": [export(EXPORTED_AT)],
        },
    )
    refresh(warehouse, EXPORTED_AT + HOUR)
    return warehouse


def refresh(engine: Engine, now: datetime) -> None:
    refresh_in_order(engine, ["campaign_conversion"], now=now)


def order(engine: Engine, number: int, buyer: int, at: datetime) -> None:
    keys = {"order_key": f"main:{number}", "customer_key": f"main:{buyer}", "channel_code": "main"}
    with engine.begin() as connection:
        change(
            connection,
            "orders",
            keys | {"source_created_at": at, "base_currency_code": "EUR", "base_subtotal_amount": 5},
        )


def test_orders_and_exports_since_the_last_refresh_are_followed(shop: Engine) -> None:
    later = EXPORTED_AT + 24 * HOUR
    add_rows(shop, {"marketing.segment_members": [stay(2, later)], "marketing.exports": [export(later)]})
    order(shop, 1, 1, later + HOUR)
    order(shop, 2, 2, later + HOUR)
    refresh(shop, later + 2 * HOUR)

    followed = {name: all_rows(shop, f"report.{name}") for name in CAMPAIGNS}
    counts = {
        (row["export_date"].day, row["exported_count"], row["converted_count"])
        for row in followed[CAMPAIGNS[2]]
    }
    assert counts == {(1, 1, 1), (2, 1, 1)}
    reports = load_reports().reports
    for name in CAMPAIGNS:
        assert not refresh_report(shop, reports[name], now=later + 2 * HOUR, full=True).has_changes


def test_who_unsubscribes_after_the_campaign_was_in_it(shop: Engine) -> None:
    with shop.begin() as connection:
        left = {"source_updated_at": EXPORTED_AT + 2 * HOUR}
        change(connection, "newsletter_subscribers", subscriber(1, "unsubscribed") | left)
    order(shop, 1, 1, EXPORTED_AT + 30 * HOUR)
    refresh(shop, EXPORTED_AT + 60 * HOUR)
    [campaign] = rows_of(shop, "select exported_count, converted_count from report.campaign_conversion")
    assert campaign == {"exported_count": 1, "converted_count": 1}


def test_orders_stay_with_a_customer_who_joins_another_account(shop: Engine) -> None:
    order(shop, 1, 1, EXPORTED_AT + 30 * HOUR)
    refresh(shop, EXPORTED_AT + 60 * HOUR)
    with shop.begin() as connection:
        change(connection, "customers", customer(1) | {"account_key": "main:2"})
    refresh(shop, EXPORTED_AT + 61 * HOUR)
    [found] = rows_of(shop, "select buyer_key from report.campaign_orders")
    assert found == {"buyer_key": "main:2"}
