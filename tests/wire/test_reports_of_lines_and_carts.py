"""Reports made of lines, carts, coupons and subscribers against the shop's own books.

Where the books have amounts in another currency than the report's, numbers of pieces and orders are compared and money
is left out; sums across reports (`sql/checks`) hold that money against the days, which `test_reports` proves.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.sql.sample_warehouse import rows_of
from tests.wire.books import day_of, is_foreign, month_of, number, orders_that_count
from tests.wire.conftest import REFRESHED_AT
from tests.wire.recorded import Row, by_id, text_at, truth
from tests.wire.values import instant

WAITED = REFRESHED_AT - timedelta(hours=1)
Sums = dict[tuple[Any, ...], Any]


@pytest.fixture(scope="module")
def carts(truth_dir: Path) -> list[Row]:
    """Every cart, with `is_bought`: whether any order came of it."""
    bought = {row["quote_id"] for row in truth(truth_dir, "orders")}
    return [
        {**row, "is_bought": "1" if row["entity_id"] in bought else None}
        for row in truth(truth_dir, "quotes")
    ]


def sums(engine: Engine, query: str) -> Sums:
    """Rows of two parts: all columns but the last make the key."""
    rows = [tuple(row.values()) for row in rows_of(engine, query)]
    found = {row[:-1]: row[-1] for row in rows}
    assert len(found) == len(rows) > 0
    return found


def has_items(cart: Row) -> bool:
    return number(cart["items_qty"]) > 0


def test_pieces_of_every_article_and_month_are_the_shop_s(refreshed: Engine, truth_dir: Path) -> None:
    orders = orders_that_count(truth_dir)
    sold: Sums = defaultdict(Decimal)
    for line in truth(truth_dir, "order_items"):
        order = orders.get(str(line["order_id"]))
        if order and not line["parent_item_id"]:
            sold[month_of(order["created_at"]), f"us:{line['product_id']}"] += number(line["qty_ordered"])
    query = """
        select order_month_date, article_key, sum(item_qty) from report.best_sellers group by 1, 2
    """
    assert sums(refreshed, query) == sold


def test_gross_sales_of_every_article_and_month_are_the_shop_s(refreshed: Engine, truth_dir: Path) -> None:
    orders = orders_that_count(truth_dir)
    sold: Sums = defaultdict(Decimal)
    foreign = set()
    for line in truth(truth_dir, "order_items"):
        order = orders.get(str(line["order_id"]))
        if order and not line["parent_item_id"]:
            key = (month_of(order["created_at"]), f"us:{line['product_id']}", order["base_currency_code"])
            sold[key] += number(line["row_total"])
            foreign |= {key} if is_foreign(order) else set()
    query = """
        select order_month_date, article_key, base_currency_code, gross_sales_amount from report.best_sellers
    """
    found = sums(refreshed, query)
    assert found.keys() == sold.keys()
    assert {key: found[key] for key in sold.keys() - foreign} == {
        key: sold[key] for key in sold.keys() - foreign
    }
    assert len(sold.keys() - foreign) > 100


def test_coupons_of_every_month_are_the_shop_s(refreshed: Engine, truth_dir: Path) -> None:
    counted: Sums = Counter()
    discounts: Sums = defaultdict(Decimal)
    foreign = set()
    for order in orders_that_count(truth_dir).values():
        key = (order["coupon_code"], month_of(order["created_at"]), order["base_currency_code"])
        if order["coupon_code"]:
            counted[key] += 1
            discounts[key] += abs(number(order["discount_amount"]))
            foreign |= {key} if is_foreign(order) else set()
    key_columns = "coupon_code, order_month_date, base_currency_code"
    assert sums(refreshed, f"select {key_columns}, order_count from report.coupon_performance") == counted  # noqa: S608
    found = sums(refreshed, f"select {key_columns}, discount_amount from report.coupon_performance")  # noqa: S608
    assert {key: found[key] for key in discounts.keys() - foreign} == {
        key: discounts[key] for key in discounts.keys() - foreign
    }
    assert len(discounts.keys() - foreign) > 10


def test_the_funnel_of_every_day_and_store_is_the_shop_s(
    refreshed: Engine, carts: list[Row], store: Path
) -> None:
    wire = by_id(store, "oroQuoteList", "entity_id")

    def has_contact(cart: Row) -> bool:
        said = (
            f"{kind}_address/{field}" for kind in ("billing", "shipping") for field in ("email", "telephone")
        )
        element = wire[str(cart["entity_id"])]
        known = (
            cart["customer_id"],
            (cart["customer_email"] or "").strip(),
            *(text_at(element, one) for one in said),
        )
        return any(known)

    stages: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for cart in carts:
        if day := day_of(cart["created_at"]):
            is_bought = bool(cart["is_bought"])
            is_filled = is_bought or has_items(cart)
            reached = (True, is_filled, is_bought or (is_filled and has_contact(cart)), is_bought)
            row = stages[day, f"us:{cart['store_id']}"]
            row[:] = [count + one for count, one in zip(row, reached, strict=True)]
    query = """
        select cart_date, store_key, array[
            created_cart_count, filled_cart_count, contact_cart_count, purchased_cart_count
        ] from report.purchase_funnel
    """
    assert sums(refreshed, query) == stages
    assert sum(row[0] for row in stages.values()) == len(carts)


def test_abandoned_carts_are_the_open_ones_of_the_shop_that_nobody_touched_for_an_hour(
    refreshed: Engine, carts: list[Row], store: Path
) -> None:
    left: Mapping[str, Row] = {
        f"us:{cart['entity_id']}": cart
        for cart in carts
        if cart["is_active"] == "1"
        and not cart["is_bought"]
        and has_items(cart)
        and (touched := instant(str(cart["updated_at"])) or instant(str(cart["created_at"])))
        and touched <= WAITED
    }
    found = sums(
        refreshed, "select cart_key, grand_total_amount from report.abandoned_carts where status = 'open'"
    )
    assert {key for (key,) in found} == left.keys()
    wire = by_id(store, "oroQuoteList", "entity_id")
    for (key,), amount in found.items():
        element, cart = wire[key.removeprefix("us:")], left[key]
        assert amount == number(text_at(element, "base_grand_total"))
        # Magento rounds percentages in either currency on its own, even where the two are one.
        if cart["base_currency_code"] == cart["quote_currency_code"]:
            assert abs(amount - number(cart["grand_total"])) <= Decimal("0.01")


def test_the_newsletter_of_every_store_has_the_subscribers_of_the_shop(
    refreshed: Engine, truth_dir: Path
) -> None:
    moves: Sums = Counter()
    for row in truth(truth_dir, "newsletter"):
        store_key, day = f"us:{row['store_id']}", day_of(row["change_status_at"])
        if row["subscriber_status"] == "1":
            moves[store_key, day] += 1
        if row["subscriber_status"] == "3":
            # Who has left had joined before, nobody knows when.
            moves[store_key, None] += 1
            moves[store_key, day] -= 1
    net = sums(refreshed, "select store_key, growth_date, net_count from report.newsletter_growth")
    assert {key: count for key, count in net.items() if count} == {
        key: count for key, count in moves.items() if count
    }
    last = """
        select distinct on (store_key) store_key, base_count from report.newsletter_growth
        order by store_key, growth_date desc nulls last
    """
    subscribed = Counter(
        (f"us:{row['store_id']}",)
        for row in truth(truth_dir, "newsletter")
        if row["subscriber_status"] == "1"
    )
    assert sums(refreshed, last) == subscribed
