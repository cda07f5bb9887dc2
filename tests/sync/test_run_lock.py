from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from include.sync.run_lock import InProgressError, at_work
from include.sync.window import WindowKind, WindowState
from tests.sync.records import order
from tests.sync.shop import T0, Shop

HOUR = timedelta(hours=1)


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A shop whose first load, of two windows, the run `first` has planned."""
    shop.door.records = [order(n) for n in (1, 1200)]
    shop.plan("orders", run_id="first")
    return shop


def test_run_stays_away_from_an_entity_that_another_run_is_at_work_on(shop: Shop) -> None:
    with (
        at_work(shop.engine, "first", "us", "orders"),
        pytest.raises(InProgressError, match="Channel us: orders are being read by the run first: wait"),
    ):
        shop.plan("orders", run_id="second")
    assert shop.rows("select distinct run_id from ops.windows") == ["first"]


def test_windows_of_a_run_that_is_not_at_work_are_anybody_s(shop: Shop) -> None:
    with at_work(shop.engine, "first", "us", "orders"):
        pass
    assert len(shop.plan("orders", run_id="second")) == 3  # what changed since, and the two of the first
    assert shop.rows("select distinct run_id from ops.windows") == ["second"]


def test_run_whose_session_broke_is_not_at_work(shop: Shop) -> None:
    with at_work(shop.engine, "first", "us", "orders"):
        shop.execute(
            "select pg_terminate_backend(pid) from pg_locks"
            " where locktype = 'advisory' and mode = 'ShareLock' and database = (select oid from pg_database"
            " where datname = current_database())"
        )
        assert shop.plan("orders", run_id="second")


def test_tasks_of_one_run_are_at_work_side_by_side(shop: Shop) -> None:
    with at_work(shop.engine, "first", "us", "orders"):
        with at_work(shop.engine, "first", "us", "orders"):
            pass
        with pytest.raises(InProgressError):
            shop.plan("orders", run_id="second")
        assert shop.plan("orders", run_id="first")


def test_other_entities_and_channels_go_on(shop: Shop) -> None:
    other = shop.of(code="eu")
    with at_work(shop.engine, "first", "us", "orders"):
        shop.plan("customers", run_id="second")
        other.plan("orders", run_id="second")


def test_run_that_has_nothing_left_is_in_nobody_s_way(shop: Shop) -> None:
    with at_work(shop.engine, "first", "us", "orders"):
        shop.execute("update ops.windows set state = 'done'")
        assert shop.plan("orders", run_id="second")


def test_named_records_are_read_beside_another_run_and_stay_theirs(shop: Shop) -> None:
    with at_work(shop.engine, "first", "us", "orders"):
        (window,) = shop.plan("orders", run_id="one", ids=(1,))
        assert (window.kind, window.run_id) == (WindowKind.IDS, "one")
    with at_work(shop.engine, "one", "us", "orders"):
        assert window.window_id not in [w.window_id for w in shop.plan("orders", run_id="second")]
        assert shop.window(window.window_id).run_id == "one"
    assert window.window_id in [w.window_id for w in shop.plan("orders", run_id="second")]


def test_task_leaves_windows_alone_that_another_run_took_over(shop: Shop) -> None:
    from dataclasses import replace

    mine = [shop.window(number) for number in shop.rows("select window_id from ops.windows order by 1")]
    shop.plan("orders", run_id="second")
    replace(shop.batch("orders", mine), run_id="first").extract(shop.extraction("orders"))
    assert {shop.window(w.window_id).state for w in mine} == {WindowState.PLANNED}
    replace(shop.batch("orders", mine), run_id="second").extract(shop.extraction("orders"))
    assert {shop.window(w.window_id).state for w in mine} == {WindowState.EXTRACTED}


def test_of_runs_that_plan_at_once_one_reads(shop: Shop, at_once: Callable[..., list[Any]]) -> None:
    shop.execute("update ops.windows set state = 'done'")
    shop.door.now = T0 + HOUR

    def whole_run(run_id: str) -> int:
        with at_work(shop.engine, run_id, "us", "orders"):
            try:
                return len(shop.plan("orders", run_id=run_id))
            except InProgressError:
                return 0

    assert sum(at_once(whole_run, ["a", "b", "c"])) >= 1
    assert shop.rows("select count(*) from ops.windows where state = 'planned'") == [1]
