"""Guests who have a cart and no order yet: known as customers, and by their order as soon as there is one."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from tests.sync.records import address, cart, dictionaries, order
from tests.sync.shop import Shop

LATER = "2026-03-03 12:00:00"


@pytest.fixture
def stores(shop: Shop) -> Shop:
    shop.load("stores", dictionaries())
    return shop


def people(shop: Shop, *columns: str) -> list[Any]:
    chosen = ", ".join(columns)
    there = "from crm.customers where is_guest and deleted_at is null"
    return shop.rows(f"select {chosen} {there} order by {chosen}")


def test_guest_of_a_cart_is_a_customer_with_the_names_typed_so_far(stores: Shop) -> None:
    stores.load("carts", cart(1, store_id="3", billing_address=address(1, firstname="Bill")))
    assert people(stores, "email", "first_name", "website_id", "source_created_at::text") == [
        ("ada@example.com", "Bill", 2, "2026-03-01 10:15:00+00")
    ]
    assert stores.one("select customer_key from crm.carts") == stores.one(
        "select customer_key from crm.customers"
    )


def test_cart_without_an_email_makes_nobody(stores: Shop) -> None:
    stores.load("carts", cart(1, customer_email=None), cart(2, customer_id="5"))
    assert people(stores, "email") == []


@pytest.mark.parametrize("sequence", permutations(("cart", "order")))
def test_order_tells_more_than_a_cart_whichever_comes_first(stores: Shop, sequence: tuple[str, ...]) -> None:
    for step in sequence:
        if step == "cart":
            stores.load("carts", cart(1, customer_firstname="Typo", updated_at=LATER))
        else:
            stores.load("orders", order(1, customer_firstname="Ada"))
    assert people(stores, "first_name", "source_updated_at::text") == [("Ada", "2026-03-02 12:00:00+00")]


def test_guest_whose_cart_becomes_a_customer_s_is_none_any_more(stores: Shop) -> None:
    stores.load("carts", cart(1))
    stores.load("carts", cart(1, customer_id="5", updated_at=LATER))
    assert people(stores, "email") == []


def test_guest_stays_when_the_store_has_cleaned_the_cart_away(stores: Shop) -> None:
    stores.load("carts", cart(1))
    stores.execute("update crm.carts set deleted_at = now()")
    stores.load("carts", cart(2, customer_email="bob@example.com"))
    stores.load("orders", order(1, customer_email="eve@example.com"))
    assert people(stores, "email") == ["ada@example.com", "bob@example.com", "eve@example.com"]


def test_guest_of_a_cart_has_an_account(stores: Shop) -> None:
    stores.load("carts", cart(1))
    (account,) = stores.rows("select account_key from crm.customers")
    assert stores.rows("select account_key from crm.accounts") == [account]


def test_channel_that_makes_no_guests_makes_none_of_carts(shop: Shop) -> None:
    quiet = shop.of(guest_customers=False)
    quiet.load("carts", cart(1))
    assert quiet.rows("select customer_key from crm.carts") == [None]
    assert quiet.rows("select * from crm.customers") == []
