from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from include.retention import steps
from include.retention.limits import Limits
from include.retention.rows import prune_rows
from include.sync import frontiers
from include.sync.window import WindowKind
from tests.sync.records import order
from tests.sync.shop import Shop

DAY = timedelta(days=1)
LIMITS = Limits(ledger=100, checks=10, quarantine=20, touched=30)


@pytest.fixture
def now(shop: Shop) -> datetime:
    """The server's clock, which stamps most of what is pruned."""
    at: datetime = shop.one("select now()")
    return at


def prune(shop: Shop, now: datetime, **more: Any) -> dict[str, int]:
    return {
        table: count for table, count in prune_rows(shop.engine, LIMITS.before(now), **more).items() if count
    }


def window(
    shop: Shop, *, finished_at: datetime, state: str = "done", kind: str = "initial", **values: Any
) -> int:
    number = shop.planned("orders", WindowKind.INITIAL, id_low=0, id_high=1).window_id
    values = {"published_at": finished_at, "low_at": None, "high_at": None} | values
    shop.execute(
        "update ops.windows set state = :state, kind = :kind, finished_at = :finished_at,"
        " published_at = :published_at, low_at = :low_at, high_at = :high_at where window_id = :n",
        n=number,
        state=state,
        kind=kind,
        finished_at=finished_at,
        **values,
    )
    assert number is not None
    return number


def windows(shop: Shop) -> list[int]:
    return shop.rows("select window_id from ops.windows order by 1")


def test_finished_windows_go_when_their_days_are_over(shop: Shop, now: datetime) -> None:
    window(shop, finished_at=now - 101 * DAY)
    window(shop, finished_at=now - 101 * DAY, state="superseded", published_at=None)
    young = window(shop, finished_at=now - 99 * DAY)
    failed = window(shop, finished_at=now - 101 * DAY, state="failed")
    unpublished = window(shop, finished_at=now - 101 * DAY, published_at=None)
    assert prune(shop, now) == {"ops.windows": 2}
    assert windows(shop) == [young, failed, unpublished]


def test_windows_that_may_still_move_the_frontier_stay_however_old(shop: Shop, now: datetime) -> None:
    frontier = now - 200 * DAY
    shop.execute(
        "insert into ops.frontiers (channel_code, entity, frontier_at) values ('us', 'orders', :at)",
        at=frontier,
    )
    span = {"kind": "incremental", "finished_at": now - 150 * DAY}
    window(shop, low_at=frontier - 2 * DAY, high_at=frontier, **span)
    beyond = window(shop, low_at=frontier + DAY, high_at=frontier + 2 * DAY, **span)
    assert prune(shop, now) == {"ops.windows": 1}
    assert windows(shop) == [beyond]
    with shop.engine.begin() as connection:
        from include.sync import ledger

        gap = shop.window(window(shop, state="planned", low_at=frontier, high_at=frontier + DAY, **span))
        ledger.complete(connection, gap, now=now)
        assert frontiers.load(connection, "us", "orders").frontier_at == frontier + 2 * DAY


def test_results_of_checks_and_entries_that_wait_no_longer_go(shop: Shop, now: datetime) -> None:
    shop.load(
        "orders", order(1, grand_total="much"), order(2, grand_total="much"), order(3, grand_total="much")
    )
    shop.execute("update ops.quarantine set resolved_at = :at where record_key = 'us:1'", at=now - 21 * DAY)
    shop.execute("update ops.quarantine set resolved_at = :at where record_key = 'us:2'", at=now - 19 * DAY)
    shop.execute(
        "update ops.quarantine set first_seen_at = :at where record_key = 'us:3'", at=now - 999 * DAY
    )
    result = (
        "insert into ops.validation_results (window_id, table_name, rule, severity, is_success, evaluated_count,"
        " failed_count, failed_keys_json, checked_at) values (:n, 'orders', 'x', 'warn', true, 1, 0, '[]', :at)"
    )
    shop.execute(result, n=1, at=now - 11 * DAY)
    shop.execute(result, n=2, at=now - 9 * DAY)
    assert prune(shop, now) == {"ops.validation_results": 1, "ops.quarantine": 1}
    assert shop.rows("select record_key from ops.quarantine order by 1") == ["us:2", "us:3"]


def follow(shop: Shop, table: str, now: datetime, *, age: timedelta = DAY, server: str | None = None) -> None:
    """A report refreshed now has followed everything up to here."""
    shop.execute(f"create table if not exists {table} (x int)")
    shop.execute(
        "insert into ops.refreshes values (:table, '', '', pg_snapshot_xmin(pg_current_snapshot()),"
        " coalesce(:server, (select system_identifier::text from pg_control_system())), :at, true, '', 0, 0, 0, 0, 0,"
        " '{}')",
        table=table,
        server=server,
        at=now - age,
    )


