"""Batches as nasty as stores send them, against what the warehouse holds already; counts are exact."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from include.entities.catalogue import ENTITIES, entity, tables
from include.warehouse.merge import Merge
from include.warehouse.schema import CRM, HISTORY
from tests.sync.migrated_warehouse import migrated_template
from tests.sync.records import STORES, customer, dictionaries, item, order
from tests.sync.shop import Shop, shop

__all__ = ["migrated_template", "shop"]

OLDER, NEWER = "2026-03-02 11:59:59", "2026-03-03 09:00:00"
WHOLE_ORDER = {
    "orders": {"inserted": 1},
    "order_items": {"inserted": 1},
    "order_addresses": {"inserted": 2},
    "order_comments": {"inserted": 1},
    "order_payments": {"inserted": 1},
    "guests": {"inserted": 1},
    "accounts_of_guests": {"inserted": 1},
}


def unchanged(**counts: int) -> dict[str, dict[str, int]]:
    return {table: {"unchanged": count} for table, count in counts.items()}


ORDER_UNCHANGED = unchanged(orders=1, order_items=1, order_addresses=2, order_comments=1, order_payments=1)


def stamps(shop: Shop, table: str) -> list[Any]:
    return shop.rows(f"select changed_at, first_seen_at, window_id from crm.{table} order by 1, 2")  # noqa: S608


def test_new_record_is_inserted_with_its_children(shop: Shop) -> None:
    assert shop.load("orders", order(1)) == WHOLE_ORDER
    assert shop.one("select order_key, first_seen_at = changed_at, deleted_at from crm.orders") == (
        "us:1",
        True,
        None,
    )


def test_same_batch_twice_changes_nothing_the_second_time(shop: Shop) -> None:
    shop.load("orders", order(1))
    before = {name: stamps(shop, name) for name in CRM}
    assert shop.load("orders", order(1)) == ORDER_UNCHANGED
    assert {name: stamps(shop, name) for name in CRM} == before
    assert shop.touched("customer") == shop.touched("order_created") == set()


def test_newer_row_overwrites_and_moves_changed_at_only(shop: Shop) -> None:
    shop.load("orders", order(1))
    seen = shop.one("select first_seen_at from crm.orders")
    assert shop.load("orders", order(1, status="complete", updated_at=NEWER))["orders"] == {"updated": 1}
    assert shop.one("select status, first_seen_at, changed_at > first_seen_at from crm.orders") == (
        "complete",
        seen,
        True,
    )


def test_older_batch_never_overwrites_newer_row(shop: Shop) -> None:
    shop.load("orders", order(1, status="complete"))
    before = stamps(shop, "orders")
    assert shop.load("orders", order(1, status="pending", updated_at=OLDER))["orders"] == {"stale": 1}
    assert stamps(shop, "orders") == before
    assert shop.one("select status from crm.orders") == "complete"


def test_children_of_an_older_record_stay_away_with_it(shop: Shop) -> None:
    shop.load("orders", order(1, items=[item(101), item(102)]))
    old = order(
        1, updated_at=OLDER, items=[item(101, qty_ordered="9"), item(103)], payment={"method": "cash"}
    )
    outcome = shop.load("orders", old)
    assert not any({"inserted", "updated", "deleted"} & counts.keys() for counts in outcome.values())
    assert shop.rows("select order_item_id, ordered_qty, deleted_at from crm.order_items order by 1") == [
        (101, 2, None),
        (102, 2, None),
    ]
    assert shop.one("select payment_method from crm.order_payments") == "checkmo"
    assert shop.touched("customer") == set()


def test_one_stale_record_does_not_hold_back_the_others(shop: Shop) -> None:
    shop.load("orders", order(1), order(2))
    outcome = shop.load(
        "orders", order(1, updated_at=OLDER, status="a"), order(2, updated_at=NEWER, status="b"), order(3)
    )
    assert outcome["orders"] == {"inserted": 1, "updated": 1, "stale": 1}
    assert outcome["order_items"] == {"inserted": 1, "unchanged": 2}


@pytest.mark.parametrize(("known", "arriving"), [("2026-03-02 12:00:00", None), (None, OLDER), (None, None)])
def test_row_without_a_stamp_counts_as_not_older(shop: Shop, known: str | None, arriving: str | None) -> None:
    shop.load("orders", order(1, updated_at=known))
    assert shop.load("orders", order(1, updated_at=arriving, status="new"))["orders"] == {"updated": 1}
    assert shop.one("select status from crm.orders") == "new"


def test_equal_stamp_with_other_content_overwrites(shop: Shop) -> None:
    shop.load("orders", order(1))
    assert shop.load("orders", order(1, status="complete"))["orders"] == {"updated": 1}


def test_forced_batch_overwrites_newer_rows(shop: Shop) -> None:
    shop.load("orders", order(1, status="complete"))
    outcome = shop.load(
        "orders", order(1, status="pending", updated_at=OLDER, items=[item(102)]), is_forced=True
    )
    assert outcome["orders"] == {"updated": 1}
    assert outcome["order_items"] == {"inserted": 1, "deleted": 1}
    assert shop.one("select status from crm.orders") == "pending"


def test_null_clears_a_mirrored_value(shop: Shop) -> None:
    shop.load("orders", order(1, coupon_code="SPRING"))
    shop.load("orders", order(1, coupon_code=None))
    assert shop.one("select coupon_code from crm.orders") is None


def test_null_keeps_a_value_that_is_kept_when_null(shop: Shop) -> None:
    shop.load("customers", customer(1, gender="Female", firstname="Ada"))
    shop.load("customers", customer(1, gender=None, firstname=None))
    assert shop.one("select gender, first_name from crm.customers") == ("Female", None)
    shop.load("customers", customer(1, gender="Male"))
    assert shop.one("select gender from crm.customers") == "Male"


def test_null_that_keeps_a_value_is_no_change_the_second_time(shop: Shop) -> None:
    shop.load("customers", customer(1, gender="Female"))
    shop.load("customers", customer(1))
    assert shop.load("customers", customer(1)) == unchanged(customers=1, customer_addresses=1)


def test_removed_child_is_marked_deleted_and_comes_back(shop: Shop) -> None:
    shop.load("orders", order(1, items=[item(101), item(102)]))
    assert shop.load("orders", order(1, items=[item(101)]))["order_items"] == {"unchanged": 1, "deleted": 1}
    assert shop.rows("select order_item_id from crm.order_items where deleted_at = changed_at") == [102]
    assert shop.load("orders", order(1, items=[item(101)]))["order_items"] == {"unchanged": 1}
    outcome = shop.load("orders", order(1, items=[item(101), item(102)]))
    assert outcome["order_items"] == {"unchanged": 1, "updated": 1}
    assert shop.rows("select deleted_at from crm.order_items") == [None, None]


def test_only_children_of_records_in_the_batch_can_be_gone(shop: Shop) -> None:
    shop.load("orders", order(1), order(2))
    assert "deleted" not in shop.load("orders", order(2))["order_items"]


def test_record_that_lost_all_children_loses_them_here(shop: Shop) -> None:
    shop.load("orders", order(1))
    outcome = shop.load("orders", order(1, items=[], billing_address={}, shipping_address={}, payment={}))
    assert [outcome[name]["deleted"] for name in ("order_items", "order_addresses", "order_payments")] == [
        1,
        2,
        1,
    ]


def test_deleted_row_that_reappears_unchanged_is_there_again(shop: Shop) -> None:
    shop.load("orders", order(1))
    shop.execute("update crm.orders set deleted_at = now(), changed_at = now()")
    gone = shop.one("select changed_at from crm.orders")
    assert shop.load("orders", order(1))["orders"] == {"updated": 1}
    assert shop.one("select deleted_at, changed_at > :gone from crm.orders", gone=gone) == (None, True)


def test_rows_gone_from_a_snapshot_are_marked_deleted(shop: Shop) -> None:
    shop.load("stores", dictionaries())
    outcome = shop.load("stores", dictionaries(stores=list(STORES[:2])))
    assert outcome["stores"] == {"unchanged": 2, "deleted": 1}
    assert shop.rows("select store_id from crm.stores where deleted_at is not null") == [3]
    assert shop.load("stores", dictionaries())["stores"] == {"unchanged": 2, "updated": 1}


def test_empty_snapshot_deletes_nothing(shop: Shop) -> None:
    shop.load("stores", dictionaries())
    outcome = shop.load("stores", dictionaries(stores=[], websites=[]))
    assert outcome == unchanged(customer_groups=1)
    assert shop.rows("select count(*) from crm.stores where deleted_at is null") == [3]


def test_window_that_is_no_snapshot_deletes_no_other_record(shop: Shop) -> None:
    shop.load("orders", order(1), order(2))
    shop.load("orders", order(2))
    assert shop.rows("select count(*) from crm.orders where deleted_at is null") == [2]


def test_other_channels_are_left_alone(shop: Shop) -> None:
    other = shop.of(code="uk")
    other.load("stores", dictionaries())
    other.load("orders", order(1))
    before = shop.rows("select order_key, changed_at, row_hash from crm.orders where channel_code = 'uk'")
    shop.load("stores", dictionaries(stores=list(STORES[:1])))
    assert (
        shop.load("orders", order(1, status="complete", updated_at=NEWER, items=[item(102)])) == WHOLE_ORDER
    )
    assert (
        shop.rows("select order_key, changed_at, row_hash from crm.orders where channel_code = 'uk'")
        == before
    )
    assert shop.rows("select count(*) from crm.stores where channel_code = 'uk' and deleted_at is null") == [
        3
    ]
    assert shop.rows(
        "select count(*) from crm.order_items where channel_code = 'uk' and deleted_at is null"
    ) == [1]


def test_bookkeeping_columns_are_filled(shop: Shop) -> None:
    shop.load("orders", order(1))
    window = shop.one("select max(window_id) from ops.windows")
    for table in ("orders", "order_items", "order_addresses", "order_comments", "order_payments"):
        query = f"select window_id, row_hash is not null, channel_code from crm.{table}"  # noqa: S608
        assert set(shop.rows(query)) == {(window, True, "us")}


def test_failure_leaves_no_staged_tables_behind(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Merge, "_apply", _broken)
    with pytest.raises(psycopg.errors.DivisionByZero):
        shop.load("orders", order(1))
    assert shop.rows("select tablename from pg_tables where schemaname = 'staging'") == []
    monkeypatch.undo()
    assert shop.load("orders", order(1)) == WHOLE_ORDER
    assert shop.rows("select tablename from pg_tables where schemaname = 'staging'") == []


def _broken(merge: Merge, _: object) -> None:
    merge.connection.execute("select 1 / 0")


def test_snapshots_and_windows_of_two_channels_do_not_meet_in_staging(shop: Shop) -> None:
    windows = [s.staged(s.planned("orders"), [order(1)]) for s in (shop, shop.of(code="uk"))]
    for window in windows:
        assert shop.upsert(window) is not None
    assert shop.rows("select order_key from crm.orders order by 1") == ["uk:1", "us:1"]


def test_every_table_with_tracked_fields_has_a_history(shop: Shop) -> None:
    tracked = {t.name for t in tables() if any(f.is_tracked for f in t.fields)}
    assert set(HISTORY) == tracked >= {"customers", "orders"}


def test_touches_are_declared_on_roots_only() -> None:
    for one in ENTITIES:
        assert all(not table.touches for table in one.tables[1:])
        assert {touch.column for touch in one.root.touches} <= set(CRM[one.root.name].columns.keys())


def test_odd_instants_load(shop: Shop) -> None:
    shop.load("orders", order(1, created_at="9999-12-31 23:59:59", updated_at="1000-01-01 00:00:00"))
    assert shop.one("select source_created_at from crm.orders") == datetime(
        9999, 12, 31, 23, 59, 59, tzinfo=UTC
    )


def test_entity_tables_are_loaded_whole_or_not_at_all(shop: Shop) -> None:
    assert [table.name for table in entity("orders").tables] == list(shop.load("orders", order(1)))[:-2]
