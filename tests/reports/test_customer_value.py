"""Scores of `report.customer_value` that change though nothing happens: days go by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from include.reports.loading import load_reports
from include.reports.refresh import refresh_report
from tests.reports.in_order import refresh_in_order
from tests.sql.sample_warehouse import add_rows, rows_of

REPORTS = load_reports().reports
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def _order(number: int, days_ago: int) -> dict[str, object]:
    return {
        "order_key": f"main:{number}",
        "customer_key": "main:1",
        "source_created_at": NOW - timedelta(days=days_ago),
        "base_currency_code": "EUR",
        "base_subtotal_amount": 60,
    }


def _scores(engine: Engine, now: datetime) -> tuple[int, int, int]:
    refresh_report(engine, REPORTS["customer_value"], now=now)
    [row] = rows_of(engine, "select * from report.customer_value where is_reporting_currency")
    return row["recency_score"], row["frequency_score"], row["monetary_score"]


def test_a_score_changes_on_the_day_that_passes_its_threshold(warehouse: Engine) -> None:
    """The last order is 7 days old, the first of three 364: the recency goes first, then the year's orders."""
    add_rows(
        warehouse,
        {
            "ops.channels": [{"channel_code": "main"}],
            "crm.customers": [{"customer_key": "main:1", "account_key": "main:1"}],
            "crm.orders": [_order(1, 364), _order(2, 100), _order(3, 7)],
        },
    )
    refresh_in_order(warehouse, ["customer_value"], now=NOW)

    days = [_scores(warehouse, NOW + timedelta(days=days)) for days in range(3)]

    assert days == [(1, 4, 3), (2, 4, 3), (2, 5, 3)]
