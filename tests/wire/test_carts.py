"""Carts against the recorded shop: every column of every row, statuses told from the orders, whichever comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml.etree import _Element as Element
from sqlalchemy import Engine, text

from tests.wire import expected_carts as expected
from tests.wire.chain import contents
from tests.wire.conftest import Fresh, Loaded, Recorded
from tests.wire.recorded import by_id, items, recorded_rows, scalar_names, text_at, truth
from tests.wire.test_columns import Rows, compared, differences, key, row

Values = dict[str, Any]


def carts(store: Path) -> Rows:
    found: Rows = {}
    for number, element in by_id(store, "oroQuoteList", "entity_id").items():
        r = row(expected.CARTS, element)
        email = r["customer_email"]
        found[f"us:{number}"] = {
            **r,
            "cart_key": key(number),
            "store_key": key(r["store_id"]),
            "customer_group_key": key(r["customer_group_id"]),
            "is_guest": r["customer_id"] is None,
            "last_open_at": _last_open(r),
            "customer_email_normalised": email.strip().lower() if isinstance(email, str) else None,
            "attributes_json": None,
            "owner_name": None,
        }
    return found


def _last_open(r: Values) -> Any:
    is_offered = r["is_active"] and r["converted_at"] is None
    return (r["source_updated_at"] or r["source_created_at"]) if is_offered else None


def cart_items(store: Path) -> Rows:
    found: Rows = {}
    for number, cart in by_id(store, "oroQuoteList", "entity_id").items():
        for element in items(cart, "items"):
            r = row(expected.CART_ITEMS, element)
            names = [text_at(one, "name") for one in items(element, "categories")]
            found[f"us:{r['cart_item_id']}"] = {
                **r,
                "cart_item_key": key(r["cart_item_id"]),
                "cart_id": int(number),
                "cart_key": key(number),
                "parent_item_key": key(r["parent_item_id"]),
                "product_key": key(r["product_id"]),
                "cart_currency_code": text_at(cart, "quote_currency_code"),
                "base_currency_code": text_at(cart, "base_currency_code"),
                "category_names_json": names or None,
                "is_removed": False,
            }
    return found


def cart_addresses(store: Path) -> Rows:
    found: Rows = {}
    for number, cart in by_id(store, "oroQuoteList", "entity_id").items():
        for kind in ("billing", "shipping"):
            r = row(expected.CART_ADDRESSES, cart.find(f"{kind}_address"))
            found[f"us:{number}:{kind}"] = {
                **r,
                "cart_address_key": key(number, kind),
                "cart_id": int(number),
                "cart_key": key(number),
                "customer_address_key": key(r["customer_address_id"]),
                "email_normalised": r["email"].strip().lower() if isinstance(r["email"], str) else None,
            }
    return found


TABLES = {made.__name__: made for made in (carts, cart_items, cart_addresses)}
COUNTS = {"carts": 570, "cart_items": 1439, "cart_addresses": 1140}
# Guests' keys and statuses are compared by their meaning, below.
BY_MEANING = {"customer_key", "status"}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_holds_what_the_wire_says(with_bridge: Loaded, store: Path, table: str) -> None:
    wanted, found = TABLES[table](store), contents(with_bridge.engine, table)
    assert wanted.keys() == found.keys()
    assert len(found) == COUNTS[table]
    columns = compared(found, table) - (BY_MEANING if table == "carts" else set())
    assert columns == set(next(iter(wanted.values())))
    assert differences(wanted, found, columns) == {}


def test_no_field_of_the_wire_is_lost_unnoticed(store: Path) -> None:
    lost = {name for mapped, e in wire_fields(store) for name in scalar_names(e) if name not in mapped}
    assert lost == {name for names in expected.LEFT_OUT for name in names.split()}


def wire_fields(store: Path) -> Iterator[tuple[set[str], Element]]:
    """Every recorded element with the names that its table knows or that link it to its cart."""
    cart, item, address = (
        set(m.values()) for m in (expected.CARTS, expected.CART_ITEMS, expected.CART_ADDRESSES)
    )
    for _, element in recorded_rows(store, "oroQuoteList"):
        yield cart, element
        yield from ((item | {"store_id"}, e) for e in items(element, "items"))
        yield from ((address | {"customer_id"}, e) for e in element.findall("billing_address"))
        yield from ((address | {"customer_id"}, e) for e in element.findall("shipping_address"))
        paid = {name.partition("/")[2] for name in cart if "/" in name} | {"created_at", "updated_at"}
        yield from ((paid, e) for e in element.findall("payment"))


def test_carts_are_those_of_the_shop_s_database(with_bridge: Loaded, truth_dir: Path) -> None:
    found = contents(with_bridge.engine, "carts")
    rows = truth(truth_dir, "quotes")
    assert {f"us:{row['entity_id']}" for row in rows} == found.keys()
    assert sum(bool(row["is_active"]) for row in found.values()) == 139
    assert sum(row["is_guest"] is True for row in found.values()) == 114
    assert sum(row["source_updated_at"] is None for row in found.values()) == 20
    assert sum(row["item_count"] == 0 for row in found.values()) == 14


def statuses(truth_dir: Path) -> dict[str, str]:
    """An order with its id: purchased; else expired once inactive."""
    ordered = {row["quote_id"] for row in truth(truth_dir, "orders")}
    rows = truth(truth_dir, "quotes")
    return {
        f"us:{row['entity_id']}": "purchased"
        if row["entity_id"] in ordered
        else ("open" if row["is_active"] == "1" else "expired")
        for row in rows
    }


def status_of(engine: Engine) -> dict[str, object]:
    return {key: row["status"] for key, row in contents(engine, "carts").items()}


def test_statuses_are_told_from_the_store_s_facts(with_bridge: Loaded, truth_dir: Path) -> None:
    found = status_of(with_bridge.engine)
    assert found == statuses(truth_dir)
    assert Counter(found.values()).keys() == {"open", "purchased", "expired"}


def test_carts_that_come_after_their_orders_have_the_same_statuses(
    fresh: Fresh, recorded: Recorded, truth_dir: Path
) -> None:
    chain = fresh()
    for entities in (["stores"], ["orders"], ["carts"]):
        chain.load(recorded(), entities=entities)
    assert status_of(chain.engine) == statuses(truth_dir)
    with chain.engine.connect() as connection:
        assert connection.execute(text("select count(*) from crm.carts_history")).scalar_one() == 0


def test_guest_s_cart_and_order_belong_to_the_same_person(with_bridge: Loaded) -> None:
    statement = text(
        "select count(*), count(*) filter (where carts.customer_key = orders.customer_key) from crm.orders"
        " join crm.carts using (cart_key)"
        # Without its store view an order has no website, by which guests are told apart.
        " where carts.is_guest and orders.customer_key is not null and orders.store_key is not null"
    )
    with with_bridge.engine.connect() as connection:
        total, same = connection.execute(statement).one()
    assert total > 50
    assert same == total
