"""Money adds up as in Magento, in order and in base currency."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from include.demo_store import Shop
from include.demo_store.generate.orders import Order

CENT = Decimal("0.01")


@pytest.fixture(scope="module")
def orders() -> list[Order]:
    return list(Shop(customers=200, orders=2000, seed=11).orders())


def amount(row: dict[str, Any], name: str) -> Decimal:
    return Decimal(row.get(name) or "0")


@pytest.mark.parametrize("prefix", ["", "base_"])
def test_lines_without_a_parent_sum_to_the_subtotal(orders: list[Order], prefix: str) -> None:
    for order in orders:
        top = [line for line in order.items if line["parent_item_id"] is None]
        assert sum(amount(line, f"{prefix}row_total") for line in top) == amount(
            order.row, f"{prefix}subtotal"
        )


@pytest.mark.parametrize("prefix", ["", "base_"])
def test_the_parts_sum_to_the_grand_total(orders: list[Order], prefix: str) -> None:
    for order in orders:
        names = ("subtotal", "tax_amount", "shipping_amount", "discount_amount")
        parts = sum(amount(order.row, prefix + name) for name in names)
        assert parts == amount(order.row, prefix + "grand_total")


def test_order_amounts_are_base_amounts_at_the_rate_within_a_cent_per_line(orders: list[Order]) -> None:
    for order in orders:
        rate = amount(order.row, "base_to_order_rate")
        slack = CENT * 4 * sum(int(amount(line, "qty_ordered")) + 1 for line in order.items)
        difference = amount(order.row, "base_grand_total") * rate - amount(order.row, "grand_total")
        assert abs(difference) <= slack


@pytest.mark.parametrize("prefix", ["", "base_"])
def test_what_was_refunded_is_the_sum_of_its_parts_and_was_paid(orders: list[Order], prefix: str) -> None:
    refunded = [order.row for order in orders if order.row.get("total_refunded") is not None]
    assert len(refunded) > 50
    for row in refunded:
        parts = sum(
            amount(row, f"{prefix}{name}")
            for name in ("subtotal_refunded", "tax_refunded", "shipping_refunded", "discount_refunded")
        )
        adjusted = (
            parts + amount(row, f"{prefix}adjustment_positive") - amount(row, f"{prefix}adjustment_negative")
        )
        assert adjusted == amount(row, f"{prefix}total_refunded")
        assert 0 <= amount(row, f"{prefix}total_refunded") <= amount(row, f"{prefix}total_paid")


def test_every_line_amount_is_never_negative(orders: list[Order]) -> None:
    for order in orders:
        for line in order.items:
            assert amount(line, "row_total") >= amount(line, "discount_amount") >= 0


def test_all_states_currencies_and_kinds_occur(orders: list[Order]) -> None:
    assert {order.row["state"] for order in orders} == {
        "new", "processing", "complete", "closed", "canceled", "holded", "payment_review", "pending_payment",
    }  # fmt: skip
    pairs = {(order.row["base_currency_code"], order.row["order_currency_code"]) for order in orders}
    assert pairs == {("EUR", "EUR"), ("EUR", "CHF"), ("USD", "USD"), ("GBP", "GBP")}
    assert {order.row["global_currency_code"] for order in orders} == {"EUR"}
    assert any(order.row["grand_total"] == "0.0000" for order in orders)
    assert any(order.row.get("coupon_code") for order in orders)
    assert any(order.row["is_virtual"] == "1" for order in orders)


def test_guests_and_customers_buy_again_and_some_guests_are_registered() -> None:
    shop = Shop(customers=200, orders=2000, seed=11)
    registered = {customer.row["email"] for customer in shop.customers()}
    guests = Counter(order.row["customer_email"] for order in shop.orders() if order.row["customer_is_guest"])
    buyers = Counter(order.row["customer_id"] for order in shop.orders() if order.row["customer_id"])
    assert any(count > 1 for mail, count in guests.items() if mail and mail not in registered)
    assert registered & guests.keys() - {None, ""}
    assert any(count > 1 for count in buyers.values())
