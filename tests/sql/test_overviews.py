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
        whose = {"customer_key": "us:1", "email_normalised": "ada@example.com", "channel_code": "us"}
        return keys | whose | {"status": status, "source_updated_at": at}

    entries = [entry(1, "subscribed", "2026-01-01"), entry(2, "unsubscribed", "2026-02-01")]
    add_rows(shop, {"crm.newsletter_subscribers": [*entries, entry(3, "subscribed", None)]})
    assert card(shop)["newsletter_status"] == "unsubscribed"


def listed(number: int, status: str, **more: Any) -> dict[str, Any]:
    """An entry of the newsletter's list, by address only."""
    keys = {"newsletter_subscriber_key": f"us:{number}", "newsletter_subscriber_id": number}
    return keys | {"channel_code": "us", "email_normalised": "ada@example.com", "status": status} | more


@pytest.fixture
def readers(warehouse: Engine) -> Engine:
    """Ada as a customer of the first website and as a guest of the second, in one account."""
    known = {"email_normalised": "ada@example.com"}
    add_rows(
        warehouse,
        {
            "ops.channels": [{"channel_code": "us"}],
            "crm.stores": [{"store_key": f"us:{n}", "store_id": n, "website_key": f"us:{n}"} for n in (1, 2)],
            "crm.accounts": [ACCOUNT],
            "crm.customers": [
                CUSTOMERS[0] | known | {"website_key": "us:1"},
                CUSTOMERS[1] | known | {"website_key": "us:2"},
            ],
        },
    )
    return warehouse


def test_guest_s_subscription_is_known_by_the_address_on_the_same_website(readers: Engine) -> None:
    entries = [listed(1, "subscribed", store_key="us:2"), listed(2, "unsubscribed", store_key="us:1")]
    elsewhere = {"newsletter_subscriber_key": "uk:3", "channel_code": "uk", "store_key": "us:2"}
    add_rows(readers, {"crm.newsletter_subscribers": [*entries, listed(3, "not_active") | elsewhere]})
    assert card(readers, "us:guest:a")["newsletter_status"] == "subscribed"
    assert card(readers)["newsletter_status"] == "unsubscribed"
    (account,) = rows_of(readers, "select has_subscribed_customer from crm.account_overview")
    assert account["has_subscribed_customer"]


def test_entry_that_names_the_customer_counts_before_one_with_the_address_only(readers: Engine) -> None:
    named = listed(1, "unsubscribed", customer_key="us:1", source_updated_at="2026-01-01")
    by_address = listed(2, "subscribed", store_key="us:1", source_updated_at="2026-02-01")
    add_rows(readers, {"crm.newsletter_subscribers": [named, by_address]})
    assert card(readers)["newsletter_status"] == "unsubscribed"


def test_entry_of_another_s_is_nobody_else_s_and_one_without_a_store_is_of_no_website(
    readers: Engine,
) -> None:
    named = listed(1, "subscribed", customer_key="us:1", store_key="us:2")
    add_rows(readers, {"crm.newsletter_subscribers": [named, listed(2, "subscribed")]})
    assert card(readers, "us:guest:a")["newsletter_status"] is None


def totals(shop: Engine, view: str) -> list[tuple[Any, ...]]:
    columns = "currency_code, is_reporting_currency, order_count, lifetime_amount, refund_amount, lifetime_net_amount"
    found = rows_of(shop, f"select {columns} from crm.{view} order by 1, 2, 3")  # noqa: S608 - our own names
    return [tuple(row.values()) for row in found]


def test_money_is_told_per_base_currency_and_once_more_in_the_reporting_currency(shop: Engine) -> None:
    dollars = {"base_currency_code": "USD", "global_currency_code": "EUR", "base_to_global_rate": "0.5"}
    memo = {"credit_memo_key": "us:5", "channel_code": "us", "credit_memo_id": 5, "order_key": "us:2"}
    add_rows(
        shop,
        {
            "crm.orders": [order(1), order(2, **dollars), order(3, base_currency_code=None)],
            "crm.credit_memos": [memo | {"base_subtotal_amount": 40}],
        },
    )
    expected = [
        ("EUR", False, 1, 90, 0, 90),
        ("EUR", True, 3, 135, 20, 115),
        ("USD", False, 1, 90, 40, 50),
        ("XXX", False, 1, 90, 0, 90),
    ]
    assert totals(shop, "customer_totals") == totals(shop, "account_totals") == expected


def test_open_carts_are_worth_what_they_come_to_in_each_currency(shop: Engine) -> None:
    def cart(number: int, **more: Any) -> dict[str, Any]:
        keys = {"cart_key": f"us:{number}", "cart_id": number, "channel_code": "us", "customer_key": "us:1"}
        money = {"base_currency_code": "EUR", "base_grand_total_amount": 20}
        return keys | money | {"status": "open"} | more

    dollars = {"base_currency_code": "USD", "global_currency_code": "EUR", "base_to_global_rate": "0.5"}
    add_rows(shop, {"crm.carts": [cart(1), cart(2, **dollars), cart(3, status="purchased")]})
    found = rows_of(
        shop,
        "select currency_code, is_reporting_currency, open_cart_count, open_cart_amount"
        " from crm.customer_totals order by 1, 2",
    )
    assert [tuple(row.values()) for row in found] == [
        ("EUR", False, 1, 20),
        ("EUR", True, 2, 30),
        ("USD", False, 1, 20),
    ]
    assert card(shop)["open_cart_amount"] == 30


def test_what_an_account_bought_counts_when_one_of_its_customers_is_gone_from_the_store(shop: Engine) -> None:
    gone = CUSTOMERS[0] | {"customer_key": "us:2", "deleted_at": "2026-02-01"}
    add_rows(shop, {"crm.customers": [gone], "crm.orders": [order(1), order(2, "us:2")]})
    (account,) = rows_of(shop, "select * from crm.account_overview")
    assert (account["customer_count"], account["order_count"], account["lifetime_amount"]) == (2, 2, 180)
