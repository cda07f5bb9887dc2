from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from include.reports.loading import load_reports
from include.reports.refresh import refresh_report
from tests.reports.changes import change
from tests.sql.sample_warehouse import add_rows, all_rows, rows_of

REPORTS = load_reports().reports
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
START = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
ZONES = {"berlin": "Europe/Berlin", "delhi": "Asia/Kolkata"}
# Two days in Berlin with the change of the clocks between them.
INSTANTS = st.integers(0, 32 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
# So that some carts become abandoned ones between two refreshes, by the clock alone.
CHANGED_SINCE = st.integers(0, 400).map(lambda days: NOW + timedelta(days=days))
NUMBERS = st.integers(1, 3)


def currency_of(order: int) -> str:
    """One per order, for lines and memos in another than their order's are refused by a check."""
    return "EUR" if order % 2 else "CHF"


def _order(number: int, draw: Any) -> dict[str, Any]:
    return {
        "order_key": number,
        "customer_key": draw(st.sampled_from([None, 1, 2, 3])),
        "store_key": draw(st.sampled_from([None, 1])),
        "state": draw(st.sampled_from(["complete", "canceled", "processing", None])),
        "source_created_at": draw(st.none() | INSTANTS),
        "base_currency_code": currency_of(number),
        "base_subtotal_amount": draw(NUMBERS),
        "base_discount_amount": draw(st.sampled_from([0, -1])),
        "coupon_code": draw(st.sampled_from([None, "TEN"])),
        "cart_key": draw(st.sampled_from([None, 1, 2, 3])),
        "deleted_at": draw(st.sampled_from([None, None, NOW])),
    }


def _order_item(number: int, draw: Any) -> dict[str, Any]:
    order = draw(NUMBERS)
    return {
        "order_item_key": 10 * order + number,
        "order_key": order,
        "product_key": draw(st.sampled_from([None, 1, 2])),
        "parent_item_key": draw(st.sampled_from([None, None, 10 * order + 1])),
        "sku": "sku",
        "product_name": "thing",
        "base_currency_code": currency_of(order),
        "ordered_qty": draw(NUMBERS),
        "base_row_total_amount": draw(NUMBERS),
    }


def _credit_memo(number: int, draw: Any) -> dict[str, Any]:
    order = draw(NUMBERS)
    return {
        "credit_memo_key": 10 * order + number,
        "order_key": order,
        "source_created_at": draw(st.none() | INSTANTS),
        "base_currency_code": currency_of(order),
        "base_subtotal_amount": draw(NUMBERS),
        "base_adjustment_amount": draw(st.sampled_from([None, -1, 1])),
    }


def _credit_memo_item(number: int, draw: Any) -> dict[str, Any]:
    memo = 10 * draw(NUMBERS) + number
    return {
        "credit_memo_item_key": 100 + number,
        "credit_memo_key": memo,
        "order_item_key": memo,
        "product_key": draw(st.sampled_from([None, 1, 2])),
        "refunded_qty": 1,
        "base_row_total_amount": draw(NUMBERS),
    }


def _category(number: int, draw: Any) -> dict[str, Any]:
    parent = draw(st.integers(0, number - 1))
    return {
        "category_key": number,
        "category_id": number,
        "parent_category_key": parent or None,
        "path": "/".join(str(one) for one in (parent, number) if one),
        "level": draw(st.sampled_from([1, 2, 2])),
        "deleted_at": draw(st.sampled_from([None, None, NOW])),
    }


def _product(number: int, draw: Any) -> dict[str, Any]:
    return {"product_key": number, "deleted_at": draw(st.sampled_from([None, NOW]))}


def _product_category(number: int, draw: Any) -> dict[str, Any]:
    product = draw(st.sampled_from([1, 2]))
    return {
        "product_category_key": 10 * product + number,
        "product_key": product,
        "category_key": number,
        "deleted_at": draw(st.sampled_from([None, None, NOW])),
    }


def _order_payment(number: int, draw: Any) -> dict[str, Any]:
    return {
        "order_payment_key": number,
        "order_key": number,
        "payment_method": draw(st.sampled_from([None, "card", "invoice"])),
    }


def _order_address(number: int, draw: Any) -> dict[str, Any]:
    return {
        "order_address_key": number,
        "order_key": number,
        "address_type": draw(st.sampled_from(["billing", "shipping"])),
        "country_code": draw(st.sampled_from([None, "DE", "CH"])),
        "region": draw(st.sampled_from([None, "Bern"])),
    }


def _cart(number: int, draw: Any) -> dict[str, Any]:
    return {
        "cart_key": number,
        "customer_key": draw(st.sampled_from([None, 1, 2, 3])),
        "store_key": draw(st.sampled_from([None, 1])),
        "status": draw(st.sampled_from(["open", "open", "purchased", "expired"])),
        "is_active": draw(st.sampled_from([None, True, False])),
        "deleted_at": draw(st.none() | INSTANTS | CHANGED_SINCE),
        "items_qty": draw(st.sampled_from([0, 1, 1])),
        "source_created_at": draw(st.none() | INSTANTS),
        "source_updated_at": draw(st.none() | INSTANTS | CHANGED_SINCE),
        "base_subtotal_amount": draw(NUMBERS),
    }


def _newsletter_subscriber(number: int, draw: Any) -> dict[str, Any]:
    named = draw(st.booleans())
    return {
        "newsletter_subscriber_key": number,
        "customer_key": number if named else None,
        "email_normalised": f"{number}@example.com",
        "status": draw(st.sampled_from(["subscribed", "unsubscribed", "not_active"])),
        "source_updated_at": draw(st.none() | INSTANTS),
        "deleted_at": draw(st.sampled_from([None, None, NOW])),
    }


def _customer(number: int, draw: Any) -> dict[str, Any]:
    return {
        "customer_key": number,
        "account_key": draw(st.sampled_from([1, 2])),
        "email_normalised": draw(st.sampled_from([None, "1@example.com", "2@example.com"])),
        "deleted_at": draw(st.sampled_from([None, None, NOW])),
    }


KINDS = {
    "orders": _order,
    "order_items": _order_item,
    "order_payments": _order_payment,
    "order_addresses": _order_address,
    "credit_memos": _credit_memo,
    "credit_memo_items": _credit_memo_item,
    "carts": _cart,
    "customers": _customer,
    "newsletter_subscribers": _newsletter_subscriber,
    "categories": _category,
    "products": _product,
    "product_categories": _product_category,
}


@st.composite
def changes(draw: Any) -> tuple[str, dict[str, Any]]:
    """A table and a row; keys are numbers still, of a channel drawn here."""
    table = draw(st.sampled_from(sorted(KINDS)))
    channel = draw(st.sampled_from(["berlin", "berlin", "delhi"]))
    row = KINDS[table](draw(st.integers(1, 3)), draw)
    keyed = {
        name: f"{channel}:{value}" if name.endswith("_key") and value is not None else value
        for name, value in row.items()
    }
    return table, {"channel_code": channel, **keyed}


def refresh(engine: Engine, now: datetime, *, full: bool = False) -> list[str]:
    """Everything, in order; the reports that changed."""
    outcomes = [refresh_report(engine, report, now=now, full=full) for report in REPORTS.values()]
    return [outcome.table_name for outcome in outcomes if outcome.has_changes]


def later(engine: Engine) -> datetime:
    """Twenty days after the last refresh, so that the past of one example is never the future of another."""
    [last] = rows_of(engine, "select max(refreshed_at) as at from ops.refreshes")
    at: datetime = last["at"]
    return at + timedelta(days=20)


def contents(engine: Engine) -> dict[str, list[str]]:
    names = [f"report.{name}" for name in REPORTS]
    return {name: sorted(repr(row) for row in all_rows(engine, name)) for name in names}


# Not shrunk: examples share a warehouse, so that a smaller one is another history, and proves nothing about the first.
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(st.lists(st.lists(changes(), min_size=5, max_size=15), min_size=2, max_size=3))
def test_following_what_windows_touched_equals_computing_everything(
    warehouse: Engine, windows: list[list[tuple[str, dict[str, Any]]]]
) -> None:
    """Days go by between the refreshes, for some reports change by the calendar alone."""
    if not rows_of(warehouse, "select from ops.channels"):
        add_rows(
            warehouse,
            {"ops.channels": [{"channel_code": code, "timezone": zone} for code, zone in ZONES.items()]},
        )
        refresh(warehouse, NOW)

    for window in windows:
        now = later(warehouse)
        with warehouse.begin() as connection:
            for table, row in window:
                change(connection, table, row)
        refresh(warehouse, now)
    followed = contents(warehouse)
    kept = rows_of(warehouse, "select table_name, row_count from ops.refreshes")
    assert {row["table_name"]: row["row_count"] for row in kept} == {
        name: len(rows) for name, rows in followed.items()
    }

    assert refresh(warehouse, now, full=True) == []
    assert followed == contents(warehouse)
