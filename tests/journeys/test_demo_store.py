from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from include.demo_store.running import RunningStore, running_store
from include.demo_store.shop import Shop
from tests.journeys import truth
from tests.orchestration.house import House
from tests.reports.in_order import refresh_in_order

pytestmark = pytest.mark.slow(30)

SIZE: dict[str, Any] = {"customers": 70, "orders": 220}
WAYS: dict[str, dict[str, Any]] = {
    "with_bridge_while_sessions_end": {"expire_every": 9},
    "stock_while_answers_break_off": {"bridge": False, "fail_every": 25},
}


def load(house: House, store: RunningStore) -> None:
    house.channel("demo", store)
    assert [run.state for run in house.sync("stores", "customers", "orders")] == ["success"] * 3


def rows(
    house: House, table: str, columns: Mapping[str, str], where: str = "true"
) -> list[dict[str, str | None]]:
    """Rows of a table, values as the shop writes them, by the first column."""
    names = list(columns)
    found = house.rows(f"select {', '.join(names)} from crm.{table} where {where} order by {names[0]}")  # noqa: S608
    return [dict(zip(names, map(truth.as_shop, row), strict=True)) for row in found]


def by_id(records: list[dict[str, str | None]]) -> list[dict[str, str | None]]:
    return sorted(records, key=lambda record: int(next(iter(record.values())) or 0))


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_reading_gives_what_the_shop_holds_whatever_happens_meanwhile(
    house: House, way: str
) -> None:
    with running_store(**SIZE, **WAYS[way]) as store:
        load(house, store)
        shop = store.shop
    people = [truth.told(customer.row, truth.CUSTOMERS) for customer in shop.customers()]
    cards = [
        truth.told(card, truth.ADDRESSES) for customer in shop.customers() for card in customer.addresses
    ]
    orders = [truth.told(order.row, truth.ORDERS) for order in shop.orders()]
    items = [item for order in shop.orders() for item in order.items]
    lines = [truth.told(item, truth.ITEMS) for item in items]
    notes = Counter(entry["status"] for order in shop.orders() for entry in order.history)
    assert rows(house, "customers", truth.CUSTOMERS, "not is_guest") == by_id(people)
    assert rows(house, "customer_addresses", truth.ADDRESSES) == by_id(cards)
    assert rows(house, "orders", truth.ORDERS) == by_id(orders)
    assert rows(house, "order_items", truth.ITEMS) == by_id(lines)
    assert dict(house.rows("select status, count(*) from crm.order_comments group by status")) == notes
    assert house.rows("select * from ops.quarantine") == []
    check_lines(house, items)


def check_lines(house: House, lines: list[truth.Row]) -> None:
    """Lines of every kind of product are there and count once."""
    kinds = Counter((item["product_type"], item["parent_item_id"] is None) for item in lines)
    found = house.rows(
        "select product_type, parent_item_key is null, count(*) from crm.order_items group by 1, 2"
    )
    assert {(kind, own): count for kind, own, count in found} == kinds
    assert {kind for kind, own in kinds if own} >= {
        "grouped",
        "downloadable",
        "bundle",
        "configurable",
        "virtual",
    }
    assert any('s:7:"options"' in (item["product_options"] or "") for item in lines)
    wrong = """
        select order_number from crm.orders join crm.order_lines_that_count using (order_key)
        group by order_key having sum(order_lines_that_count.base_row_total_amount) <> base_subtotal_amount
    """
    assert house.rows(wrong) == []


def test_report_and_segment_file_equal_what_the_shop_adds_up_to(house: House) -> None:
    with running_store(**SIZE) as store:
        load(house, store)
        store.tick(30)
        house.sync("customers", "orders", "newsletter_subscribers")
        shop = store.shop
    assert house.run("report_sales").state == "success"
    refresh_in_order(house.engine, ["customer_value"], now=datetime.now(UTC))
    assert house.run("segment_files", segment="repeat_customers").state == "success"
    assert report(house) == truth.daily_sales(shop)
    check_members(house, truth.repeat_customers(shop))
    check_file(house, shop)


def report(house: House) -> dict[tuple[Any, ...], dict[str, Decimal]]:
    """Days with orders; what was given back is another test's."""
    query = "select * from report.daily_sales where channel_code = 'demo' and order_count > 0"
    found = [row._mapping for row in house.rows(query)]
    assert all(
        row["average_order_value_amount"] == round(row["revenue_amount"] / row["order_count"], 4)
        for row in found
    )
    return {
        (row["store_key"], row["sales_date"], row["base_currency_code"]): {
            name: Decimal(row[name]) for name in truth.SALES_MEASURES
        }
        for row in found
    }


def check_file(house: House, shop: Shop) -> None:
    """Who bought again, and of these who is subscribed."""
    (manifest_file,) = (house.folder / "exports" / "repeat_customers").glob("*.manifest.json")
    manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
    content = (manifest_file.parent / manifest["file"]).read_bytes()
    members = list(csv.DictReader(content.decode("utf-8").splitlines()))
    assert (manifest["rows"], manifest["sha256"]) == (len(members), hashlib.sha256(content).hexdigest())
    assert [column["name"] for column in manifest["columns"]] == list(members[0])
    subscribed = {
        row["subscriber_email"].strip().lower()
        for row in shop.subscribers()
        if row["subscriber_status"] == "1"
    }
    assert {row["email"].lower() for row in members} <= subscribed


def check_members(house: House, expected: dict[tuple[Any, ...], truth.Buyer]) -> None:
    """Accounts are made of several buyers at most, so what all of them bought is compared."""
    found = house.rows("select account_key, order_count from marketing.repeat_customers")
    buyers = {who[0] for who in expected if who[0]}
    assert buyers <= {row.account_key for row in found}
    assert sum(row.order_count for row in found) >= sum(buyer.orders for buyer in expected.values())
