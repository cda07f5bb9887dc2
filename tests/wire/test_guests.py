"""People without an account: one customer row per website and e-mail, made of their orders or else of their carts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml.etree import _Element as Element

from include.sync.windows_to_read import WindowsToRead
from tests.wire.chain import Chain, contents
from tests.wire.conftest import Fresh, Loaded, Recorded
from tests.wire.recorded import by_id, text_at
from tests.wire.values import instant, typed

Person = tuple[str | None, str]
Rows = Mapping[str, dict[str, Any]]
NEVER = datetime.max.replace(tzinfo=UTC)


@pytest.fixture(scope="module")
def orders_of(store: Path) -> dict[Person, list[Element]]:
    """The orders of each person without an account, oldest first: by website and e-mail without blanks and case."""
    websites = {
        number: text_at(e, "website_id") for number, e in by_id(store, "storeList", "store_id").items()
    }
    found: dict[Person, list[Element]] = {}
    for order in by_id(store, "salesOrderList", "order_id").values():
        email = text_at(order, "customer_email")
        if email and not text_at(order, "customer_id"):
            website = websites.get(text_at(order, "store_id") or "")
            found.setdefault((website, email.strip().lower()), []).append(order)
    for orders in found.values():
        orders.sort(key=lambda o: (text_at(o, "created_at") or "", int(text_at(o, "order_id") or 0)))
    return found


@pytest.fixture(scope="module")
def guests(with_bridge: Loaded) -> Rows:
    return {k: r for k, r in contents(with_bridge.engine, "customers").items() if r["is_guest"]}


@pytest.fixture(scope="module")
def people(with_bridge: Loaded, orders_of: dict[Person, list[Element]]) -> dict[Person, str]:
    """The key of each person, as their orders tell it."""
    orders = contents(with_bridge.engine, "orders")
    keys = {
        person: {orders[f"us:{text_at(order, 'order_id')}"]["customer_key"] for order in placed}
        for person, placed in orders_of.items()
    }
    assert {person for person, found in keys.items() if len(found) != 1} == set()
    return {person: str(found.pop()) for person, found in keys.items()}


def test_every_person_without_an_account_is_one_customer(
    with_bridge: Loaded, guests: Rows, people: dict[Person, str]
) -> None:
    assert len(set(people.values())) == len(people)
    carts = contents(with_bridge.engine, "carts").values()
    put_aside = {cart["customer_key"] for cart in carts if cart["is_guest"]}
    assert set(people.values()) | put_aside == guests.keys()
    assert len(guests) > len(people)
    assert {cart["customer_email_normalised"] for cart in carts if cart["customer_key"] in guests} >= {
        row["email_normalised"] for key, row in guests.items() if key not in people.values()
    }


def test_email_on_two_websites_is_two_guests(people: dict[Person, str]) -> None:
    websites: dict[str, set[str | None]] = {}
    for website, email in people:
        websites.setdefault(email, set()).add(website)
    assert any(len(found) > 1 for found in websites.values())


def test_key_of_a_guest_tells_nothing_of_the_email(guests: Rows) -> None:
    assert all(re.fullmatch("us:guest:[0-9a-f]{24}", key) for key in guests)


def test_buyer_whose_account_was_deleted_is_a_guest(with_bridge: Loaded, store: Path) -> None:
    deleted = [
        f"us:{number}"
        for number, order in by_id(store, "salesOrderList", "order_id").items()
        if not text_at(order, "customer_id") and not text_at(order, "customer_is_guest")
    ]
    orders = contents(with_bridge.engine, "orders")
    assert len(deleted) == 18
    assert all(orders[key]["is_guest"] for key in deleted)
    keys = {str(orders[key]["customer_key"]) for key in deleted if orders[key]["customer_email"]}
    assert all(key.startswith("us:guest:") for key in keys)


def test_registered_buyer_is_the_customer_of_that_id(with_bridge: Loaded, store: Path) -> None:
    orders = contents(with_bridge.engine, "orders")
    for number, order in by_id(store, "salesOrderList", "order_id").items():
        if registered := text_at(order, "customer_id"):
            assert orders[f"us:{number}"]["customer_key"] == f"us:{registered}"
            assert orders[f"us:{number}"]["is_guest"] is False


def test_every_buyer_is_a_customer(with_bridge: Loaded) -> None:
    customers = contents(with_bridge.engine, "customers").keys()
    buyers = {row["customer_key"] for row in contents(with_bridge.engine, "orders").values()}
    assert buyers - {None} <= customers


def test_row_of_a_guest_is_their_newest_order(
    with_bridge: Loaded,
    guests: Rows,
    people: dict[Person, str],
    orders_of: dict[Person, list[Element]],
    store: Path,
) -> None:
    begun = first_carts(with_bridge)
    for person, key in people.items():
        wanted = guest(person, orders_of[person], store)
        wanted["source_created_at"] = min(wanted["source_created_at"], begun.get(key, NEVER))
        assert {column: guests[key][column] for column in wanted} == wanted


def first_carts(loaded: Loaded) -> dict[object, datetime]:
    """When each guest was first seen with a cart, which may have been long before the first order."""
    first: dict[object, datetime] = {}
    for cart in contents(loaded.engine, "carts").values():
        if cart["source_created_at"]:
            first[cart["customer_key"]] = min(
                cart["source_created_at"], first.get(cart["customer_key"], NEVER)
            )
    return first


def guest(person: Person, orders: list[Element], store: Path) -> dict[str, Any]:
    website, email = person
    newest = orders[-1]
    billing = by_id(store, "salesOrderInfo", "order_id")[text_at(newest, "order_id") or ""].find(
        "billing_address"
    )
    view, name = text_at(newest, "store_id"), text_at(newest, "store_name")
    stamps = [instant(text) for o in orders if (text := text_at(o, "created_at"))]
    changes = [instant(text) for o in orders if (text := text_at(o, "updated_at"))]
    return {
        "customer_id": None,
        "customer_number": None,
        "email": text_at(newest, "customer_email"),
        "email_normalised": email,
        "name_prefix": text_at(newest, "customer_prefix"),
        "first_name": text_at(newest, "customer_firstname") or text_at(billing, "firstname"),
        "middle_name": text_at(newest, "customer_middlename") or text_at(billing, "middlename"),
        "last_name": text_at(newest, "customer_lastname") or text_at(billing, "lastname"),
        "name_suffix": text_at(newest, "customer_suffix"),
        "birth_date": typed("birth_date", text_at(newest, "customer_dob")),
        "gender": None,
        "tax_number": text_at(newest, "customer_taxvat"),
        "customer_group_id": 0,
        "customer_group_key": "us:0",
        "website_id": int(website) if website else None,
        "website_key": f"us:{website}" if website else None,
        "store_id": int(view) if view else None,
        "store_key": f"us:{view}" if view else None,
        "created_in": name.split("\n")[-1] if name else None,
        "source_created_at": min(filter(None, stamps)),
        "source_updated_at": max(filter(None, changes), default=None),
    }


def test_content_does_not_depend_on_the_order_or_size_of_windows(
    with_bridge: Loaded, fresh: Fresh, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows of 50 ids, lowest first, orders before carts and customers, and stores last of all."""
    monkeypatch.setattr(WindowsToRead, "_ids_per_window", lambda _: 50)
    chain: Chain = replace(fresh(), arrange=lambda windows: windows[::-1])
    for entity in ("orders", "carts", "customers", "stores"):
        chain.load(recorded(), entities=[entity])
    for table in ("customers", "orders", "order_items", "customer_addresses"):
        assert contents(chain.engine, table) == contents(with_bridge.engine, table), table
