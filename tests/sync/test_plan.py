from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from include.entities.catalogue import entity
from include.errors import ConfigError
from include.magento.door import ChangedSince, IdRange, Ids
from include.sync.channel_checks import check_websites
from include.sync.plan import is_due
from include.sync.registered import register
from include.sync.window import LAG, OVERLAP, Window, WindowKind, WindowState
from tests.sync.records import dictionaries, order
from tests.sync.shop import REPORT, T0, Door, Shop, channel

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def big(shop: Shop) -> Shop:
    """A shop whose first load takes three windows."""
    shop.door = Door(records=[order(n) for n in (1, 1200, 2200)])
    return shop


def kinds(windows: list[Window]) -> list[str]:
    return [window.kind.value for window in windows]


def test_first_plan_notes_the_store_s_clock_and_greatest_id_before_anything_is_read(big: Shop) -> None:
    big.now = T0 + 5 * HOUR  # our clock is another one
    big.plan("orders")
    assert big.one(
        "select initial_started_at, initial_greatest_id, initial_reached_id, frontier_at, initial_done_at, planned_at"
        " from ops.frontiers"
    ) == (T0, 2200, 2200, T0, None, T0 + 5 * HOUR)
    assert big.door.asked == [Ids(ids=(2200,))]  # the newest, for its currency


@pytest.mark.parametrize("is_full_resync", [False, True])
def test_channel_is_refused_whose_reporting_currency_is_not_the_store_s(
    big: Shop, is_full_resync: bool
) -> None:
    dollars = big.of(reporting_currency="USD")
    dollars.door = big.door
    with pytest.raises(ConfigError, match="has rates to EUR only"):
        dollars.plan("orders", is_full_resync=is_full_resync)
    assert big.rows("select * from ops.windows") == []


def test_first_load_goes_by_id_highest_first(big: Shop) -> None:
    windows = big.plan("orders")
    assert kinds(windows) == ["initial"] * 3
    assert [w.selection() for w in windows] == [
        IdRange(low=low, high=high) for low, high in ((1200, 2200), (200, 1200), (0, 200))
    ]


def test_window_of_ids_holds_some_pages(shop: Shop) -> None:
    small = shop.of(limits={"page_size": 10})
    small.door.records = [order(250)]
    assert [(w.id_low, w.id_high) for w in small.plan("orders")] == [(150, 250), (50, 150), (0, 50)]


def test_empty_store_is_complete_at_once(shop: Shop) -> None:
    assert shop.plan("orders") == []
    assert shop.one("select initial_done_at, initial_reached_id, frontier_at from ops.frontiers") == (
        T0,
        0,
        T0,
    )
    shop.door.now, shop.door.records = T0 + HOUR, [order(1, updated_at="2026-04-01 12:30:00")]
    shop.run("orders")
    assert shop.rows("select order_key from crm.orders") == ["us:1"]


def test_next_run_reads_what_changed_since_the_first_began(big: Shop) -> None:
    big.run("orders")
    big.door.now = T0 + HOUR
    (window,) = big.plan("orders")
    assert (window.kind, window.low_at, window.high_at) == (WindowKind.INCREMENTAL, T0, T0 + HOUR - LAG)
    assert window.selection() == ChangedSince(since=T0 - OVERLAP, until=None)


def test_unfinished_first_load_is_taken_up_again_highest_first_behind_what_is_new(big: Shop) -> None:
    first, second, third = big.plan("orders", run_id="broken")
    big.upsert(big.staged(second))
    big.staged(first)  # staged and checked, but never loaded
    big.door.now = T0 + HOUR
    again = big.plan("orders", run_id="next")
    assert kinds(again) == ["incremental", "initial", "initial"]
    assert [w.window_id for w in again[1:]] == [first.window_id, third.window_id]
    assert {w.state for w in again} == {WindowState.PLANNED}
    assert big.rows("select distinct run_id from ops.windows where state <> 'done'") == ["next"]


def test_finished_range_of_ids_is_never_read_again(big: Shop) -> None:
    big.run("orders")
    big.door.asked.clear()
    big.run("orders")
    assert [type(asked) for asked in big.door.asked] == [ChangedSince]


def test_unfinished_changes_are_planned_anew_from_the_frontier(shop: Shop) -> None:
    shop.run("orders")
    shop.door.now = T0 + HOUR
    (old,) = shop.plan("orders")
    shop.door.now = T0 + 2 * HOUR
    (new,) = shop.plan("orders")
    assert shop.window(old.window_id).state is WindowState.SUPERSEDED
    assert (new.low_at, new.high_at) == (T0, T0 + 2 * HOUR - LAG)


