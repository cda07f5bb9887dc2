from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from include.demo_store.running import RunningStore, running_store
from tests.journeys import truth
from tests.orchestration.house import House

pytestmark = pytest.mark.slow(60)

SIZE: dict[str, Any] = {"customers": 70, "orders": 220}
WAYS: dict[str, dict[str, Any]] = {
    "bridge": {},
    "stock": {"bridge": False},
    "sessions_end": {"expire_every": 20},
    "answers_break_off": {"fail_every": 25},
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
def test_every_way_of_reading_gives_what_the_shop_holds(house: House, way: str) -> None:
    with running_store(**SIZE, **WAYS[way]) as store:
        load(house, store)
        shop = store.shop
    people = [truth.told(customer.row, truth.CUSTOMERS) for customer in shop.customers()]
    cards = [
        truth.told(card, truth.ADDRESSES) for customer in shop.customers() for card in customer.addresses
    ]
    orders = [truth.told(order.row, truth.ORDERS) for order in shop.orders()]
    lines = [truth.told(item, truth.ITEMS) for order in shop.orders() for item in order.items]
    notes = Counter(entry["status"] for order in shop.orders() for entry in order.history)
    assert rows(house, "customers", truth.CUSTOMERS, "not is_guest") == by_id(people)
    assert rows(house, "customer_addresses", truth.ADDRESSES) == by_id(cards)
    assert rows(house, "orders", truth.ORDERS) == by_id(orders)
    assert rows(house, "order_items", truth.ITEMS) == by_id(lines)
    assert dict(house.rows("select status, count(*) from crm.order_comments group by status")) == notes
    assert house.rows("select * from ops.quarantine") == []


def test_lines_of_every_kind_of_product_count_once(house: House) -> None:
    with running_store(**SIZE) as store:
        load(house, store)
        lines = [item for order in store.shop.orders() for item in order.items]
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
        house.sync("customers", "orders")
        shop = store.shop
    assert [house.run(dag_id).state for dag_id in ("report_sales", "segment_files")] == ["success"] * 2
    assert report(house) == truth.daily_sales(shop)
    check_file(house, truth.repeat_customers(shop))


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


def check_file(house: House, expected: dict[tuple[Any, ...], truth.Buyer]) -> None:
    (manifest_file,) = (house.folder / "exports" / "repeat_customers").glob("*.manifest.json")
    manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
    content = (manifest_file.parent / manifest["file"]).read_bytes()
    members = list(csv.DictReader(content.decode("utf-8").splitlines()))
    assert (manifest["rows"], manifest["sha256"]) == (len(members), hashlib.sha256(content).hexdigest())
    assert [column["name"] for column in manifest["columns"]] == list(members[0])
    registered = {who[0]: buyer.orders for who, buyer in expected.items() if who[0]}
    guests = Counter((who[2], buyer.orders) for who, buyer in expected.items() if not who[0])
    assert guests
    assert registered
    in_file = [(row["customer_key"], row["email"].lower(), int(row["order_count"])) for row in members]
    assert {key: count for key, _, count in in_file if ":guest:" not in key} == registered
    assert Counter((email, count) for key, email, count in in_file if ":guest:" in key) == guests
    revenue = sum(Decimal(row["revenue_amount"]) for row in members)
    assert revenue == round(sum(round(buyer.revenue, 4) for buyer in expected.values()), 4)
