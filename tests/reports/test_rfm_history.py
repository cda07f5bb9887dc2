"""The months of `report.rfm_history`: what is over stays, what is now follows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from include.reports.loading import load_reports
from include.reports.refresh import refresh_report
from tests.reports.changes import change
from tests.reports.in_order import with_inputs
from tests.sql.sample_warehouse import add_rows, rows_of

REPORTS = load_reports().reports
NAMES = with_inputs("rfm_history")
NOVEMBER, DECEMBER = (datetime(2026, month, 22, 6, 0, tzinfo=UTC) for month in (11, 12))
ORDER = {
    "channel_code": "main",
    "order_key": "main:1",
    "customer_key": "main:1",
    "source_created_at": datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
    "base_currency_code": "EUR",
    "base_subtotal_amount": 100,
}


def _labels(engine: Engine, now: datetime, *, full: bool = False) -> list[tuple[date, str]]:
    for name in NAMES:
        refresh_report(engine, REPORTS[name], now=now, full=full)
    rows = rows_of(engine, "select month_date, rfm_label from report.rfm_history order by month_date")
    return [(row["month_date"], row["rfm_label"]) for row in rows]


def _one_customer(engine: Engine) -> None:
    add_rows(
        engine,
        {
            "ops.channels": [{"channel_code": "main"}],
            "crm.customers": [{"customer_key": "main:1", "account_key": "main:1"}],
            "crm.orders": [{**ORDER}],
        },
    )


def _cancel(engine: Engine) -> None:
    cancelled: dict[str, Any] = {**ORDER, "state": "canceled"}
    with engine.begin() as connection:
        change(connection, "orders", cancelled)


def test_a_new_month_is_kept_beside_the_old_one(warehouse: Engine) -> None:
    _one_customer(warehouse)

    assert _labels(warehouse, NOVEMBER) == [(date(2026, 11, 1), "potential")]
    assert _labels(warehouse, DECEMBER)[0] == (date(2026, 11, 1), "potential")
    assert len(_labels(warehouse, DECEMBER)) == 2


def test_what_a_past_month_said_stays_when_its_orders_are_cancelled(warehouse: Engine) -> None:
    _one_customer(warehouse)
    _labels(warehouse, NOVEMBER)
    _labels(warehouse, DECEMBER)
    _cancel(warehouse)

    assert _labels(warehouse, DECEMBER) == [(date(2026, 11, 1), "potential")]


def test_a_full_refresh_takes_out_who_has_no_value_in_the_current_month(warehouse: Engine) -> None:
    _one_customer(warehouse)
    _labels(warehouse, NOVEMBER)
    _labels(warehouse, DECEMBER)
    _cancel(warehouse)

    assert _labels(warehouse, DECEMBER, full=True) == [(date(2026, 11, 1), "potential")]