def test_long_pause_is_read_day_by_day(shop: Shop) -> None:
    shop.run("orders")
    shop.door.now = T0 + 2 * DAY + HOUR
    windows = shop.plan("orders")
    assert [w.low_at for w in windows] == [T0, T0 + DAY, T0 + 2 * DAY]
    assert [w.is_open for w in windows] == [False, False, True]


def test_row_dated_in_the_future_loads_at_once_and_moves_nothing(shop: Shop) -> None:
    shop.run("orders")
    shop.door.now, shop.door.records = T0 + HOUR, [order(1, updated_at="2031-01-01 00:00:00")]
    shop.run("orders")
    assert shop.rows("select order_key from crm.orders") == ["us:1"]
    assert shop.one("select frontier_at from ops.frontiers") == T0 + HOUR - LAG


def test_full_resync_reads_every_id_forced_and_leaves_the_frontier_alone(big: Shop) -> None:
    big.run("orders")
    before = big.one("select frontier_at, initial_done_at, initial_reached_id from ops.frontiers")
    big.door.records.append(order(2300))
    big.door.now = T0 + HOUR
    windows = big.run("orders", is_full_resync=True)
    assert [(w.kind.value, w.id_low, w.id_high) for w in windows] == [
        ("resync", 1300, 2300),
        ("resync", 300, 1300),
        ("resync", 0, 300),
    ]
    assert all(w.is_forced for w in windows)
    assert big.one("select frontier_at, initial_done_at, initial_reached_id from ops.frontiers") == before


def test_full_resync_takes_over_a_store_restored_from_a_backup(shop: Shop) -> None:
    shop.door.records = [order(1, status="complete")]
    shop.run("orders")
    shop.door.records = [order(1, status="pending", updated_at="2026-01-01 00:00:00")]
    shop.run("orders", is_full_resync=True)
    assert shop.one("select status from crm.orders") == "pending"


def test_full_resync_before_anything_else_is_the_first_load(big: Shop) -> None:
    assert kinds(big.run("orders", is_full_resync=True)) == ["initial"] * 3
    assert big.one("select initial_done_at is not null from ops.frontiers")


def test_range_reads_what_changed_in_between_and_nothing_else(shop: Shop) -> None:
    windows = shop.plan("orders", low_at=T0 - 36 * HOUR, high_at=T0)
    assert [w.selection() for w in windows] == [
        ChangedSince(since=T0 - 36 * HOUR, until=T0 - 12 * HOUR),
        ChangedSince(since=T0 - 12 * HOUR, until=T0),
    ]


