"""Records that others refer to and the warehouse lacks: fetched in the same run, and not asked for again for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from include.entities.catalogue import ENTITIES, entity
from include.errors import TransientError
from include.magento.door import Ids
from include.sync import parents
from tests.sync.records import credit_memo, customer, order
from tests.sync.shop import T0, Door, Shop
from tests.sync.store import Store, by_id

LATER = "2026-04-01 13:00:00"


@pytest.fixture
def store(shop: Shop) -> Store:
    """A store of customers, orders and memos, loaded once while it was empty."""
    store = Store()
    shop.door = store
    for name in ("customers", "orders", "credit_memos"):
        shop.run(name)
    store.now = T0 + timedelta(hours=2)
    return store


def synced(shop: Shop, name: str) -> int:
    """A run of an entity, with its missing parents; how many rows of parents changed."""
    shop.run(name)
    return (
        parents.fetch(by_id(shop), entity(name))
        if parents.has_pending(shop.engine, shop.channel, entity(name))
        else 0
    )


def absences(shop: Shop) -> list[Any]:
    return shop.rows("select entity, record_id, reason from ops.absences order by entity, record_id")


def test_declared_parents_are_entities_and_columns_of_integers() -> None:
    declared = [(one, parent) for one in ENTITIES for parent in one.parents]
    assert declared
    for one, parent in declared:
        assert len(entity(parent.entity).root.key) == 1
        assert {f.name: f.kind.value for f in one.root.fields}[parent.column] == "integer"


def test_missing_customer_of_an_order_arrives_in_the_same_run(shop: Shop, store: Store) -> None:
    # Registered while the customers of this run had been read already.
    store.of("customers").append(customer(7))
    store.of("orders").append(order(1, customer_id="7", updated_at=LATER))
    assert synced(shop, "orders") >= 2
    assert shop.rows("select customer_key from crm.customers where not is_guest") == ["us:7"]
    assert shop.rows("select kind, ids, state from ops.windows where entity = 'customers'") == [
        ("parents", [7], "done")
    ]
    assert absences(shop) == []


def test_parents_of_parents_arrive_too(shop: Shop, store: Store) -> None:
    store.of("customers").append(customer(7))
    store.of("orders").append(order(3, customer_id="7"))
    store.of("credit_memos").append(credit_memo(5, order_id="3", updated_at=LATER))
    assert synced(shop, "credit_memos") > 2
    assert shop.rows("select order_key, customer_key from crm.orders") == [("us:3", "us:7")]
    assert absences(shop) == []


def test_known_parent_is_not_asked_for(shop: Shop, store: Store) -> None:
    shop.door = Door()
    shop.load("customers", customer(7))
    shop.door = store
    store.of("orders").append(order(1, customer_id="7", updated_at=LATER))
    store.asked.clear()
    assert synced(shop, "orders") == 0
    assert [asked for asked in store.asked if isinstance(asked, Ids)] == []
    assert absences(shop) == []


def test_parent_the_store_does_not_have_is_asked_for_once(shop: Shop, store: Store) -> None:
    store.of("orders").append(order(1, customer_id="7", updated_at=LATER))
    synced(shop, "orders")
    assert absences(shop) == [("customers", 7, "not_in_store")]
    store.asked.clear()
    store.of("orders").append(order(2, customer_id="7", updated_at=LATER))
    synced(shop, "orders")
    assert [asked for asked in store.asked if isinstance(asked, Ids)] == []


def test_parent_of_another_website_is_asked_for_once_and_stays_out(shop: Shop, store: Store) -> None:
    store.of("customers").append(customer(7, website_id="2"))
    narrow = shop.of(websites=[1])
    narrow.door = store
    store.of("orders").append(order(1, customer_id="7", updated_at=LATER))
    synced(narrow, "orders")
    assert absences(narrow) == [("customers", 7, "outside_the_channel")]
    assert shop.rows("select * from crm.customers where not is_guest") == []
    assert not parents.has_pending(shop.engine, narrow.channel, entity("orders"))


def test_parent_older_than_the_start_date_is_wanted_all_the_same(shop: Shop, store: Store) -> None:
    store.of("customers").append(customer(7, created_at="2019-05-01 00:00:00"))
    store.of("orders").append(order(1, customer_id="7", updated_at=LATER))
    young = shop.of(sync_start_date="2026-01-01")
    young.door = store
    synced(young, "orders")
    assert shop.rows("select customer_key from crm.customers where not is_guest") == ["us:7"]


def test_parent_that_waits_in_quarantine_is_said_to(shop: Shop, store: Store) -> None:
    store.of("customers").append(customer(7))
    store.unreadable = {7}
    store.of("orders").append(order(1, customer_id="7", updated_at=LATER))
    synced(shop, "orders")
    assert absences(shop) == [("customers", 7, "waits_in_quarantine")]


def test_first_load_of_the_parents_brings_its_own(shop: Shop) -> None:
    store = Store()
    store.of("customers").append(customer(7))
    store.of("orders").extend([order(1, customer_id="7"), order(2, customer_id="8")])
    shop.door = store
    shop.plan("customers")  # begun, and not over: it owes customer 7, while 8 registered later
    assert synced(shop, "orders") == 0
    assert absences(shop) == [("customers", 7, None), ("customers", 8, "not_in_store")]
    shop.run("customers")
    synced(shop, "orders")
    assert absences(shop) == [("customers", 8, "not_in_store")]


def test_failed_reading_leaves_the_parents_to_the_next_run(shop: Shop, store: Store) -> None:
    store.of("customers").append(customer(7))
    store.of("orders").append(order(1, customer_id="7", updated_at=LATER))
    store.before_page = fails_for(Ids)
    with pytest.raises(TransientError):
        synced(shop, "orders")
    assert absences(shop) == [("customers", 7, None)]
    store.before_page = lambda _: None
    assert synced(shop, "orders") >= 2
    assert shop.rows("select state from ops.windows where entity = 'customers' order by 1") == [
        "done",
        "superseded",
    ]


def fails_for(kind: type) -> Callable[[object], None]:
    def before_page(selection: object) -> None:
        if isinstance(selection, kind):
            raise TransientError("The store is away: run again.")

    return before_page


def test_entity_the_channel_does_not_sync_is_not_fetched(shop: Shop, store: Store) -> None:
    few = shop.of(entities=["customers", "credit_memos"])
    few.door = store
    store.of("orders").append(order(3))
    store.of("credit_memos").append(credit_memo(5, order_id="3", updated_at=LATER))
    assert synced(few, "credit_memos") == 0
    assert shop.rows("select * from crm.orders") == []
