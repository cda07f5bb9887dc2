"""The first load of an entity whose list has no ids: by date of creation, in windows that are taken up again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from include.errors import ConfigError
from include.magento.door import ChangedSince, Created
from include.sync.window import Window, WindowKind, WindowState
from tests.sync.records import shipment
from tests.sync.shop import T0, Door, Shop

HOUR = timedelta(hours=1)


@pytest.fixture
def three(shop: Shop) -> Shop:
    """A shop whose first load takes three windows of ten."""
    shop = shop.of(limits={"page_size": 1})
    records = [shipment(n, created_at=f"2026-03-{n:02} 10:00:00") for n in range(1, 24)]
    shop.door = Door(records=[*records, shipment(24, created_at=None)])
    return shop


def done_at(shop: Shop) -> object:
    return shop.one("select initial_done_at from ops.frontiers")


def test_first_load_goes_by_creation_newest_first(three: Shop) -> None:
    windows = three.plan("shipments")
    spans = [w.selection() for w in windows]
    assert [w.kind for w in windows] == [WindowKind.INITIAL] * 3
    assert all(isinstance(span, Created) for span in spans)
    assert [(w.low_at and w.low_at.day, w.high_at and w.high_at.day) for w in windows] == [
        (21, None),
        (11, 21),
        (None, 11),
    ]


def test_first_load_is_done_when_its_last_window_is(three: Shop) -> None:
    first, second, third = three.plan("shipments")
    for window in (second, first):
        three.upsert(three.staged(window))
        assert done_at(three) is None
    three.upsert(three.staged(third))
    assert done_at(three) == T0
    assert three.one("select count(*) from crm.shipments") == 24
    assert three.one("select initial_greatest_id, initial_reached_id from ops.frontiers") == (None, 0)


def test_unfinished_first_load_is_taken_up_newest_first(three: Shop) -> None:
    first, second, third = three.plan("shipments", run_id="broken")
    three.upsert(three.staged(second))
    three.door.now = T0 + HOUR
    again: list[Window] = three.plan("shipments", run_id="next")
    assert [w.window_id for w in again[1:]] == [first.window_id, third.window_id]
    assert isinstance(again[0].selection(), ChangedSince)


def test_full_resync_goes_by_creation_too_and_overwrites(three: Shop) -> None:
    three.run("shipments")
    windows = three.plan("shipments", is_full_resync=True)
    assert [(w.kind, w.is_forced) for w in windows] == [(WindowKind.RESYNC, True)] * 3


def test_store_without_shipments_is_complete_at_once(shop: Shop) -> None:
    assert shop.plan("shipments") == []
    assert done_at(shop) == T0


def test_single_ones_are_named_by_number_and_read_by_the_second_of_their_creation(three: Shop) -> None:
    three.run("shipments")
    three.execute("update crm.shipments set shipped_qty = 99, row_hash = 0")
    (window,) = three.run("shipments", numbers=("5",))
    assert (window.kind, window.selection(), window.state) == (
        WindowKind.IDS,
        Created(since=window.low_at, until=window.low_at),
        WindowState.DONE,
    )
    assert three.rows("select shipment_number from crm.shipments where shipped_qty <> 99") == ["5"]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"ids": (5,)}, "says no ids: name them by `number`"),
        ({"numbers": ("5", "77")}, "has no shipments with the number 77"),
        ({"numbers": ("24",)}, "no date of creation of shipments 24"),
    ],
)
def test_single_ones_that_cannot_be_found_are_refused(three: Shop, asked: Any, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        three.plan("shipments", **asked)


def test_shipment_is_known_by_its_number_and_so_are_its_children(shop: Shop) -> None:
    shop.load("shipments", shipment(7, increment_id="US-00000014"))
    assert shop.one("select shipment_key, shipment_id, order_key from crm.shipments") == (
        "us:US-00000014",
        1007,
        "us:7",
    )
    for table in ("shipment_items", "shipment_tracks", "shipment_comments"):
        assert shop.rows(f"select shipment_key from crm.{table}") == ["us:US-00000014"]  # noqa: S608