def touched_windows(shop: Shop) -> set[int]:
    return set(shop.rows("select distinct window_id from ops.touched"))


@pytest.fixture
def touching(shop: Shop) -> list[int]:
    """Three windows, whose affected keys are two days old, with a follower's position between each two."""
    numbers = []
    for number in (1, 2, 3):
        shop.load("orders", order(number))
        numbers.append(shop.one("select max(window_id) from ops.windows"))
        shop.execute("create table if not exists public.positions (n int, at xid8)")
        shop.execute(
            "insert into public.positions values (:n, pg_snapshot_xmin(pg_current_snapshot()))", n=number
        )
    shop.execute("update ops.windows set finished_at = now() - interval '2 days'")
    return numbers


def stand_at(shop: Shop, table: str, number: int) -> None:
    shop.execute(
        "update ops.refreshes set transaction_position = (select at from public.positions where n = :n)"
        " where table_name = :table",
        n=number,
        table=table,
    )


def test_affected_keys_stay_from_the_oldest_position_that_is_followed(
    shop: Shop, now: datetime, touching: list[int]
) -> None:
    first, second, third = touching
    follow(shop, "report.slow", now)
    follow(shop, "report.quick", now)
    stand_at(shop, "report.slow", 1)
    prune(shop, now)
    assert touched_windows(shop) == {second, third}
    assert first not in touched_windows(shop)
    stand_at(shop, "report.slow", 2)
    prune(shop, now)
    assert touched_windows(shop) == {third}


def test_followers_that_will_compute_everything_hold_nothing_back(
    shop: Shop, now: datetime, touching: list[int]
) -> None:
    follow(shop, "report.gone", now)
    follow(shop, "report.restored", now, server="another")
    for table in ("report.gone", "report.restored"):
        stand_at(shop, table, 1)
    shop.execute("drop table report.gone")
    prune(shop, now)
    assert touched_windows(shop) == set()


def test_a_follower_that_stands_still_for_too_long_is_given_up(
    shop: Shop, now: datetime, touching: list[int]
) -> None:
    follow(shop, "report.still", now, age=31 * DAY)
    stand_at(shop, "report.still", 1)
    assert prune(shop, now)["ops.refreshes"] == 1
    assert touched_windows(shop) == set()


def test_what_the_last_day_touched_stays_for_a_refresh_under_way(
    shop: Shop, now: datetime, touching: list[int]
) -> None:
    _, second, third = touching
    shop.execute("update ops.windows set finished_at = now() where window_id = :n", n=second)
    prune(shop, now)
    assert touched_windows(shop) == {second, third}


def test_a_dry_run_counts_the_same_and_deletes_nothing(
    shop: Shop, now: datetime, touching: list[int]
) -> None:
    window(shop, finished_at=now - 101 * DAY)
    told = prune(shop, now, is_dry=True)
    assert shop.one("select count(*) from ops.windows") == 4
    assert prune(shop, now) == told
    assert told["ops.windows"] == 1


def test_many_rows_go_in_steps(shop: Shop, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "STEP", 2)
    for _ in range(5):
        window(shop, finished_at=now - 101 * DAY)
    assert prune(shop, now) == {"ops.windows": 5}


def test_second_run_finds_nothing(shop: Shop, now: datetime, touching: list[int]) -> None:
    prune(shop, now)
    assert prune(shop, now) == {}


def test_finished_changes_of_stores_go_with_their_log_and_waiting_ones_stay(
    shop: Shop, now: datetime
) -> None:
    asked = (
        "insert into crm.outbox (channel_code, kind, entity, idempotency_key, requested_by, requested_login, state,"
        " finished_at) values ('us', 'order_hold', 'orders', :key, 'a', 'a', :state, :at)"
    )
    for key, state, at in (
        ("old", "done", now - 91 * DAY),
        ("young", "rejected", now - 89 * DAY),
        ("waiting", "unknown", None),
    ):
        shop.execute(asked, key=key, state=state, at=at)
    shop.execute(
        "insert into ops.write_back_log (outbox_id, channel_code, attempt_number, field_name, reason)"
        " select outbox_id, 'us', 1, 'state', 'x' from crm.outbox"
    )
    assert prune(shop, now) == {"crm.outbox": 1, "ops.write_back_log": 1}
    assert shop.rows("select idempotency_key from crm.outbox order by 1") == ["waiting", "young"]
