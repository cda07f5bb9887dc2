"""The cards of customers and accounts: everything of a person in one row, and no two currencies in one sum."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.sql.sample_warehouse import add_rows, rows_of

ACCOUNT = {"account_key": "us:1", "account_name": "Ada Byron"}
CUSTOMERS = (
    {"customer_key": "us:1", "channel_code": "us", "account_key": "us:1", "is_guest": False},
    {"customer_key": "us:guest:a", "channel_code": "us", "account_key": "us:1", "is_guest": True},
)


def order(number: int, customer: str = "us:1", **more: Any) -> dict[str, Any]:
    money = {"base_currency_code": "EUR", "base_subtotal_amount": 100, "base_discount_amount": -10}
    keys = {"order_key": f"us:{number}", "order_id": number, "channel_code": "us", "customer_key": customer}
    return keys | money | {"state": "complete"} | more


@pytest.fixture
def shop(warehouse: Engine) -> Engine:
    add_rows(
        warehouse,
        {
            "ops.channels": [{"channel_code": "us"}],
            "crm.accounts": [ACCOUNT],
            "crm.customers": CUSTOMERS,
        },
    )
    return warehouse


def card(shop: Engine, customer: str = "us:1") -> dict[str, Any]:
    return next(
        r for r in rows_of(shop, "select * from crm.customer_overview") if r["customer_key"] == customer
    )


def test_lifetime_is_subtotal_less_discount_and_net_of_refunds(shop: Engine) -> None:
    memo = {"credit_memo_key": "us:5", "channel_code": "us", "credit_memo_id": 5, "order_key": "us:1"}
    add_rows(
        shop,
        {
            "crm.orders": [order(1), order(2)],
            "crm.credit_memos": [
                memo | {"base_subtotal_amount": 50, "base_discount_amount": -5, "base_adjustment_amount": 1}
            ],
        },
    )
    found = card(shop)
    assert (found["lifetime_amount"], found["refund_amount"], found["lifetime_net_amount"]) == (180, 46, 134)
    assert (found["order_count"], found["credit_memo_count"]) == (2, 1)


def test_cancelled_order_is_no_lifetime(shop: Engine) -> None:
    add_rows(shop, {"crm.orders": [order(1), order(2, state="canceled")]})
    assert (card(shop)["order_count"], card(shop)["lifetime_amount"]) == (1, 90)


def test_order_in_another_currency_counts_at_its_own_rate_or_not_at_all(shop: Engine) -> None:
    dollars = {"base_currency_code": "USD", "global_currency_code": "EUR"}
    orders = [order(1), order(2, **dollars, base_to_global_rate="0.5"), order(3, base_currency_code="USD")]
    add_rows(shop, {"crm.orders": orders})
    assert (card(shop)["lifetime_amount"], card(shop)["unconverted_order_count"]) == (135, 1)


@pytest.mark.parametrize(("shows", "told"), [(True, (1, "Call back")), (False, (None, None))])
def test_comments_of_orders_are_on_the_customer_only_where_the_channel_shows_them(
    warehouse: Engine, shows: bool, told: tuple[int | None, str | None]
) -> None:
    comment = {"order_comment_key": "us:1:1", "order_key": "us:1", "order_id": 1, "comment_number": 1}
    silent = comment | {"order_comment_key": "us:1:2", "comment_number": 2}
    add_rows(
        warehouse,
        {
            "ops.channels": [{"channel_code": "us", "is_showing_order_comments": shows}],
            "crm.accounts": [ACCOUNT],
            "crm.customers": CUSTOMERS,
            "crm.orders": [order(1)],
            "crm.order_comments": [
                comment | {"channel_code": "us", "comment_text": "Call back"},
                silent | {"channel_code": "us"},
            ],
        },
    )
    found = card(warehouse)
    assert (found["order_comment_count"], found["last_order_comment"]) == told


def test_carts_are_counted_by_what_became_of_them(shop: Engine) -> None:
    statuses = ("open", "open", "purchased", "expired", "lost", "converted_to_opportunity")
    carts = [
        {"cart_key": f"us:{n}", "cart_id": n, "channel_code": "us", "customer_key": "us:1", "status": status}
        for n, status in enumerate(statuses)
    ]
    add_rows(shop, {"crm.carts": carts})
    found = card(shop)
    names = ("open", "purchased", "expired", "lost", "converted")
    assert [found[f"{name}_cart_count"] for name in names] == [2, 1, 1, 1, 1]


def test_account_adds_up_its_customers_of_a_channel(shop: Engine) -> None:
    add_rows(shop, {"crm.orders": [order(1), order(2, "us:guest:a")]})
    (account,) = rows_of(shop, "select * from crm.account_overview")
    assert (account["customer_count"], account["registered_customer_count"]) == (2, 1)
    assert (account["order_count"], account["lifetime_amount"]) == (2, 180)


def test_account_has_a_row_per_channel_so_that_currencies_never_mix(shop: Engine) -> None:
    elsewhere = {"channel_code": "uk", "reporting_currency_code": "GBP"}
    customer = {"customer_key": "uk:1", "channel_code": "uk", "account_key": "us:1", "is_guest": False}
    add_rows(shop, {"ops.channels": [elsewhere], "crm.customers": [customer]})
    rows = rows_of(shop, "select channel_code, reporting_currency_code from crm.account_overview order by 1")
    assert [tuple(row.values()) for row in rows] == [("uk", "GBP"), ("us", "EUR")]


def test_the_last_change_tells_whether_a_customer_is_subscribed(shop: Engine) -> None:
    def entry(number: int, status: str, at: str | None) -> dict[str, Any]:
        keys = {"newsletter_subscriber_key": f"us:{number}", "newsletter_subscriber_id": number}
        told = {"customer_key": "us:1", "channel_code": "us", "status": status, "source_updated_at": at}
        return keys | told

    entries = [entry(1, "subscribed", "2026-01-01"), entry(2, "unsubscribed", "2026-02-01")]
    add_rows(shop, {"crm.newsletter_subscribers": [*entries, entry(3, "subscribed", None)]})
    assert card(shop)["newsletter_status"] == "unsubscribed"
