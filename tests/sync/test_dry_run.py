from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from include.sync.run_report import compared_by, left_over_of, mark_published
from include.sync.window import Window, WindowKind, WindowState
from tests.sync.records import dictionaries, item, order
from tests.sync.shop import T0, Door, Shop

HOUR = timedelta(hours=1)
EVERYTHING = (
    "select 'frontier', frontiers::text from ops.frontiers union all select 'order', orders::text from crm.orders"
    " union all select 'item', order_items::text from crm.order_items"
    " union all select 'customer', customers::text from crm.customers"
    " union all select 'history', orders_history::text from crm.orders_history"
    " union all select 'touched', touched::text from ops.touched"
    " union all select 'quarantine', quarantine::text from ops.quarantine"
    " union all select 'real window', windows::text from ops.windows where not is_dry_run order by 1, 2"
)
LATER = "2026-04-01 12:30:00"


@pytest.fixture
def loaded(shop: Shop) -> Shop:
    """Three orders, of which one then changed, one lost a line, and a fourth was placed; one waits in quarantine."""
    shop.door.records = [order(1), order(2), order(3), order(5, grand_total="a lot")]
    shop.run("orders")
    shop.door.now = shop.now = T0 + HOUR
    shop.door.records = [
        order(1, status="complete", updated_at=LATER),
        order(2, items=[item(299)], updated_at=LATER),
        order(3),
        order(4, updated_at=LATER, customer_email="new@example.com"),
        order(5, updated_at=LATER),
    ]
    return shop


def changes(shop: Shop, window: Window) -> dict[str, list[tuple[str, str, list[str]]]]:
    found = shop.one("select changes_json from ops.windows where window_id = :w", w=window.window_id)
    return {table: [(c["key"], c["change"], c["columns"]) for c in some] for table, some in found.items()}


@pytest.mark.parametrize(
    "asked", [{}, {"is_full_resync": True}, {"low_at": T0 - HOUR}, {"ids": (1, 2, 4, 5)}], ids=repr
)
def test_dry_run_changes_nothing_whatever_is_asked(loaded: Shop, asked: dict[str, Any]) -> None:
    before = loaded.rows(EVERYTHING)
    windows = loaded.run("orders", is_dry_run=True, **asked)
    assert {window.state for window in windows} == {WindowState.COMPARED}
    assert loaded.rows(EVERYTHING) == before
    counted = loaded.rows("select outcome_json from ops.windows where is_dry_run")
    assert [outcome["orders"]["inserted"] for outcome in counted] == [2]
    assert [outcome["guests"]["inserted"] for outcome in counted] == [1]


def test_dry_run_counts_what_the_real_run_then_does(loaded: Shop) -> None:
    (dry,) = loaded.run("orders", is_dry_run=True)
    (real,) = loaded.run("orders")
    outcome = "select outcome_json from ops.windows where window_id = :w"
    assert loaded.one(outcome, w=dry.window_id) == loaded.one(outcome, w=real.window_id)


def test_dry_run_names_the_rows_and_columns_that_would_change_and_no_value(loaded: Shop) -> None:
    (window,) = loaded.run("orders", is_dry_run=True)
    found = changes(loaded, window)
    assert found["orders"] == [
        ("us:1", "updated", ["status", "source_updated_at"]),
        ("us:2", "updated", ["source_updated_at"]),
        ("us:4", "inserted", []),
        ("us:5", "inserted", []),
    ]
    assert ("us:201", "deleted", []) in found["order_items"]
    assert ("us:299", "inserted", []) in found["order_items"]
    assert "complete" not in loaded.one("select changes_json::text from ops.windows where is_dry_run")


def test_dry_run_tells_of_rows_that_would_stay_behind_or_come_back(loaded: Shop) -> None:
    loaded.execute("update crm.orders set source_updated_at = '2027-01-01', row_hash = 0 where order_id = 1")
    loaded.execute("update crm.orders set deleted_at = now() where order_id = 3")
    (window,) = loaded.run("orders", is_dry_run=True, ids=(1, 3))
    assert changes(loaded, window)["orders"] == [
        ("us:1", "stale", []),
        ("us:3", "updated", ["deleted_at"]),
    ]


def test_dry_run_names_a_bounded_number_of_rows(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.sync.upsert.MOST_CHANGES", 2)
    shop.door.records = [order(n) for n in (1, 2, 3)]
    (window,) = shop.run("orders", is_dry_run=True)
    assert [key for key, *_ in changes(shop, window)["orders"]] == ["us:1", "us:2"]
    assert shop.one("select outcome_json -> 'orders' ->> 'inserted' from ops.windows") == "3"


def test_dry_run_of_a_first_load_begins_none(shop: Shop) -> None:
    shop.door.records = [order(1)]
    (window,) = shop.run("orders", is_dry_run=True)
    assert (window.kind, window.is_dry_run) == (WindowKind.INITIAL, True)
    assert shop.rows("select * from ops.frontiers") == shop.rows("select * from crm.orders") == []
    assert [w.kind for w in shop.plan("orders")] == [WindowKind.INITIAL]


def test_dry_run_looks_at_what_a_broken_run_left_and_leaves_it(shop: Shop) -> None:
    shop.door.records = [order(n) for n in (1, 1200)]
    first, second = shop.plan("orders", run_id="broken")
    windows = shop.plan("orders", run_id="dry", is_dry_run=True)
    assert [(w.kind, w.id_low, w.id_high) for w in windows[1:]] == [
        (WindowKind.INITIAL, first.id_low, first.id_high),
        (WindowKind.INITIAL, second.id_low, second.id_high),
    ]
    assert shop.window(first.window_id).run_id == "broken"


def test_broken_dry_run_is_not_taken_up_and_does_not_stay_open(shop: Shop) -> None:
    shop.door.records = [order(1)]
    (broken,) = shop.plan("orders", is_dry_run=True)
    (real,) = shop.plan("orders", run_id="next")
    assert not real.is_dry_run
    assert shop.window(broken.window_id).state is WindowState.SUPERSEDED


def test_dry_run_of_dictionaries_replaces_no_planned_one(shop: Shop) -> None:
    shop.door = Door(records=[dictionaries()])
    (planned,) = shop.plan("stores", run_id="real")
    (window,) = shop.run("stores", is_dry_run=True)
    assert window.state is WindowState.COMPARED
    assert shop.window(planned.window_id).state is WindowState.PLANNED
    assert shop.rows("select * from crm.stores") == []


def test_dry_run_has_nothing_to_publish(loaded: Shop) -> None:
    loaded.execute("update ops.windows set published_at = now()")
    loaded.run("orders", is_dry_run=True)
    with loaded.engine.connect() as connection:
        (orders,) = [one for one in compared_by(connection, "run", "orders") if one.name == "orders"]
        assert left_over_of(connection, "run", "orders") == []
        assert mark_published(connection, "orders") == 0
    assert (orders.counts["updated"], len(orders.changes)) == (2, 4)
