"""Each place said to hold a value in Magento 2 is there: in an answer of the real store, or in what it declares."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from include.demo_store.rest.access import OPEN
from include.demo_store.rest.reading import DICTIONARIES, RIGHTS
from include.entities.catalogue import ENTITIES
from include.entities.model import Entity, Table
from include.identity.guest_keys import GuestKeys
from include.magento.door import Reading, Record
from include.magento.rest.reading import RestReading, RestSnapshot
from include.magento.rest.records import parsed, record_of
from include.sync.mapping import mapping_of
from tests.sync.shop import REPORT, channel

CONTEXT = mapping_of(channel(), REPORT, GuestKeys(b"secret"))
FILES = {
    "carts": "carts_search",
    "credit_memos": "creditmemos",
    "customers": "customers_search",
    "invoices": "invoices",
    "newsletter_subscribers": "customers_search",
    "orders": "orders",
    "products": "products",
    "shipments": "shipments",
}
SNAPSHOTS = {
    "stores": {
        "websites": "store_websites",
        "stores": "store_views",
        "customer_groups": "customer_groups_search",
    },
    "regions": {"countries": "directory_countries"},
    "categories": {"categories": "categories_list"},
    "stock": {
        "products": "products",
        "source_items": "inventory_source_items",
        "sources": "inventory_sources",
    },
    "price_rules": {"rules": "salesrules_search", "coupons": "coupons_search"},
}
INTERFACES = {
    "orders": "sales-data-order",
    "order_items": "sales-data-order-item",
    "order_addresses": "sales-data-order-address",
    "order_payments": "sales-data-order-payment",
    "invoices": "sales-data-invoice",
    "invoice_items": "sales-data-invoice-item",
    "credit_memos": "sales-data-creditmemo",
    "credit_memo_items": "sales-data-creditmemo-item",
    "shipments": "sales-data-shipment",
    "customers": "customer-data-customer",
    "customer_addresses": "customer-data-address",
    "carts": "quote-data-cart",
    "cart_addresses": "quote-data-address",
    "coupons": "sales-rule-data-coupon",
    "price_rules": "sales-rule-data-rule",
}


@pytest.fixture(scope="module")
def answers(shared_dir: Path) -> Path:
    """What the real store answered."""
    return shared_dir / "magento2" / "responses" / "read"


@pytest.fixture(scope="module")
def declared(shared_dir: Path) -> dict[str, set[str]]:
    """Fields by interface, as Magento declares them."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in (shared_dir / "magento2" / "schemas" / "fields.tsv").read_text().splitlines():
        interface, name, *_ = line.split("\t")
        found[interface.removesuffix("-interface")].add(name)
    return found


def listed(folder: Path, name: str) -> list[Record]:
    body = parsed((folder / f"{name}.json").read_bytes())
    rows = body["items"] if "total_count" in body else [body] if isinstance(body, dict) else body
    return [record_of(row) for row in rows]


def records(entity: Entity, folder: Path) -> list[Record]:
    if entity.is_snapshot:
        return [{key: listed(folder, name) for key, name in SNAPSHOTS[entity.name].items()}]
    found = listed(folder, FILES[entity.name])
    if entity.name != "carts":
        return found
    (totals,) = listed(folder, "cart_36_totals")
    return [{**record, "totals": totals} for record in found]


def places(table: Table) -> dict[str, str]:
    """Where Magento 2 has the values of the columns that a store tells."""
    return {
        field.name: source
        for field in table.fields
        if (field.magento1 or field.magento2) and (source := field.source("magento2"))
    }


def paths(reading: Reading) -> list[str]:
    """All lists that an entity is read from."""
    if isinstance(reading, RestSnapshot):
        return list(reading.lists.values())
    assert isinstance(reading, RestReading)
    return [reading.path, *(one.path for one in reading.look_ups)]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda one: one.name)
def test_every_right_that_the_store_asks_for_is_named(entity: Entity) -> None:
    reading = entity.reading["magento2"]
    assert isinstance(reading, RestReading | RestSnapshot)
    asked = RIGHTS | {path: right for path, (right, _) in DICTIONARIES.items() if right != OPEN}
    needed = {asked[path] for path in paths(reading) if path in asked}
    assert needed - {right.strip() for right in reading.resource.split(",")} == set()


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda one: one.name)
def test_every_place_named_is_there(entity: Entity, answers: Path, declared: dict[str, set[str]]) -> None:
    told = records(entity, answers)
    for table in entity.tables:
        rows = [row for record in told for row in table.rows["magento2"](record, CONTEXT)]
        known = set[str]().union(*rows) | declared[INTERFACES.get(table.name, "")]
        assert {name: place for name, place in places(table).items() if place not in known} == {}, table.name
