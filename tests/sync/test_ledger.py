from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from include.sync import frontiers, ledger
from include.sync.window import LAG, WindowKind, WindowState
from tests.sync.records import dictionaries, order
from tests.sync.shop import T0, Door, Shop

DAY = timedelta(days=1)


def known(shop: Shop, entity: str = "orders") -> frontiers.Frontier:
    with shop.engine.connect() as connection:
        return frontiers.load(connection, "us", entity)


def reached(shop: Shop) -> tuple[Any, Any]:
    """How far down by id the first load has come, and whether it is complete."""
    found: tuple[Any, Any] = shop.one("select initial_reached_id, initial_done_at from ops.frontiers")
    return found


def complete_until(shop: Shop) -> datetime | None:
    found: datetime | None = shop.one("select complete_until from crm.complete_until where entity = 'orders'")
    return found


@pytest.fixture
def big(shop: Shop) -> Shop:
    """A shop whose first load takes three windows."""
    shop.door = Door(records=[order(n) for n in (1, 1200, 2200)])
    return shop


def test_first_load_is_complete_when_its_last_window_is(big: Shop) -> None:
    windows = big.plan("orders")
    assert [(w.id_low, w.id_high) for w in windows] == [(1200, 2200), (200, 1200), (0, 200)]
    assert (reached(big), complete_until(big)) == ((2200, None), None)
    seen = []
    for window in windows:
        big.upsert(big.staged(window))
        seen.append((reached(big), complete_until(big)))
    assert seen == [((1200, None), None), ((200, None), None), ((0, T0), T0)]


def test_failed_window_of_the_first_load_holds_completeness_back(big: Shop) -> None:
    first, second, third = big.plan("orders")
    assert first.window_id
    ledger.fail(big.engine, first.window_id, "The store is down: try again.", T0)
    for window in (third, second):
        big.upsert(big.staged(window))
    assert (reached(big), complete_until(big)) == ((2200, None), None)
    big.upsert(big.staged(first))
    assert (reached(big), complete_until(big)) == ((0, T0), T0)


def changes(shop: Shop, days: int) -> list[Any]:
    """Incremental windows of so many days behind a finished first load."""
    shop.run("orders")
    shop.door.now = T0 + days * DAY
    return shop.plan("orders")


def test_frontier_moves_with_each_window_in_turn(shop: Shop) -> None:
    windows = changes(shop, 3)
    seen = []
    for window in windows:
        shop.upsert(shop.staged(window))
        seen.append(known(shop).frontier_at)
    assert seen == [T0 + DAY, T0 + 2 * DAY, T0 + 3 * DAY - LAG]
    assert complete_until(shop) == T0 + 3 * DAY - LAG


def test_failed_window_holds_the_frontier_back_and_later_ones_load(shop: Shop) -> None:
    first, second, third = changes(shop, 3)
    ledger.fail(shop.engine, second.window_id, "The store is down: try again.", T0)
    shop.door.records = [order(9, updated_at="2026-04-04 00:00:00")]
    for window in (first, third):
        shop.upsert(shop.staged(window))
    assert known(shop).frontier_at == T0 + DAY
    assert shop.rows("select order_key from crm.orders") == ["us:9"]


def test_frontier_jumps_over_what_was_done_before_the_gap_was_filled(shop: Shop) -> None:
    first, second, third = changes(shop, 3)
    for window in (first, third, second):
        shop.upsert(shop.staged(window))
    assert known(shop).frontier_at == T0 + 3 * DAY - LAG


@pytest.mark.parametrize(
    ("kind", "bounds"),
    [
        (WindowKind.RESYNC, {"id_low": 0, "id_high": 9, "is_forced": True}),
        (WindowKind.RANGE, {"low_at": T0 - DAY, "high_at": T0 + 9 * DAY}),
        (WindowKind.IDS, {"ids": (1,)}),
    ],
)
def test_windows_beside_the_plan_leave_the_frontier_alone(
    shop: Shop, kind: WindowKind, bounds: dict[str, Any]
) -> None:
    shop.run("orders")
    before = known(shop)
    shop.upsert(shop.staged(shop.planned("orders", kind, **bounds)))
    assert known(shop) == before


def test_snapshot_is_complete_up_to_its_reading(shop: Shop) -> None:
    shop.door = Door(records=[dictionaries()])
    shop.run("stores")
    shop.door.now, shop.now = T0 + DAY, T0 + 2 * DAY
    shop.run("stores")
    frontier = known(shop, "stores")
    assert (frontier.frontier_at, frontier.initial_done_at) == (T0 + DAY, T0)


@pytest.mark.parametrize("state", [WindowState.DONE, WindowState.SUPERSEDED])
def test_run_that_was_overtaken_never_opens_a_finished_window_again(shop: Shop, state: WindowState) -> None:
    window = shop.planned("orders")
    assert window.window_id
    shop.execute("update ops.windows set state = :state", state=state.value)
    ledger.begin(shop.engine, window.window_id, T0)
    ledger.note(shop.engine, window.window_id, state=WindowState.EXTRACTED.value)
    ledger.fail(shop.engine, window.window_id, "Too late.", T0)
    assert shop.one("select state, error, attempts from ops.windows") == (state.value, None, 0)


def test_attempts_are_counted_and_a_new_one_forgets_the_old_error(shop: Shop) -> None:
    window = shop.planned("orders")
    assert window.window_id
    ledger.fail(shop.engine, window.window_id, "The store is down: try again.", T0)
    for _ in range(2):
        ledger.begin(shop.engine, window.window_id, T0 + DAY)
    assert shop.one("select attempts, started_at, error from ops.windows") == (2, T0 + DAY, None)


def test_window_comes_back_from_the_ledger_as_it_was_planned(shop: Shop) -> None:
    window = shop.planned(
        "orders", WindowKind.RANGE, low_at=T0, high_at=T0 + DAY, is_open=True, is_forced=True
    )
    assert (window.kind, window.low_at, window.high_at, window.is_open, window.is_forced) == (
        WindowKind.RANGE,
        T0,
        T0 + DAY,
        True,
        True,
    )
    assert shop.planned("orders", ids=(3, 1)).ids == (3, 1)


def test_channels_keep_their_own_frontier(shop: Shop, tmp_path: Path) -> None:
    shop.run("orders")
    shop.of(code="uk").plan("customers")
    assert shop.rows("select channel_code, entity from ops.frontiers order by 1") == [
        ("uk", "customers"),
        ("us", "orders"),
    ]


def test_lock_of_an_entity_is_held_until_the_transaction_ends_and_locks_no_other(shop: Shop) -> None:
    def is_free(key: str) -> bool:
        return bool(shop.one("select pg_try_advisory_xact_lock(hashtextextended(:key, 0))", key=key))

    with shop.engine.begin() as connection:
        ledger.hold(connection, "us", "orders")
        ledger.hold(connection, "us", "orders")
        held = [is_free(key) for key in ("sync:us:orders", "sync:us:customers", "sync:uk:orders")]
    assert held == [False, True, True]
    assert is_free("sync:us:orders")
