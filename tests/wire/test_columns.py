"""All columns of all tables against the recorded XML: what the wire says is what the warehouse holds, typed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain as joined
from pathlib import Path

import pytest
from lxml.etree import _Element as Element
from sqlalchemy import Engine, text

from tests.wire import expected
from tests.wire.chain import contents
from tests.wire.conftest import Loaded
from tests.wire.expected import Mapped
from tests.wire.recorded import by_id, first_text, items, recorded_rows, scalar_names, text_at, truth
from tests.wire.values import typed

Rows = dict[str, dict[str, object]]
BOOKKEEPING = {"row_hash", "deleted_at", "channel_code"}


def row(mapped: Mapped, *elements: Element | None) -> dict[str, object]:
    """One expected row: each column from the first element that has it."""
    return {column: typed(column, first_text(path, *elements)) for column, path in mapped.items()}


def key(*ids: object) -> str | None:
    return None if None in ids else ":".join(("us", *map(str, ids)))


def listed(store: Path, method: str, mapped: Mapped, name: str, id_field: str) -> Rows:
    found = (row(mapped, element) for _, element in recorded_rows(store, method))
    return {f"us:{r[id_field]}": {**r, f"{name}_key": key(r[id_field])} for r in found}


def websites(store: Path, truth_dir: Path, stock: bool) -> Rows:
    rows = listed(store, "oroWebsiteList", expected.WEBSITES, "website", "website_id")
    return {k: r for k, r in rows.items() if r["website_code"] != "admin"}


def stores(store: Path, truth_dir: Path, stock: bool) -> Rows:
    rows = listed(store, "storeList", expected.STORES, "store", "store_id")
    return {k: {**r, "website_key": key(r["website_id"])} for k, r in rows.items()}


def customer_groups(store: Path, truth_dir: Path, stock: bool) -> Rows:
    return listed(store, "customerGroupList", expected.CUSTOMER_GROUPS, "customer_group", "customer_group_id")


def customers(store: Path, truth_dir: Path, stock: bool) -> Rows:
    bridge = {} if stock else by_id(store, "oroCustomerList", "customer_id")
    found: Rows = {}
    for number, element in by_id(store, "customerCustomerList", "customer_id").items():
        r = row(expected.CUSTOMERS, bridge.get(number), element)
        email = r["email"]
        found[f"us:{number}"] = {
            **r,
            "customer_key": key(number),
            "website_key": key(r["website_id"]),
            "store_key": key(r["store_id"]),
            "customer_group_key": key(r["customer_group_id"]),
            "email_normalised": email.strip().lower() if isinstance(email, str) else None,
            "is_guest": False,
            "attributes_json": None,
        }
    return found


def customer_addresses(store: Path, truth_dir: Path, stock: bool) -> Rows:
    pairs: Iterator[tuple[str, Element]]
    if stock:
        pairs = iter(recorded_rows(store, "customerAddressList"))
    else:
        owners = by_id(store, "oroCustomerList", "customer_id").items()
        pairs = ((owner, a) for owner, element in owners for a in items(element, "addresses"))
    rows = ((owner, row(expected.CUSTOMER_ADDRESSES, element)) for owner, element in pairs)
    return {
        f"us:{r['customer_address_id']}": {
            **r,
            "customer_id": int(owner),
            "customer_key": key(owner),
            "customer_address_key": key(r["customer_address_id"]),
            "attributes_json": None,
        }
        for owner, r in rows
    }


def details(store: Path, stock: bool) -> dict[str, tuple[Element, Element]]:
    """By order id: the element with the children, and the list's row."""
    bridge = {} if stock else by_id(store, "oroOrderList", "order_id")
    info = by_id(store, "salesOrderInfo", "order_id")
    spine = by_id(store, "salesOrderList", "order_id")
    return {n: (found if (found := bridge.get(n)) is not None else info[n], spine[n]) for n in spine}


