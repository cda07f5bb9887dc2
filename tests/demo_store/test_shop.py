"""The shop is a function of seed, sizes and clock; `tick` only moves the clock."""

from __future__ import annotations

from typing import Any

import pytest

from include.demo_store import Shop, running_store


def snapshot(shop: Shop) -> tuple[list[Any], list[Any]]:
    orders = [
        (o.row, o.items, o.billing_address, o.shipping_address, o.payment, o.history) for o in shop.orders()
    ]
    return orders, [(customer.row, customer.addresses) for customer in shop.customers()]


def test_the_same_seed_makes_the_same_shop_and_another_seed_another() -> None:
    assert snapshot(Shop(customers=60, orders=250)) == snapshot(Shop(customers=60, orders=250))
    assert snapshot(Shop(customers=60, orders=250)) != snapshot(Shop(customers=60, orders=250, seed=8))


def test_one_long_tick_and_many_short_ones_give_the_same_shop() -> None:
    long, short = Shop(customers=60, orders=250), Shop(customers=60, orders=250)
    long.tick(72)
    for _ in range(144):
        short.tick(0.5)
    assert snapshot(long) == snapshot(short)


def test_a_shop_starts_with_the_sizes_asked_for() -> None:
    for customers, orders in ((0, 0), (1, 1), (60, 250), (250, 60), (0, 20)):
        shop = Shop(customers=customers, orders=orders)
        assert len(shop.population.customers) == customers
        assert len(shop.order_ids()) == orders


def test_nothing_is_newer_than_the_clock_but_what_is_meant_to_be() -> None:
    shop = Shop(customers=300, orders=1200)
    now = "2026-11-22 06:00:00"
    assert max(order.row["created_at"] for order in shop.orders()) <= now
    ahead = [order.row["updated_at"] for order in shop.orders() if (order.row["updated_at"] or "") > now]
    assert all(at > "2040" for at in ahead)
    assert max(order.row["created_at"] for order in shop.orders()) > "2026-11-21"


def test_a_tick_makes_new_and_changed_records_with_new_dates() -> None:
    shop = Shop(customers=300, orders=1200)
    before = {order.row["order_id"]: order.row["updated_at"] for order in shop.orders()}
    states = {order.row["order_id"]: order.row["state"] for order in shop.orders()}
    comments = sum(len(order.history) for order in shop.orders())
    news = shop.tick(72)
    after = {order.row["order_id"]: order.row["updated_at"] for order in shop.orders()}
    assert news.clock == "2026-11-25 06:00:00"
    assert news.new_orders == len(after) - len(before) > 0
    assert news.new_customers > 0
    moved = {number for number in before if before[number] != after[number]}
    assert 0 < len(moved) <= news.changed_orders
    assert all((after[number] or "") > "2026-11-22 06:00:00" for number in moved)
    assert any(
        states[order.row["order_id"]] != order.row["state"]
        for order in shop.orders()
        if order.row["order_id"] in moved
    )
    assert sum(len(order.history) for order in shop.orders()) > comments


def test_an_order_that_will_be_replaced_keeps_its_past() -> None:
    """Else an invoice that was there before the edit would be gone after it."""
    for seed in range(12):
        shop = Shop(customers=20, orders=85, seed=seed)
        before = shop.population.steps(85)
        shop.tick(24 * 10)
        assert shop.order_by_number(f"{shop.order(85).row['increment_id']}-1")
        assert shop.population.steps(85) == before


def test_an_address_edit_moves_only_the_address_date() -> None:
    shop = Shop(customers=300, orders=300)
    before = {c.row["customer_id"]: c for c in shop.customers()}
    shop.tick(24 * 7)
    edited = [
        (before[c.row["customer_id"]], c)
        for c in shop.customers()
        if c.row["customer_id"] in before and before[c.row["customer_id"]].addresses != c.addresses
    ]
    assert edited
    silent = [(old, new) for old, new in edited if old.row == new.row]
    assert silent, "address edits alone must leave the customer's row as it is"
    for old, new in silent:
        assert max(a["updated_at"] or "" for a in new.addresses) > max(
            a["updated_at"] or "" for a in old.addresses
        )


def test_the_date_header_is_the_shops_clock_and_stands_still(new_caller: Any) -> None:
    for clock, date in (
        ("2021-03-04T05:06:07", "Thu, 04 Mar 2021"),
        ("2033-01-01T00:00:00", "Sat, 01 Jan 2033"),
    ):
        with running_store(customers=5, orders=5, clock=clock) as store:
            caller = new_caller(store.url, store.user, store.key)
            assert caller("magentoInfo").date.startswith(date)
            first = caller("magentoInfo").date
            assert caller("magentoInfo").date == first
            store.tick(hours=24)
            assert caller("magentoInfo").date != first


def test_a_running_clock_goes_with_real_time() -> None:
    from include.demo_store.clock import ShopClock

    real = [1_800_000_000.0]
    clock = ShopClock("now", real=lambda: real[0])
    assert clock.now() == 1_800_000_000
    real[0] += 90
    assert clock.now() == 1_800_000_090
    clock.move(3600)
    assert clock.now() == 1_800_003_690
    with pytest.raises(ValueError, match="only moves forward"):
        clock.move(-1)


def test_answers_follow_a_tick(new_caller: Any) -> None:
    """Rendered fragments and kept selections must not outlive what they were made of."""
    with running_store(customers=50, orders=400) as store:
        caller = new_caller(store.url, store.user, store.key)
        for method in ("oroOrderList", "salesOrderList", "customerCustomerList", "oroCustomerList"):
            caller(method)
        store.tick(24 * 14)
        fresh = Shop(customers=50, orders=400)
        fresh.tick(24 * 14)
        listed = caller("salesOrderList")
        assert listed.texts("status") == [order.row["status"] for order in fresh.orders()]
        assert listed.texts("updated_at") == [order.row["updated_at"] for order in fresh.orders()]
        assert caller("oroCustomerList").texts("updated_at") == [
            c.row["updated_at"] for c in fresh.customers()
        ]
        histories = [len(row.find("status_history")) for row in caller("oroOrderList").rows]
        assert histories == [len(order.history) for order in fresh.orders() if order.row["store_id"]]
        phones = [
            a.findtext("telephone") for a in caller("oroCustomerList").root.iterfind(".//addresses/item")
        ]
        assert phones == [a["telephone"] for c in fresh.customers() for a in c.addresses]


def test_no_card_of_a_real_person_and_no_mail_to_a_real_host() -> None:
    shop = Shop(customers=200, orders=200)
    hosts = {
        (customer.row["email"] or "@x.example").rsplit("@", 1)[-1].lower() for customer in shop.customers()
    }
    assert all(
        host.endswith((".example", "example.com", "example.org", "example.net", "x.example")) or not host
        for host in hosts
    )
