"""Guests who have a cart and no order yet: known as customers, and by their order as soon as there is one."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from include.entities.catalogue import entity
from include.sync.upsert import delete_gone
from tests.identity.people import FEBRUARY, JANUARY, MARCH, accounts, ada, bought, of, together
from tests.sync.records import address, cart, order
from tests.sync.shop import Shop

LATER = "2026-03-03 12:00:00"


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


@pytest.mark.parametrize("sequence", permutations(("cart", "order")))
def test_guest_is_as_old_as_the_first_cart_or_order(stores: Shop, sequence: tuple[str, ...]) -> None:
    for step in sequence:
        build = cart if step == "cart" else order
        stores.load(f"{step}s", build(1, created_at=JANUARY if step == "cart" else MARCH))
    assert people(stores, "source_created_at::text") == ["2026-01-01 10:00:00+00"]


def typed(number: int, /, **changes: Any) -> Any:
    """A guest's cart under the name of Ada Byron."""
    return cart(number, **{"customer_firstname": "Ada", "customer_lastname": "Byron"} | changes)


GUEST = "us guest 1 ada@example.com"


@pytest.mark.parametrize("sequence", permutations(("cart", "order", "customer")))
def test_guest_is_known_by_the_names_on_carts_too_whichever_comes_first(
    stores: Shop, sequence: tuple[str, ...]
) -> None:
    records = {
        "cart": typed(1),
        "order": bought(1, customer_firstname="Augusta"),
        "customer": ada(5, FEBRUARY, website_id="2"),
    }
    for step in sequence:
        stores.load(f"{step}s", records[step])
    assert accounts(stores) == together("us:5", GUEST)


def test_addresses_of_carts_speak_for_guests(stores: Shop) -> None:
    phones = of(stores, account_matching={"fields": ["last_name"], "addresses": {"fields": ["phone"]}})
    phones.load("carts", typed(1, billing_address=address(1, telephone="44-20-1")))
    card = {"customer_address_id": "1", "telephone": "4420 1"}
    phones.load("customers", ada(5, website_id="2", email="other@example.com", addresses=[card]))
    assert accounts(phones) == together("us:5", GUEST)


def test_name_on_a_cart_that_joins_two_accounts_moves_what_was_bought(stores: Shop) -> None:
    shop = of(stores)
    shop.load("customers", ada(5, FEBRUARY, website_id="2"))
    shop.load("orders", bought(1, customer_firstname="Augusta", base_subtotal="20"))
    shop.load("carts", typed(1))
    assert shop.rows(
        "select account_key, order_count, lifetime_amount from crm.account_lifetimes"
        " where valid_to is null and is_reporting_currency"
    ) == [("us:5", 1, 20)]


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


def test_guest_keeps_the_name_when_the_store_has_cleaned_the_cart_away(stores: Shop) -> None:
    stores.load("carts", cart(1, billing_address=address(1, firstname="Bill")))
    delete_gone(stores.engine, entity("carts"), "us", [1], run_id="sweep")
    stores.load("customers", ada(5, FEBRUARY, website_id="2", firstname="Bill"))
    assert people(stores, "first_name") == ["Bill"]
    assert accounts(stores) == together("us:5", GUEST)


def test_guest_of_a_cart_has_an_account(stores: Shop) -> None:
    stores.load("carts", cart(1))
    (account,) = stores.rows("select account_key from crm.customers")
    assert stores.rows("select account_key from crm.accounts") == [account]


def test_channel_that_makes_no_guests_makes_none_of_carts(shop: Shop) -> None:
    quiet = shop.of(guest_customers=False)
    quiet.load("carts", cart(1))
    assert quiet.rows("select customer_key from crm.carts") == [None]
    assert quiet.rows("select * from crm.customers") == []
