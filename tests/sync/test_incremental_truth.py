"""Changes by date under odd stamps and clocks: what the windows find by themselves, and what the reconciliation brings.

A case that dates cannot solve says so: it is first shown to be missed by date, then found without one.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from include.entities.catalogue import entity
from include.magento.door import Selection
from include.sync.reconcile import Reconciliation
from include.sync.window import LAG, OVERLAP
from tests.sync.records import order
from tests.sync.shop import T0, Shop
from tests.sync.store import Store, by_id, loaded

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
TIED = 40


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}"


@pytest.fixture
def store(shop: Shop) -> Store:
    """An order, loaded at T0."""
    return loaded(shop, orders=[order(1)])


def run_at(shop: Shop, at: datetime) -> None:
    """A run of the orders when the store's clock shows this."""
    shop.door.now = at
    shop.run("orders")


def known(shop: Shop) -> list[int]:
    return shop.rows("select order_id from crm.orders order by 1")


def statuses(shop: Shop) -> list[str]:
    return shop.rows("select status from crm.orders order by order_id")


def frontier(shop: Shop) -> datetime:
    found: datetime = shop.one("select frontier_at from ops.frontiers where entity = 'orders'")
    return found


def reconcile(shop: Shop) -> None:
    Reconciliation(reader=by_id(shop), entity=entity("orders")).run()


def test_orders_of_one_second_at_the_border_of_two_windows_are_all_found(shop: Shop, store: Store) -> None:
    """Half of them are committed only after the window that ends in their second was read."""
    run_at(shop, T0 + HOUR)
    tied = [order(n, updated_at=stamp(frontier(shop))) for n in range(100, 100 + TIED)]
    store.of("orders").extend(tied[: TIED // 2])
    run_at(shop, T0 + HOUR + MINUTE)
    store.of("orders").extend(tied[TIED // 2 :])
    run_at(shop, T0 + HOUR + 2 * MINUTE)
    assert known(shop) == [1, *range(100, 100 + TIED)]
    merged = "select sum((outcome_json -> 'orders' ->> 'inserted')::int) from ops.windows"
    assert shop.one(merged) == 1 + TIED  # found again by the overlap, none was written twice


@pytest.mark.parametrize(("late", "is_found"), [(OVERLAP - MINUTE, True), (OVERLAP + 2 * LAG, False)])
def test_row_that_is_visible_late_is_found_within_the_overlap_else_reconciled(
    shop: Shop, store: Store, late: timedelta, is_found: bool
) -> None:
    run_at(shop, T0 + HOUR)
    store.of("orders").append(order(2, updated_at=stamp(frontier(shop) - late)))
    run_at(shop, T0 + HOUR + 5 * MINUTE)
    assert (known(shop) == [1, 2]) is is_found
    reconcile(shop)
    assert known(shop) == [1, 2]


def test_update_during_a_long_run_is_not_lost(shop: Shop, store: Store) -> None:
    """The run ends when its window was read, not when it is over."""
    shop.door.now = T0 + HOUR
    (window,) = shop.plan("orders")
    staged = shop.staged(window)
    store.of("orders")[0] = order(1, status="complete", updated_at=stamp(T0 + HOUR + 5 * MINUTE))
    shop.now = shop.door.now = T0 + 2 * HOUR
    shop.upsert(staged)
    assert statuses(shop) == ["processing"]
    run_at(shop, T0 + 2 * HOUR + MINUTE)
    assert statuses(shop) == ["complete"]


def test_row_dated_in_the_future_loads_at_once_and_moves_no_frontier(shop: Shop, store: Store) -> None:
    store.of("orders").append(order(2, updated_at="2090-01-01 00:00:00"))
    run_at(shop, T0 + HOUR)
    assert (known(shop), frontier(shop)) == ([1, 2], T0 + HOUR - LAG)
    store.of("orders").append(order(3, updated_at=stamp(T0 + HOUR)))
    run_at(shop, T0 + 2 * HOUR)
    assert known(shop) == [1, 2, 3]


def test_row_without_a_date_is_missed_by_date_and_reconciled(shop: Shop, store: Store) -> None:
    store.of("orders").append(order(2, updated_at=None))
    run_at(shop, T0 + HOUR)
    assert known(shop) == [1]
    reconcile(shop)
    assert known(shop) == [1, 2]


def test_clock_of_the_store_behind_ours_misses_nothing(shop: Shop, store: Store) -> None:
    shop.now = T0 + 24 * HOUR
    run_at(shop, T0 + HOUR)
    store.of("orders").append(order(2, updated_at=stamp(T0 + HOUR + MINUTE)))
    run_at(shop, T0 + HOUR + 2 * MINUTE)
    assert known(shop) == [1, 2]


def test_answers_dated_ahead_of_the_stamps_lose_changes_until_the_reconciliation(
    shop: Shop, store: Store
) -> None:
    """A proxy in front of the store whose clock is an hour ahead dates the answers."""
    run_at(shop, T0 + 2 * HOUR)  # by the stamps it is an hour earlier
    store.of("orders")[0] |= {"updated_at": stamp(T0 + HOUR + 5 * MINUTE), "status": "complete"}
    run_at(shop, T0 + 2 * HOUR + 10 * MINUTE)
    assert statuses(shop) == ["processing"]
    reconcile(shop)
    assert statuses(shop) == ["complete"]


def test_clock_set_back_by_hours_loses_changes_until_the_reconciliation(shop: Shop, store: Store) -> None:
    run_at(shop, T0 + 3 * HOUR)
    store.of("orders")[0] |= {"updated_at": stamp(T0 + HOUR), "status": "complete"}
    store.of("orders").append(order(2, updated_at=stamp(T0 + HOUR)))
    run_at(shop, T0 + HOUR + MINUTE)
    assert (known(shop), frontier(shop)) == ([1], T0 + 3 * HOUR - LAG)
    reconcile(shop)
    assert (known(shop), statuses(shop)) == ([1, 2], ["complete", "processing"])


def test_row_that_changes_while_pages_are_read_arrives_with_the_next_run(shop: Shop, store: Store) -> None:
    """It leaves the window that is being read: a page number over the same filter would skip its neighbour."""
    small = shop.of(limits={"page_size": 1})
    small.door = store
    changes = [order(n, updated_at=stamp(T0 + n * MINUTE)) for n in (2, 3, 4)]
    store.of("orders").extend(changes)

    def change_the_third(_: Selection) -> None:
        changes[1] |= {"updated_at": stamp(T0 + 2 * HOUR), "status": "complete"}

    store.before_page = change_the_third
    run_at(small, T0 + HOUR)
    store.before_page = lambda _: None
    run_at(small, T0 + 3 * HOUR)
    assert (known(shop), statuses(shop)[2]) == ([1, 2, 3, 4], "complete")