def orders(store: Path, truth_dir: Path, stock: bool) -> Rows:
    found: Rows = {}
    for number, elements in details(store, stock).items():
        r = row(expected.ORDERS, *elements)
        email = r["customer_email"]
        found[f"us:{number}"] = {
            **r,
            "order_key": key(number),
            "store_key": key(r["store_id"]),
            "customer_group_key": key(r["customer_group_id"]),
            "cart_key": key(r["cart_id"]),
            "is_guest": r["customer_id"] is None,
            "customer_email_normalised": email.strip().lower() if isinstance(email, str) else None,
            "attributes_json": None,
        }
    return found


def of_order(number: str, elements: tuple[Element, Element]) -> dict[str, object]:
    money = {c: first_text(c, *elements) for c in ("order_currency_code", "base_currency_code")}
    return {"order_id": int(number), "order_key": key(number), **money}


def order_items(store: Path, truth_dir: Path, stock: bool) -> Rows:
    parents = {line["item_id"]: line["parent_item_id"] for line in truth(truth_dir, "order_items")}
    found: Rows = {}
    for number, elements in details(store, stock).items():
        for element in items(elements[0], "items"):
            r = row(expected.ORDER_ITEMS, element)
            parent = parents[text_at(element, "item_id")]
            found[f"us:{r['order_item_id']}"] = {
                **r,
                **of_order(number, elements),
                "order_item_key": key(r["order_item_id"]),
                "product_key": key(r["product_id"]),
                "parent_item_id": int(parent) if parent else None,
                "parent_item_key": key(parent),
            }
    return found


def order_addresses(store: Path, truth_dir: Path, stock: bool) -> Rows:
    found: Rows = {}
    for number, elements in details(store, stock).items():
        for kind in ("billing", "shipping"):
            element = elements[0].find(f"{kind}_address")
            if element is not None and len(element):
                own = {"order_id": int(number), "order_key": key(number)}
                nothing = {"source_created_at": None, "source_updated_at": None}
                keys = {"order_address_key": key(number, kind)}
                found[f"us:{number}:{kind}"] = row(expected.ORDER_ADDRESSES, element) | own | keys | nothing
    return found


def order_comments(store: Path, truth_dir: Path, stock: bool) -> Rows:
    found: Rows = {}
    for number, elements in details(store, stock).items():
        history = items(elements[0], "status_history")
        for place, element in zip(range(len(history), 0, -1), history, strict=True):
            notified = text_at(element, "is_customer_notified")
            found[f"us:{number}:{place}"] = {
                **row(expected.ORDER_COMMENTS, element),
                "order_comment_key": key(number, place),
                "order_id": int(number),
                "order_key": key(number),
                "comment_number": place,
                "is_customer_notified": {"1": True, "0": False}.get(notified or ""),
                "source_updated_at": None,
            }
    return found


def order_payments(store: Path, truth_dir: Path, stock: bool) -> Rows:
    return {
        f"us:{number}": {
            **row(expected.ORDER_PAYMENTS, elements[0].find("payment")),
            **of_order(number, elements),
            "order_payment_key": key(number),
            "source_created_at": None,
            "source_updated_at": None,
        }
        for number, elements in details(store, stock).items()
    }


TABLES: Mapping[str, Callable[[Path, Path, bool], Rows]] = {
    made.__name__: made
    for made in (
        websites,
        stores,
        customer_groups,
        customers,
        customer_addresses,
        orders,
        order_items,
        order_addresses,
        order_comments,
        order_payments,
    )
}
# The keyed hash of guests is compared by its meaning in test_guests.py, who is one account in test_accounts.py.
BY_MEANING = {
    "orders": {"customer_key", "owner_name"},
    "customers": {"account_key", "contact_key", "owner_name"},
}
DICTIONARIES = {"source_created_at", "source_updated_at"}


