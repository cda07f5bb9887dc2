"""New records without a date of change come with the next run, by their ids; nothing new costs one question."""

from __future__ import annotations

from include.magento.door import IdRange
from include.sync.request import Request
from include.sync.window import WindowKind
from tests.sync.migrated_warehouse import migrated_template
from tests.sync.records import cart, order, subscriber
from tests.sync.shop import Shop, shop

__all__ = ["migrated_template", "shop"]

NEVER = "0000-00-00 00:00:00"


def loaded(shop: Shop) -> list[object]:
    return shop.rows("select cart_id from crm.carts order by 1")


def kinds(shop: Shop, **asked: object) -> list[WindowKind]:
    return [window.kind for window in shop.run("carts", **asked)]


def test_new_record_without_a_date_comes_with_the_next_run(shop: Shop) -> None:
    shop.door.records = [cart(1), cart(2)]
    shop.run("carts")
    shop.door.records.append(cart(3, updated_at=NEVER))
    assert kinds(shop) == [WindowKind.INCREMENTAL, WindowKind.NEW]
    assert loaded(shop) == [1, 2, 3]


def test_what_was_looked_for_once_is_not_looked_for_again(shop: Shop) -> None:
    shop.door.records = [cart(1)]
    shop.run("carts")
    shop.door.records.append(cart(5, updated_at=NEVER))
    shop.run("carts")
    assert kinds(shop) == [WindowKind.INCREMENTAL]
    shop.door.records.append(cart(6, updated_at=NEVER))
    shop.door.asked.clear()
    shop.run("carts")
    assert IdRange(low=5, high=6) in shop.door.asked


def test_new_ids_of_a_run_that_broke_off_are_taken_up_by_the_next(shop: Shop) -> None:
    shop.door.records = [cart(1)]
    shop.run("carts")
    shop.door.records.append(cart(2, updated_at=NEVER))
    shop.plan("carts", run_id="killed")
    assert kinds(shop) == [WindowKind.INCREMENTAL, WindowKind.NEW]
    assert loaded(shop) == [1, 2]


def test_many_new_ids_make_several_windows_that_tile(shop: Shop) -> None:
    shop.door.records = [cart(1)]
    shop.run("carts")
    shop.door.records.append(cart(2500, updated_at=NEVER))
    windows = [w for w in shop.plan("carts") if w.kind is WindowKind.NEW]
    assert [(w.id_low, w.id_high) for w in windows] == [(1, 1001), (1001, 2001), (2001, 2500)]


def test_first_load_full_resync_and_ranges_plan_none(shop: Shop) -> None:
    shop.door.records = [cart(1)]
    assert kinds(shop) == [WindowKind.INITIAL]
    shop.door.records.append(cart(2, updated_at=NEVER))
    assert WindowKind.NEW not in kinds(shop, is_full_resync=True)
    shop.door.records.append(cart(3, updated_at=NEVER))
    assert WindowKind.NEW not in kinds(shop, low_at=shop.now)


def test_dry_run_tells_them_and_notes_nothing(shop: Shop) -> None:
    shop.door.records = [cart(1)]
    shop.run("carts")
    shop.door.records.append(cart(2, updated_at=NEVER))
    would = shop.planner("carts").plan(Request(is_dry_run=True))
    assert [shop.window(number).kind for number in would] == [WindowKind.INCREMENTAL, WindowKind.NEW]
    assert kinds(shop) == [WindowKind.INCREMENTAL, WindowKind.NEW]


def test_undated_subscribers_come_too_and_dated_entities_need_no_such_windows(shop: Shop) -> None:
    shop.door.records = [subscriber(1)]
    shop.run("newsletter_subscribers")
    shop.door.records.append(subscriber(2, change_status_at=None))
    shop.run("newsletter_subscribers")
    assert shop.rows("select newsletter_subscriber_id from crm.newsletter_subscribers order by 1") == [1, 2]
    shop.door.records = [order(1)]
    shop.run("orders")
    shop.door.records.append(order(2))
    assert [window.kind for window in shop.run("orders")] == [WindowKind.INCREMENTAL]