def test_range_without_an_end_is_open(shop: Shop) -> None:
    (window,) = shop.plan("orders", low_at=T0 - HOUR)
    assert window.selection() == ChangedSince(since=T0 - HOUR, until=None)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"high_at": T0}, "`to` was given without `from`: give both, or neither"),
        (
            {"low_at": T0, "high_at": T0 - HOUR},
            "`to` lies before `from`: give an earlier `from` or a later `to`",
        ),
    ],
)
def test_range_that_makes_no_sense_is_refused_and_plans_nothing(
    shop: Shop, asked: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        shop.plan("orders", **asked)
    assert shop.rows("select * from ops.windows") == shop.rows("select * from ops.frontiers") == []


def test_records_named_by_id_or_number_are_read_and_nothing_else(shop: Shop) -> None:
    shop.door.records = [order(n) for n in (1, 2, 3, 4)]
    (window,) = shop.run("orders", ids=(3,), numbers=("100000001",))
    assert (window.kind, window.selection()) == (WindowKind.IDS, Ids(ids=(1, 3)))
    assert shop.rows("select order_id from crm.orders order by 1") == [1, 3]
    assert shop.rows("select * from ops.frontiers") == []


def test_many_named_records_are_split_into_windows(shop: Shop) -> None:
    small = shop.of(limits={"page_size": 1})
    small.door.records = [order(n) for n in range(1, 26)]
    windows = small.plan("orders", ids=tuple(range(1, 26)))
    assert [len(w.ids or ()) for w in windows] == [10, 10, 5]


@pytest.mark.parametrize(
    ("asked", "settings", "sentence"),
    [
        ({"ids": (1, 8, 9)}, {}, "The store of channel us has no orders with the id 8, 9: look it up"),
        ({"ids": tuple(range(11, 18))}, {}, "has no orders with the id 11, 12, 13, 14, 15 and 2 more"),
        ({"numbers": ("1",)}, {}, "has no orders with the number 1: look it up"),
        ({"ids": (1, 2)}, {"websites": [2]}, "Channel us leaves out orders 1, which its store has"),
        ({"ids": (1,)}, {"sync_start_date": "2026-03-02"}, "or older than sync_start_date"),
    ],
)
def test_named_record_that_cannot_be_read_is_refused_and_plans_nothing(
    shop: Shop, asked: dict[str, Any], settings: dict[str, Any], sentence: str
) -> None:
    shop = shop.of(**settings)
    shop.door.records = [order(1), order(2, store_id="3")]
    with pytest.raises(ConfigError, match=sentence):
        shop.plan("orders", **asked)
    assert shop.rows("select * from ops.windows") == []


def test_named_record_the_store_cannot_deliver_is_read_all_the_same_and_waits(shop: Shop) -> None:
    shop.door.records, shop.door.unreadable = [order(1)], {1}
    shop.run("orders", ids=(1,))
    assert shop.rows("select record_key from ops.quarantine") == ["us:1"]


@pytest.mark.parametrize(
    ("entity", "asked", "sentence"),
    [
        ("stores", {"ids": (1,)}, "are always read whole: leave `ids` and `number` empty"),
        ("customers", {"numbers": ("1",)}, "have no number in Magento: name them by `ids`"),
    ],
)
def test_entity_that_cannot_be_asked_so_is_refused(
    shop: Shop, entity: str, asked: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        shop.plan(entity, **asked)


def test_dictionaries_are_read_whole_each_time(shop: Shop) -> None:
    shop.door = Door(records=[dictionaries()])
    (old,) = shop.plan("stores")
    (new,) = shop.plan("stores", is_full_resync=True)
    assert (old.kind, new.kind) == (WindowKind.SNAPSHOT, WindowKind.SNAPSHOT)
    assert shop.window(old.window_id).state is WindowState.SUPERSEDED


def test_runs_that_plan_at_once_plan_the_first_load_once(
    big: Shop, at_once: Callable[..., list[Any]]
) -> None:
    at_once(lambda run: big.plan("orders", run_id=run), ["a", "b", "c"])
    ranges = big.rows("select id_low, id_high from ops.windows where kind = 'initial' order by 1")
    assert ranges == [(0, 200), (200, 1200), (1200, 2200)]
    # What is left to do belongs to one run: the others' windows were taken up or replaced.
    open_windows = "select count(distinct run_id) from ops.windows where state = 'planned'"
    assert big.rows(open_windows) == [1]


def test_runs_that_plan_at_once_plan_changes_once(shop: Shop, at_once: Callable[..., list[Any]]) -> None:
    shop.run("orders")
    shop.door.now = T0 + HOUR
    at_once(lambda run: shop.plan("orders", run_id=run), ["a", "b", "c"])
    assert shop.rows("select count(*) from ops.windows where state = 'planned'") == [1]


@pytest.mark.parametrize(
    ("minutes", "due"), [(0, False), (13.9, False), (14, True), (15, True), (1000, True)]
)
def test_channel_is_due_when_its_interval_has_passed_less_a_minute(
    shop: Shop, minutes: float, due: bool
) -> None:
    shop.plan("orders")
    assert is_due(shop.engine, shop.channel, entity("orders"), T0 + timedelta(minutes=minutes), "next") is due


def test_run_that_is_cleared_plans_again_what_it_planned_before(big: Shop) -> None:
    big.plan("orders", run_id="cleared")
    assert is_due(big.engine, big.channel, entity("orders"), T0, "cleared")


def test_channel_that_never_ran_is_due_and_schedules_are_its_own(shop: Shop) -> None:
    slow = channel(schedules={"orders": "1d"})
    assert is_due(shop.engine, slow, entity("orders"), T0, "next")
    shop.plan("orders")
    assert not is_due(shop.engine, slow, entity("orders"), T0 + HOUR, "next")
    assert is_due(shop.engine, slow, entity("customers"), T0, "next")


def test_channel_s_settings_are_kept_for_sql_as_its_file_last_said(shop: Shop) -> None:
    register(shop.engine, channel(), T0)
    register(shop.engine, channel(name="Renamed", active=False), T0 + HOUR)
    query = "select channel_name, timezone, reporting_currency_code, is_active, updated_at from ops.channels"
    assert shop.one(query) == ("Renamed", "Europe/Berlin", "EUR", False, T0 + HOUR)


def test_unknown_website_is_refused_with_those_there_are() -> None:
    check_websites(channel(), REPORT)
    check_websites(channel(websites=[1, 2]), REPORT)
    with pytest.raises(
        ConfigError, match=r"names website 7, .*: choose among 1 \(Site 1\), 2 \(Site 2\) in the channel file"
    ):
        check_websites(channel(websites=[1, 7]), REPORT)