def held(engine: Engine, table: str) -> Rows:
    """The rows of the store itself; guests are made by us."""
    rows = contents(engine, table)
    return {k: r for k, r in rows.items() if table != "customers" or not r["is_guest"]}


def differences(wanted: Rows, found: Rows, columns: set[str]) -> dict[str, list[object]]:
    """By column: the first rows that differ, what was wanted and what is there."""
    different: dict[str, list[object]] = {}
    for k, w in wanted.items():
        for column in columns:
            if w.get(column) != found[k][column]:
                different.setdefault(column, []).append((k, w.get(column), found[k][column]))
    return {column: examples[:3] for column, examples in different.items()}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_holds_what_the_wire_says(
    with_bridge: Loaded, store: Path, truth_dir: Path, table: str
) -> None:
    wanted, found = TABLES[table](store, truth_dir, False), held(with_bridge.engine, table)
    assert wanted.keys() == found.keys()
    assert differences(wanted, found, compared(found, table)) == {}


@pytest.mark.parametrize("table", sorted(TABLES.keys() - {"websites"}))
def test_every_column_holds_what_the_stock_wire_says(
    without_bridge: Loaded, store: Path, truth_dir: Path, table: str
) -> None:
    wanted, found = TABLES[table](store, truth_dir, True), held(without_bridge.engine, table)
    assert wanted.keys() == found.keys()
    assert differences(wanted, found, compared(found, table)) == {}


def compared(found: Rows, table: str) -> set[str]:
    return set(next(iter(found.values()))) - BOOKKEEPING - BY_MEANING.get(table, set())


@pytest.mark.parametrize("table", TABLES)
def test_no_column_goes_uncompared(with_bridge: Loaded, store: Path, truth_dir: Path, table: str) -> None:
    wanted = TABLES[table](store, truth_dir, False)
    known = set(next(iter(wanted.values())))
    without_dates = DICTIONARIES if table in ("websites", "stores", "customer_groups") else set()
    assert compared(held(with_bridge.engine, table), table) - without_dates == known


def wire_fields(store: Path) -> Iterator[tuple[Mapped, Element]]:
    """Every recorded element with the mapping it belongs to."""
    for method, mapped in (
        ("oroWebsiteList", expected.WEBSITES),
        ("storeList", expected.STORES),
        ("customerGroupList", expected.CUSTOMER_GROUPS),
        ("customerCustomerList", expected.CUSTOMERS),
        ("oroCustomerList", expected.CUSTOMERS),
        ("customerAddressList", expected.CUSTOMER_ADDRESSES),
        ("salesOrderList", expected.ORDERS),
        ("oroOrderList", expected.ORDERS),
        ("salesOrderInfo", expected.ORDERS),
    ):
        yield from ((mapped, element) for _, element in recorded_rows(store, method))
    for _, order in joined(recorded_rows(store, "oroOrderList"), recorded_rows(store, "salesOrderInfo")):
        yield from ((expected.ORDER_ITEMS, e) for e in items(order, "items"))
        yield from ((expected.ORDER_COMMENTS, e) for e in items(order, "status_history"))
        yield from ((expected.ORDER_ADDRESSES, e) for e in order.findall("billing_address"))
        yield from ((expected.ORDER_ADDRESSES, e) for e in order.findall("shipping_address"))
        yield from ((expected.ORDER_PAYMENTS, e) for e in order.findall("payment"))


def test_no_field_of_the_wire_is_lost_unnoticed(store: Path) -> None:
    left_out = {name for names in expected.LEFT_OUT for name in names.split()}
    lost = {
        name for mapped, e in wire_fields(store) for name in scalar_names(e) if name not in mapped.values()
    }
    assert lost - {"is_customer_notified"} == left_out


def test_fields_nobody_declared_are_counted_and_there_are_none(with_bridge: Loaded) -> None:
    with with_bridge.engine.connect() as connection:
        unknown = connection.execute(text("select unknown_fields_json from ops.windows")).scalars().all()
    assert unknown
    assert not any(unknown)
