"""What the merge remembers of what it overwrites: superseded versions, and the keys that reports must look at again."""

from __future__ import annotations

from typing import Any

import pytest

from include.entities.catalogue import tables
from include.entities.fields import Policy
from tests.sync.migrated_warehouse import migrated_template
from tests.sync.records import address, customer, item, order
from tests.sync.shop import Shop, shop

__all__ = ["migrated_template", "shop"]

OLDER = "2026-03-02 11:59:59"


def test_tracked_columns_mirror_the_store() -> None:
    """History compares what was known with what arrives: another policy would make versions that never ended.

    What the warehouse owns never arrives; the step that sets it keeps its versions.
    """
    allowed = (Policy.MIRROR, Policy.WAREHOUSE_OWNED)
    odd = [(t.name, f.name) for t in tables() for f in t.fields if f.is_tracked and f.policy not in allowed]
    assert odd == []


def test_history_keeps_each_superseded_version_and_they_tile(shop: Shop) -> None:
    for status in ("pending", "processing", "complete"):
        shop.load("orders", order(1, status=status))
    versions = shop.rows("select status, valid_from, valid_to from crm.orders_history order by valid_to")
    known, seen, changed = shop.one("select status, first_seen_at, changed_at from crm.orders")
    assert ([status for status, _, _ in versions], known) == (["pending", "processing"], "complete")
    borders = [seen, *(valid_to for _, _, valid_to in versions)]
    assert [valid_from for _, valid_from, _ in versions] == borders[:-1]
    assert borders[-1] == changed


def test_change_of_an_untracked_column_makes_no_version(shop: Shop) -> None:
    shop.load("orders", order(1))
    shop.load("orders", order(1, coupon_code="SPRING"))
    shop.load("orders", order(1, coupon_code="SPRING", items=[item(102)]))
    assert shop.rows("select * from crm.orders_history") == []


def test_stale_row_makes_no_version(shop: Shop) -> None:
    shop.load("orders", order(1))
    shop.load("orders", order(1, status="pending", updated_at=OLDER))
    assert shop.rows("select * from crm.orders_history") == []


def test_version_of_a_value_that_was_unknown_is_kept_too(shop: Shop) -> None:
    shop.load("customers", customer(1, firstname=None))
    shop.load("customers", customer(1, firstname="Ada"))
    assert shop.rows("select first_name from crm.customers_history") == [None]


def test_change_of_the_buyer_touches_the_old_one_and_the_new(shop: Shop) -> None:
    shop.load("orders", order(1, customer_id="5"))
    shop.load("orders", order(1, customer_id="6"))
    assert shop.touched("customer") == {"us:5", "us:6"}


def test_moved_creation_touches_the_old_hour_and_the_new(shop: Shop) -> None:
    shop.load("orders", order(1, created_at="2026-03-01 10:59:59"))
    shop.load("orders", order(1, created_at="2026-03-05 23:10:00"))
    assert shop.touched("order_created") == {"2026-03-01 10:00:00+00", "2026-03-05 23:00:00+00"}


@pytest.mark.parametrize(
    "change",
    [
        {"items": [item(101, qty_ordered="3")]},
        {"items": [item(101), item(102)]},
        {"items": []},
        {"billing_address": address(11, city="Paris")},
        {"status_history": []},
    ],
    ids=["changed", "new", "gone", "other table", "history"],
)
def test_change_in_a_child_only_touches_the_record_s_keys(shop: Shop, change: dict[str, Any]) -> None:
    shop.load("orders", order(1, customer_id="5"), order(2, customer_id="6"))
    shop.load("orders", order(1, customer_id="5", **change), order(2, customer_id="6"))
    assert shop.touched("customer") == {"us:5"}
    assert shop.touched("order_created") == {"2026-03-01 10:00:00+00"}


def test_touched_key_is_noted_once_per_window(shop: Shop) -> None:
    shop.load("orders", *(order(n, customer_id="5") for n in range(1, 6)))
    assert shop.rows("select count(*) from ops.touched where subject = 'customer'") == [1]


def test_order_without_a_date_or_buyer_touches_only_itself_and_loads(shop: Shop) -> None:
    shop.load("orders", order(1, customer_email=None, created_at=None))
    assert shop.rows("select subject, touched_key from ops.touched") == [("order", "us:1")]
    assert shop.rows("select order_key from crm.orders") == ["us:1"]
