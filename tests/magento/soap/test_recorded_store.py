"""The door against a recorded store: everything it holds, both ways in, with sessions and answers that break."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

import pytest

from include.magento.door import ChangedSince, Everything, IdRange, Ids
from include.magento.soap.reading import InfoCall, SnapshotReading, SoapReading
from include.write_back.cart_content import orders_of

ORDERS = SoapReading(
    spine="salesOrderList",
    id_field="order_id",
    filter_id="entity_id",
    bridge="oroOrderList",
    stock=(InfoCall(method="salesOrderInfo", argument="orderIncrementId", value_field="increment_id"),),
)
CUSTOMERS = SoapReading(
    spine="customerCustomerList",
    id_field="customer_id",
    filter_id="entity_id",
    bridge="oroCustomerList",
    stock=(
        InfoCall(
            method="customerAddressList", argument="customerId", value_field="customer_id", into="addresses"
        ),
    ),
)
STORES = SnapshotReading(
    lists={"websites": "oroWebsiteList", "stores": "storeList", "customer_groups": "customerGroupList"},
    required=frozenset({"stores", "customer_groups"}),
)
WAYS = [(), ("--no-bridge",), ("--expire-every", "20"), ("--fail-every", "7")]


@pytest.fixture
def truth(shared_dir):
    def rows(name):
        with (shared_dir / "magento1" / "truth" / f"{name}.tsv").open(newline="") as file:
            return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))

    return rows


def whole(door, reading, selection=None):
    selection = selection or IdRange(low=0, high=door.greatest_id(reading))
    pages = list(door.read(reading, selection, page_size=100))
    assert all(page.unreadable == [] for page in pages)
    records = [record for page in pages for record in page.records]
    by_id = {record[reading.id_field]: record for record in records}
    assert len(by_id) == len(records)
    return by_id


@pytest.mark.parametrize("options", WAYS, ids=" ".join)
def test_every_order_line_and_history_row_arrives(recorded_store, enter, truth, options):
    orders = whole(enter(recorded_store(*options)), ORDERS)
    assert set(orders) == {row["entity_id"] for row in truth("orders")}
    assert sum(len(order["items"]) for order in orders.values()) == 1120
    assert sum(len(order["status_history"]) for order in orders.values()) == 1276
    assert all(order["payment"] for order in orders.values())


@pytest.mark.parametrize("options", WAYS, ids=" ".join)
def test_every_customer_and_address_arrives(recorded_store, enter, truth, options):
    customers = whole(enter(recorded_store(*options)), CUSTOMERS)
    assert set(customers) == {row["entity_id"] for row in truth("customers")}
    assert sum(len(customer["addresses"]) for customer in customers.values()) == 426


def test_orders_without_a_store_come_though_the_bridge_drops_them(recorded_store, enter):
    orders = whole(enter(recorded_store()), ORDERS, Ids(ids=(41, 42)))
    assert sorted(orders) == ["41", "42"]
    assert all(order["items"] and order.get("store_id") is None for order in orders.values())


def test_order_dated_in_the_future_is_in_every_open_window(recorded_store, enter):
    door = enter(recorded_store())
    assert list(whole(door, ORDERS, ChangedSince(since=door.clock()))) == ["410"]


def test_order_without_change_date_is_found_by_id_only(recorded_store, enter):
    door = enter(recorded_store())
    assert "12" not in whole(door, ORDERS, ChangedSince(since=datetime(2000, 1, 1, tzinfo=UTC)))
    assert list(whole(door, ORDERS, Ids(ids=(12,)))) == ["12"]


def test_forty_orders_changed_in_one_second_are_all_there(recorded_store, enter):
    second = datetime(2026, 6, 15, 12, tzinfo=UTC)
    assert len(whole(enter(recorded_store()), ORDERS, ChangedSince(since=second, until=second))) >= 40


def test_both_ways_agree_on_every_field_both_deliver(recorded_store, enter):
    for reading in (ORDERS, CUSTOMERS):
        bridge = whole(enter(recorded_store()), reading)
        stock = whole(enter(recorded_store("--no-bridge")), reading)
        differing = {
            name
            for key, record in bridge.items()
            for name in record.keys() & stock[key].keys()
            if isinstance(record[name], str)
            and isinstance(stock[key][name], str)
            and record[name] != stock[key][name]
        }
        assert differing == set()


def test_stores_snapshot_has_what_the_store_offers(recorded_store, enter):
    (page,) = enter(recorded_store()).read(STORES, Everything(), page_size=1)
    assert {name: len(rows) for name, rows in page.records[0].items()} == {
        "websites": 4,
        "stores": 4,
        "customer_groups": 7,
    }
    (page,) = enter(recorded_store("--no-bridge")).read(STORES, Everything(), page_size=1)
    assert sorted(page.records[0]) == ["customer_groups", "stores"]


def test_report_tells_versions_stores_and_websites_without_the_admin(recorded_store, enter):
    with_bridge = enter(recorded_store()).report()
    assert (with_bridge.magento_version, with_bridge.bridge_version) == ("1.9.4.5", "1.2.19")
    assert with_bridge.websites == {1: "Main Website", 2: "US Website", 3: "UK & Ireland's Website"}
    assert {(s.store_id, s.code, s.website_id) for s in with_bridge.stores} == {
        (1, "default", 1),
        (2, "de", 1),
        (3, "us_en", 2),
        (4, "uk_en", 3),
    }
    stock = enter(recorded_store("--no-bridge")).report()
    assert (stock.magento_version, stock.bridge_version) == ("1.9.4.5", None)
    assert sorted(stock.websites) == [1, 2, 3]
    assert (stock.admin_url, str(with_bridge.admin_url).startswith("http")) == (None, True)
    assert stock.notes


def test_greatest_id_costs_few_rows(recorded_store, enter):
    door = enter(recorded_store())
    assert door.greatest_id(ORDERS) == 416
    assert door.tally.bytes_received < 700_000  # the WSDL is 280 kB of it, the whole list 2.2 MB
    assert door.greatest_id(CUSTOMERS) == 300


def test_no_secret_is_in_any_record(recorded_store, enter):
    door = enter(recorded_store())
    text = f"{whole(door, CUSTOMERS)}{whole(door, ORDERS)}"
    for name in ("password_hash", "protect_code", "rp_token", "cc_number", "additional_information"):
        assert name not in text


def test_renewals_and_retries_are_counted(recorded_store, enter):
    door = enter(recorded_store("--no-bridge", "--expire-every", "20"))
    whole(door, ORDERS)
    assert door.tally.logins > 10
    assert door.tally.retries == 0


def test_record_is_found_by_its_number_and_by_its_address(recorded_store, enter, truth):
    door = enter(recorded_store())
    known = {row["increment_id"]: row["entity_id"] for row in truth("orders")}
    asked = sorted(known)[:3]
    found = {
        row["increment_id"]: row["order_id"] for row in door.find(ORDERS, "increment_id", [*asked, "none"])
    }
    assert found == {number: known[number] for number in asked}
    email = next(row["email"] for row in truth("customers") if "@" in row["email"])
    assert {row["email"] for row in door.find(CUSTOMERS, "email", [email])} == {email}
    assert door.find(STORES, "store_id", ["1"]) == []


@pytest.mark.parametrize("options", [(), ("--no-bridge",)], ids=["bridge", "stock"])
def test_order_is_found_by_the_cart_it_came_from_and_by_no_other(recorded_store, enter, truth, options):
    door = enter(recorded_store(*options))
    wanted = truth("orders")[0]
    found = orders_of(door, int(wanted["quote_id"]))
    assert wanted["entity_id"] in [order["order_id"] for order in found]
    assert {order["quote_id"] for order in found} == {wanted["quote_id"]}
    assert orders_of(door, 999_999) == []
