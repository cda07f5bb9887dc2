"""A channel file that changes once its data is loaded: what it lets in is read by itself, the rest is said."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from include.entities.catalogue import ENTITIES, entity
from include.entities.model import Entity
from include.errors import ConfigError
from include.identity.guest_keys import GuestKeys
from include.magento.door import Ids
from include.sync.loaded_settings import wanted_settings
from include.sync.mapping import mapping_of
from include.sync.window import WindowKind, WindowState
from tests.sync.records import dictionaries, order
from tests.sync.shop import REPORT, T0, Shop, channel

HOUR = timedelta(hours=1)
ORDERS = [
    order(1, created_at="2019-05-01 10:00:00"),
    order(2, created_at="2021-05-01 10:00:00"),
    order(3, created_at="2021-06-01 10:00:00", store_id="3"),
    order(4, created_at=None),
    order(5, created_at="2021-07-01 10:00:00", store_id=None),
    order(6, created_at="2019-06-01 10:00:00", store_id="3"),
]


def loaded(shop: Shop, **settings: Any) -> Shop:
    """The shop, once loaded under these settings; its clock stands an hour later."""
    shop = shop.of(**settings)
    shop.door.records, shop.door.now = list(ORDERS), T0
    shop.run("orders")
    shop.door.now = T0 + HOUR
    shop.door.asked.clear()
    return shop


def changed(shop: Shop, **settings: Any) -> Shop:
    """The same store and warehouse under another file."""
    after = shop.of(**settings)
    after.door = shop.door
    return after


def orders(shop: Shop) -> list[int]:
    return shop.rows("select order_id from crm.orders order by 1")


@pytest.mark.parametrize(
    ("before", "after", "had", "has"),
    [
        ({"sync_start_date": "2021-01-01"}, {}, [2, 3, 4, 5], [1, 2, 3, 4, 5, 6]),
        (
            {"sync_start_date": "2021-06-15"},
            {"sync_start_date": "2021-05-15"},
            [4, 5],
            [3, 4, 5],
        ),
        ({"websites": [1]}, {"websites": [1, 2]}, [1, 2, 4], [1, 2, 3, 4, 6]),
        ({"websites": [1]}, {}, [1, 2, 4], [1, 2, 3, 4, 5, 6]),
        (
            {"websites": [2], "sync_start_date": "2021-01-01"},
            {"websites": [1, 2], "sync_start_date": "2019-05-15"},
            [3],
            [2, 3, 4, 6],
        ),
    ],
)
def test_what_a_wider_file_lets_in_is_read_by_itself_and_nothing_twice(
    shop: Shop, before: dict[str, Any], after: dict[str, Any], had: list[int], has: list[int]
) -> None:
    shop = loaded(shop, **before)
    assert orders(shop) == had
    wider = changed(shop, **after)
    changes, new = wider.run("orders")
    assert (changes.kind, new.kind) == (WindowKind.INCREMENTAL, WindowKind.INITIAL)
    assert orders(shop) == has
    read = "select read_count from ops.windows where window_id = :w"
    assert shop.one(read, w=new.window_id) == len(has) - len(had)
    assert [w.kind for w in wider.run("orders")] == [WindowKind.INCREMENTAL]


def test_data_is_not_complete_until_what_was_let_in_is_loaded(shop: Shop) -> None:
    shop = changed(loaded(shop, sync_start_date="2021-01-01"))
    _, window = shop.plan("orders")
    until = "select complete_until is null, initial_reached_id from crm.complete_until"
    assert shop.one(until) == (True, 6)
    shop.upsert(shop.staged(window))
    assert shop.one(until) == (False, 0)


def test_what_a_broken_run_left_of_it_is_taken_up_with_the_settings_it_was_planned_for(shop: Shop) -> None:
    shop = changed(loaded(shop, sync_start_date="2021-01-01"))
    _, window = shop.plan("orders", run_id="broken")
    again = [w for w in shop.run("orders", run_id="next") if w.kind is WindowKind.INITIAL]
    assert [w.window_id for w in again] == [window.window_id]
    assert orders(shop) == [1, 2, 3, 4, 5, 6]


def test_what_comes_in_while_the_first_load_is_under_way_is_read_as_well(shop: Shop) -> None:
    shop = shop.of(sync_start_date="2021-01-01")
    shop.door.records = [*ORDERS, order(1500, created_at="2019-01-01 10:00:00")]
    first, _ = shop.plan("orders", run_id="broken")
    shop.upsert(shop.staged(first))  # the upper half only
    wider = changed(shop)
    wider.door.now = T0 + HOUR
    wider.run("orders")
    assert orders(shop) == [1, 2, 3, 4, 5, 6, 1500]
    assert shop.one("select complete_until is not null from crm.complete_until")


def test_later_start_date_loses_nothing_and_what_is_loaded_stays_followed(shop: Shop) -> None:
    shop = changed(loaded(shop), sync_start_date="2025-01-01")
    shop.door.records[0] = order(
        1, created_at="2019-05-01 10:00:00", status="complete", updated_at="2026-04-01 12:30:00"
    )
    (window,) = shop.run("orders")
    assert window.state is WindowState.DONE
    assert shop.one("select status from crm.orders where order_id = 1") == "complete"
    assert orders(shop) == [1, 2, 3, 4, 5, 6]
    (again,) = changed(shop).run("orders")
    assert again.kind is WindowKind.INCREMENTAL


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ({"websites": [1, 2]}, {"websites": [1]}, "no longer reads website 2, of which orders are loaded"),
        ({}, {"websites": [1, 2]}, "no longer reads all websites, of which"),
        ({"websites": [1]}, {"websites": [2]}, "no longer reads website 1"),
        ({}, {"guest_customers": False}, "loaded with `guest_customers: true`: start sync_orders once"),
        ({"guest_customers": False}, {}, "loaded with `guest_customers: false`: start sync_orders once"),
        ({}, {"shared_guest_emails": ["desk@example.com"]}, "loaded with other `shared_guest_emails`"),
        ({}, {"connection_id": "magento_new"}, "through the connection magento_us: a store of its own needs"),
    ],
)
def test_what_reading_on_cannot_bring_about_is_refused_until_a_full_resync(
    shop: Shop, before: dict[str, Any], after: dict[str, Any], sentence: str
) -> None:
    shop = changed(loaded(shop, **before), **after)
    with pytest.raises(ConfigError, match=sentence) as refused:
        shop.plan("orders")
    assert "full_resync" in str(refused.value)
    shop.run("orders", is_full_resync=True)
    assert [w.kind for w in shop.run("orders")] == [WindowKind.INCREMENTAL]


def test_where_nothing_is_loaded_nothing_is_refused(shop: Shop) -> None:
    shop.run("orders")
    (window,) = changed(shop, websites=[1], guest_customers=False).run("orders")
    assert window.kind is WindowKind.INCREMENTAL
    assert shop.one("select settings_json - 'connection_id' from ops.frontiers") == {
        "since": None,
        "websites": [1],
        "has_guests": False,
        "shared_guests": None,
    }


def test_address_that_becomes_a_shared_one_parts_its_guests_with_a_full_resync(shop: Shop) -> None:
    shop = shop.of()
    guests = [
        order(n, customer_email="desk@example.com", customer_firstname=name)
        for n, name in enumerate(("Ada", "Grace"), 1)
    ]
    shop.door.records = list(guests)
    shop.run("orders")
    count = "select count(*) from crm.customers where is_guest and deleted_at is null"
    assert shop.one(count) == 1
    changed(shop, shared_guest_emails=["desk@example.com"]).run("orders", is_full_resync=True)
    assert shop.one(count) == 2
    assert "desk" not in str(shop.one("select settings_json from ops.frontiers"))


def test_settings_noted_before_all_of_them_were_kept_refuse_nothing(shop: Shop) -> None:
    shop = loaded(shop)
    shop.execute(
        "update ops.frontiers set settings_json = settings_json - array['shared_guests', 'connection_id']"
    )
    changed(shop, shared_guest_emails=["desk@example.com"], connection_id="magento_new").run("orders")


def test_full_resync_makes_guests_of_orders_that_were_loaded_without(shop: Shop) -> None:
    shop = loaded(shop, guest_customers=False)
    assert shop.rows("select * from crm.customers") == []
    changed(shop).run("orders", is_full_resync=True)
    assert shop.one("select count(*) > 0 from crm.customers where is_guest and deleted_at is null")
    changed(shop, guest_customers=False).run("orders", is_full_resync=True)
    assert shop.rows("select * from crm.customers where deleted_at is null") == []


def test_entities_whose_buyers_may_be_guests_say_so() -> None:
    class Asked(Exception):
        """A mapping asks for the key of a guest."""

    context = mapping_of(channel(), REPORT, GuestKeys(b"secret"))

    def asks(one: Entity) -> bool:
        record = {"email": "ada@example.com", "customer_email": "ada@example.com", "store_id": "1"}
        with pytest.MonkeyPatch.context() as patched, suppress(KeyError, TypeError):
            patched.setattr(type(context), "guest_key", lambda *_, **__: (_ for _ in ()).throw(Asked))
            try:
                list(one.root.rows["magento1"](dict(record), context))
            except Asked:
                return True
        return False

    assert {one.name for one in ENTITIES if asks(one)} == {one.name for one in ENTITIES if one.names_guests}


def test_entities_that_make_no_guests_do_not_mind_the_guests(shop: Shop) -> None:
    shop = loaded(shop)
    shop.run("customers")
    changed(shop, guest_customers=False).run("customers")


def test_entities_of_which_every_record_counts_do_not_mind_the_start_date() -> None:
    early, late = channel(sync_start_date="2019-01-01"), channel(sync_start_date="2021-01-01")
    subscribers = entity("newsletter_subscribers")
    assert wanted_settings(early, subscribers) == wanted_settings(late, subscribers)


def test_dictionaries_are_whole_whatever_the_file_says(shop: Shop) -> None:
    shop.door.records = [dictionaries()]
    shop.run("stores")
    changed(shop, websites=[1]).run("stores")
    assert len(shop.rows("select * from crm.stores")) == 3


def test_settings_of_data_loaded_before_they_were_remembered_are_the_file_s(shop: Shop) -> None:
    shop = loaded(shop)
    shop.execute("update ops.frontiers set settings_json = null")
    changed(shop, sync_start_date="2021-01-01").run("orders")
    assert shop.one("select settings_json ->> 'since' from ops.frontiers") == "2021-01-01"


def test_dry_run_looks_at_what_a_wider_file_lets_in_and_notes_nothing(shop: Shop) -> None:
    shop = changed(loaded(shop, sync_start_date="2021-01-01"))
    before = shop.one("select settings_json, initial_done_at from ops.frontiers")
    windows = shop.run("orders", is_dry_run=True)
    assert [w.kind for w in windows] == [WindowKind.INCREMENTAL, WindowKind.INITIAL]
    assert shop.rows(
        "select (outcome_json -> 'orders' ->> 'inserted')::int from ops.windows where is_dry_run"
    ) == [0, 2]
    assert shop.one("select settings_json, initial_done_at from ops.frontiers") == before


def test_store_is_asked_for_its_greatest_id_only_when_the_file_lets_more_in(shop: Shop) -> None:
    shop = loaded(shop, sync_start_date="2021-01-01")
    shop.plan("orders")
    assert shop.door.asked == []
    changed(shop).plan("orders")
    assert shop.door.asked == [Ids(ids=(6,))]  # the newest, for its currency
