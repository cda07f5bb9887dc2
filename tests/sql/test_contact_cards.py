"""Addresses and telephone numbers of contacts: each once, and one of them first."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.sql.sample_warehouse import add_rows, rows_of

PERSON = {"channel_code": "us", "account_key": "us:1", "contact_key": "us:1"}
HOME: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": "Byron",
    "street": "1 Mill Lane\nBack yard",
    "city": "London",
    "postcode": "N1 1AA",
    "country_code": "GB",
}


@pytest.fixture
def ada(warehouse: Engine) -> Engine:
    """One person who is a customer and a guest, with an order and a cart of each."""
    registered = {"customer_key": "us:1", "is_guest": False}
    guest = {"customer_key": "us:guest:a", "is_guest": True}
    add_rows(
        warehouse,
        {
            "crm.customers": [PERSON | registered, PERSON | guest],
            "crm.orders": [
                {"order_key": "us:1", "order_id": 1, "customer_key": "us:1"},
                {
                    "order_key": "us:2",
                    "order_id": 2,
                    "customer_key": "us:guest:a",
                    "source_created_at": "2026-02-01",
                },
            ],
            "crm.carts": [{"cart_key": "us:1", "cart_id": 1, "customer_key": "us:guest:a"}],
        },
    )
    return warehouse


def in_book(number: int, **more: Any) -> dict[str, Any]:
    keys = {"customer_address_key": f"us:{number}", "customer_address_id": number, "customer_key": "us:1"}
    return keys | HOME | more


def on_order(number: int, kind: str = "billing", **more: Any) -> dict[str, Any]:
    keys = {"order_address_key": f"us:{number}:{kind}", "order_key": f"us:{number}", "order_id": number}
    return keys | {"address_type": kind} | HOME | more


def on_cart(number: int, kind: str = "billing", **more: Any) -> dict[str, Any]:
    keys = {"cart_address_key": f"us:{number}:{kind}", "cart_key": f"us:{number}", "cart_id": number}
    return keys | {"address_type": kind} | HOME | more


def told(shop: Engine, columns: str, view: str = "contact_addresses") -> list[tuple[Any, ...]]:
    found = rows_of(shop, f"select {columns} from crm.{view} order by is_primary desc, 1")  # noqa: S608 - our own
    return [tuple(row.values()) for row in found]


def test_same_address_of_the_book_and_of_guest_orders_is_one_with_the_uses_of_all(ada: Engine) -> None:
    untidy = {"street": "1 MILL  Lane\nback yard ", "region": "Greater London", "telephone": "1"}
    add_rows(
        ada,
        {
            "crm.customer_addresses": [in_book(7, is_default_billing=True)],
            "crm.order_addresses": [on_order(2, "shipping", **untidy)],
        },
    )
    columns = "address_of, address_key, street, is_billing, is_shipping, is_in_address_book, entry_count"
    assert told(ada, columns) == [("customer", "us:7", HOME["street"], True, True, True, 2)]


@pytest.mark.parametrize("different", ["first_name", "company", "street", "city", "postcode", "country_code"])
def test_one_part_that_differs_makes_two_addresses(ada: Engine, different: str) -> None:
    add_rows(ada, {"crm.customer_addresses": [in_book(7), in_book(8, **{different: "XX"})]})
    assert len(told(ada, "address_key")) == 2


def test_order_of_a_registered_customer_adds_no_address(ada: Engine) -> None:
    add_rows(ada, {"crm.order_addresses": [on_order(1)]})
    assert told(ada, "address_key") == []


def test_first_address_is_of_the_book_then_for_bills_then_the_last_used(ada: Engine) -> None:
    book = [in_book(7, city="A"), in_book(8, city="B", is_default_shipping=True)]
    add_rows(ada, {"crm.order_addresses": [on_order(2, city="C"), on_order(2, "shipping", city="D")]})
    assert told(ada, "city, is_primary") == [("C", True), ("D", False)]
    add_rows(ada, {"crm.customer_addresses": book})
    assert told(ada, "city, is_primary") == [("B", True), ("A", False), ("C", False), ("D", False)]
    add_rows(ada, {"crm.customer_addresses": [in_book(9, city="E", is_default_billing=True)]})
    assert told(ada, "city, is_primary")[0] == ("E", True)


def test_cart_s_address_counts_until_the_guest_has_ordered(ada: Engine) -> None:
    other = {"customer_key": "us:guest:b", "is_guest": True, "account_key": "us:b", "contact_key": "us:b"}
    add_rows(
        ada,
        {
            "crm.customers": [PERSON | other],
            # The store has cleaned the second cart away, and its addresses with it.
            "crm.carts": [
                {"cart_key": "us:2", "cart_id": 2, "customer_key": "us:guest:b", "deleted_at": "2026-03-01"}
            ],
            "crm.cart_addresses": [on_cart(1), on_cart(2, deleted_at="2026-03-01")],
        },
    )
    assert told(ada, "contact_key, address_of, is_billing") == [("us:b", "cart", True)]


def test_what_is_gone_or_says_no_place_is_no_address(ada: Engine) -> None:
    nowhere = dict.fromkeys(("street", "city", "postcode"))
    gone = in_book(8, deleted_at="2026-03-01")
    add_rows(ada, {"crm.customer_addresses": [in_book(7, telephone="030 1", **nowhere), gone]})
    assert told(ada, "address_key") == []
    assert told(ada, "telephone", "contact_phones") == [("030 1",)]


def test_numbers_of_the_same_digits_are_one_and_texts_without_digits_are_none(ada: Engine) -> None:
    add_rows(
        ada,
        {
            "crm.customer_addresses": [in_book(7, telephone="(030) 1-2"), in_book(8, telephone="n/a")],
            "crm.order_addresses": [
                on_order(2, telephone="03012"),
                on_order(2, "shipping", telephone="0171"),
            ],
        },
    )
    columns = "telephone, telephone_digits, is_primary, is_billing, is_shipping"
    assert told(ada, columns, "contact_phones") == [
        ("(030) 1-2", "03012", True, True, False),
        ("0171", "0171", False, False, True),
    ]
