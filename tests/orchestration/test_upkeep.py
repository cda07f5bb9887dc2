from __future__ import annotations

import pytest

from include.demo_store.running import running_store
from tests.orchestration.house import House

pytestmark = pytest.mark.slow

ADDRESSES = "select customer_id from crm.customer_addresses join ops.windows using (window_id)"


def test_sweep_marks_deletions_finds_address_edits_and_asks_before_it_marks_many(house: House) -> None:
    with running_store(customers=130, orders=20) as store:
        house.channel("demo", store)
        house.run("sync_customers")
        everyone = sorted(store.shop.customer_ids())
        store.shop.hand.delete_customer(everyone[0])
        edited = next(n for n in everyone[1:] if store.shop.people.address_count(n))
        store.shop.hand.edit_address(edited)
        swept = house.run("maintain_sweep", entity="customers")
        assert (swept.state, swept.events["crm.customers"]) == ("success", 1)
        assert gone(house) == [(everyone[0],)]
        assert house.rows(f"{ADDRESSES} where kind = 'sweep'") == [(edited,)]
        for number in everyone[-3:]:
            store.shop.hand.delete_customer(number)
        asking = house.run("maintain_sweep")
        assert (asking.state, asking.states["verdict"]) == ("failed", "upstream_failed")
        assert "3 of" in asking.sentences[0]
        assert "allow_deletions" in asking.sentences[0]
        allowed = house.run("maintain_sweep", channel="demo", entity="customers", allow_deletions=True)
    assert (allowed.state, len(gone(house))) == ("success", 4)


def gone(house: House) -> list[tuple[int]]:
    statement = "select customer_id from crm.customers where deleted_at is not null and not is_guest"
    return [tuple(row) for row in house.rows(statement)]


def test_dropped_cart_expires_and_the_reconciliation_brings_what_slipped_through(house: House) -> None:
    with running_store(customers=30, orders=20) as store:
        house.channel("demo", store, entities=["customers", "orders", "carts"])
        house.sync("customers", "orders", "carts")
        ((dropped,),) = house.rows("select min(cart_id) from crm.carts where status = 'open'")
        store.shop.hand.delete_cart(dropped)
        expiry = house.run("maintain_carts")
        house.execute("delete from crm.orders where order_id = 7")
        reconciled = house.run("maintain_reconcile")
        again = house.run("maintain_reconcile")
    status = "select status from crm.carts where deleted_at is not null and cart_id = :cart"
    assert (expiry.state, expiry.events["crm.carts"]) == ("success", 1)
    assert house.rows(status, cart=dropped) == [("expired",)]
    assert (reconciled.state, reconciled.events["crm.orders"]) == ("success", 1)
    assert (again.state, again.states["publish_all"]) == ("success", "skipped")
    assert house.rows("select order_id from crm.orders where order_id = 7") == [(7,)]
    differences = "select entity, difference_count, difference_left_count from ops.sync_health order by 1"
    assert house.rows(differences) == [("carts", 0, 0), ("customers", 0, 0), ("orders", 0, 0)]
