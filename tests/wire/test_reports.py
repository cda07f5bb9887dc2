"""The report of daily sales against the shop's own database: every day and every total, to the cent.

The books have amounts in the currency of the order, and the grand total alone in base currency too. Where the two
differ (another currency; or a cent, for Magento rounds percentages in each on its own) the other base amounts are the
wire's, and the books say to within their roundings what they must be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml.etree import _Element as Element
from sqlalchemy import Engine

from include.reports.identities import check_identities, load_identities
from include.reports.sql_text import CheckSeverity
from tests.sql.sample_warehouse import rows_of
from tests.wire.books import day_of, is_foreign, number, orders_that_count
from tests.wire.conftest import REFRESHED_AT
from tests.wire.recorded import Row, by_id, text_at, truth

CANCELED_MEMO = "3"
ROUNDINGS = Decimal("0.03")
"""A grand total is made of four amounts, each rounded to a cent in either currency."""
Day = tuple[date, str]
Amounts = Mapping[str, Decimal]
SOLD = {
    "gross_sales_amount": "subtotal",
    "discount_amount": "discount_amount",
    "shipping_amount": "shipping_amount",
    "tax_amount": "tax_amount",
    "grand_total_amount": "grand_total",
}


@pytest.fixture(scope="module")
def orders(truth_dir: Path) -> dict[str, Row]:
    return orders_that_count(truth_dir)


@pytest.fixture(scope="module")
def of_the_wire(store: Path) -> Mapping[str, Element]:
    return by_id(store, "salesOrderList", "order_id")


@pytest.fixture(scope="module")
def sold(orders: dict[str, Row], of_the_wire: Mapping[str, Element]) -> dict[Day, Amounts]:
    return by_day(
        (row, str(row["base_currency_code"]), amounts_of_order(row, of_the_wire[number]))
        for number, row in orders.items()
    )


@pytest.fixture(scope="module")
def given_back(truth_dir: Path, store: Path, orders: dict[str, Row]) -> dict[Day, Amounts]:
    memos = by_id(store, "salesOrderCreditmemoList", "creditmemo_id")
    return by_day(
        (row, str(order["base_currency_code"]), amounts_of_memo(row, order, memos[str(row["entity_id"])]))
        for row in truth(truth_dir, "creditmemos")
        if row["state"] != CANCELED_MEMO and (order := orders.get(str(row["order_id"])))
    )


def amounts_of_order(row: Row, wire: Element) -> Amounts:
    if not is_foreign(row):
        return {ours: abs(number(row[theirs])) for ours, theirs in SOLD.items()}
    return {ours: abs(number(text_at(wire, f"base_{theirs}"))) for ours, theirs in SOLD.items()} | {
        "grand_total_amount": number(row["base_grand_total"])
    }


def amounts_of_memo(row: Row, order: Row, wire: Element) -> Amounts:
    """Of what was paid back, that is no revenue which was shipping or tax."""

    def in_base(name: str) -> Decimal:
        return number(text_at(wire, f"base_{name}") if is_foreign(order) else row[name])

    paid = number(row["base_grand_total"])
    return {
        "refunds_amount": paid - in_base("shipping_amount") - in_base("tax_amount"),
        "refunded_grand_total_amount": paid,
    }


def by_day(rows: Iterable[tuple[Row, str, Amounts]]) -> dict[Day, Amounts]:
    days: dict[Day, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row, currency, amounts in rows:
        day = day_of(row["created_at"])
        assert day is not None
        for name, amount in amounts.items():
            days[day, currency][name] += amount
    return {day: without_zeros(amounts) for day, amounts in days.items() if any(amounts.values())}


def without_zeros(amounts: Amounts) -> Amounts:
    return {name: amount for name, amount in amounts.items() if amount}


def reported(engine: Engine, names: Iterable[str]) -> dict[Day, Amounts]:
    sums = ", ".join(f"sum({name}) as {name}" for name in names)
    query = f"select sales_date, base_currency_code, {sums} from report.daily_sales group by 1, 2"  # noqa: S608 - our own names
    days = {(row.pop("sales_date"), row.pop("base_currency_code")): row for row in rows_of(engine, query)}
    return {day: without_zeros(amounts) for day, amounts in days.items() if any(amounts.values())}


def total(days: Mapping[Day, Amounts]) -> dict[tuple[str, str], Decimal]:
    """By currency and amount."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (_, currency), amounts in days.items():
        for name, amount in amounts.items():
            sums[currency, name] += amount
    return dict(sums)


def test_gross_discount_tax_and_shipping_of_every_day_are_the_shop_s(
    refreshed: Engine, sold: dict[Day, Amounts]
) -> None:
    found = reported(refreshed, SOLD)
    assert found == sold
    assert total(found) == total(sold)
    assert {currency for currency, _ in total(found)} == {"EUR", "GBP", "USD"}


def test_refunds_of_every_day_are_the_shop_s(refreshed: Engine, given_back: dict[Day, Amounts]) -> None:
    found = reported(refreshed, ("refunds_amount", "refunded_grand_total_amount"))
    assert found == given_back
    assert total(found) == total(given_back)
    assert len(found) > 10


def test_every_sum_across_reports_agrees(refreshed: Engine) -> None:
    verdicts = check_identities(refreshed, load_identities(), now=REFRESHED_AT)
    assert {one.name: one.behind for one in verdicts if one.behind} == {}
    assert {one.name: one.sentences(CheckSeverity.FAIL) for one in verdicts if one.results} == {
        one.name: [] for one in load_identities()
    }


def test_base_amounts_of_the_wire_are_the_books_at_the_order_s_rate(
    orders: dict[str, Row], of_the_wire: Mapping[str, Element]
) -> None:
    foreign = {number: row for number, row in orders.items() if is_foreign(row)}
    for key, row in foreign.items():
        rate = number(text_at(of_the_wire[key], "base_to_order_rate"))
        for ours, amount in amounts_of_order(row, of_the_wire[key]).items():
            assert abs(abs(number(row[SOLD[ours]])) - amount * rate) < ROUNDINGS, (key, ours)
    assert len(foreign) > 50


def test_orders_go_where_their_addresses_say(refreshed: Engine) -> None:
    """The report joins the directory itself, for the view reads every address there is."""
    query = """
        select places.order_key, places.country_code, regions.country_code as said_country_code,
            places.region_key, regions.region_key as said_region_key,
            places.region_name, regions.region_name as said_region_name
        from report.order_regions as places
        inner join crm.orders as orders on orders.order_key = places.order_key
        inner join crm.address_regions as regions
            on regions.address_of = 'order'
            and regions.address_key
            = places.order_key || ':' || case when orders.is_virtual then 'billing' else 'shipping' end
    """
    rows = rows_of(refreshed, query)
    assert len(rows) > 300
    for row in rows:
        for name in ("country_code", "region_key", "region_name"):
            assert row[name] == row[f"said_{name}"], row["order_key"]
