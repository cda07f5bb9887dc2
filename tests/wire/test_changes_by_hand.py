"""What people delete and edit in a shop without moving any date: missed by date, found by the sweep, nothing lost.

On the demo shop, whose own rows are the truth: nobody can delete anything in the recorded one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from include.demo_store.running import RunningStore, running_store
from include.demo_store.shop import Shop
from include.entities.catalogue import entity
from include.magento.address import StoreAddress
from include.magento.soap import open_door
from include.sync.sweep import Sweep
from tests.wire.chain import Chain
from tests.wire.conftest import Fresh

SWEPT = ("customers", "orders", "carts", "credit_memos", "newsletter_subscribers", "invoices")
IDS: dict[str, tuple[str, Callable[[Shop], set[int]]]] = {
    "customers": ("customer_id", lambda shop: set(shop.customer_ids())),
    "orders": ("order_id", lambda shop: set(shop.order_ids())),
    "carts": ("cart_id", lambda shop: {int(cart.row["entity_id"] or 0) for cart in shop.carts()}),
    "newsletter_subscribers": (
        "newsletter_subscriber_id",
        lambda shop: {int(row["subscriber_id"] or 0) for row in shop.subscribers()},
    ),
}
"""Magento's ids by table: the column, and what the shop has."""


@pytest.fixture
def shop() -> Iterator[RunningStore]:
    """A shop of the test's own."""
    with running_store(customers=60, orders=60) as running:
        yield running


def rows(chain: Chain, statement: str, **values: Any) -> list[Any]:
    with chain.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), values)]


def sweep_all(chain: Chain, address: StoreAddress) -> None:
    door = open_door(address, sleep=lambda _: None)
    by_id = chain.by_id(door)
    for name in SWEPT:
        # In so small a shop a few records are more than a hundredth.
        Sweep(reader=by_id, entity=entity(name), allow_deletions=True).run()
    door.close()


def known(chain: Chain, table: str) -> set[int]:
    column = IDS[table][0]
    found = rows(chain, f"select {column} from crm.{table} where deleted_at is null")  # noqa: S608
    return {row[0] for row in found} - {None}


def buyers(chain: Chain) -> dict[int, int | None]:
    return dict(rows(chain, "select order_id, customer_id from crm.orders where deleted_at is null"))


def of_shop(shop: Shop) -> dict[int, int | None]:
    found = {order_id: shop.order(order_id).row["customer_id"] for order_id in shop.order_ids()}
    return {order_id: int(customer) if customer else None for order_id, customer in found.items()}


def test_deletions_and_edits_by_hand_arrive_with_the_sweep_and_orders_keep(
    fresh: Fresh, shop: RunningStore
) -> None:
    chain, truth = fresh(), shop.shop
    address = StoreAddress(wsdl_url=shop.url, user=shop.user, api_key=shop.key)
    chain.load(address)
    buyer = next(customer for customer in of_shop(truth).values() if customer)
    edited = next(n for n in truth.customer_ids() if n != buyer and truth.people.address_count(n))
    ((open_cart,),) = rows(chain, "select max(cart_id) from crm.carts where status = 'open'")
    deleted_order = max(truth.order_ids())
    truth.hand.delete_customer(buyer)
    truth.hand.edit_address(edited)
    truth.hand.delete_cart(open_cart)
    truth.hand.delete_order(deleted_order)

    chain.load(address)  # by date
    assert buyers(chain) != of_shop(truth)
    assert buyer in known(chain, "customers")
    sweep_all(chain, address)

    assert {table: known(chain, table) for table in IDS} == {
        table: ids(truth) for table, (_, ids) in IDS.items()
    }
    assert buyers(chain) == of_shop(truth)
    customer = truth.customer(edited)
    assert customer is not None
    telephones = rows(
        chain,
        "select telephone from crm.customer_addresses where customer_id = :customer and deleted_at is null",
        customer=edited,
    )
    assert sorted(row[0] for row in telephones) == sorted(row["telephone"] for row in customer.addresses)
    assert rows(chain, "select status from crm.carts where cart_id = :cart", cart=open_cart) == [("expired",)]
    assert rows(chain, "select count(*) from crm.orders") == [(60,)]  # marked, never removed
