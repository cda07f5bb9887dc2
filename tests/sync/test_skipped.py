from __future__ import annotations

from datetime import timedelta

import pytest

from include.entities.catalogue import entity
from include.sync.plan import is_due
from include.sync.run_report import left_over_of
from include.sync.skipped import note_delivered, skip
from tests.sync.shop import T0, Shop

HOUR = timedelta(hours=1)
ROW = "select kind, state, error, run_id, attempts, planned_at, finished_at from ops.windows"


def test_what_is_not_delivered_is_one_row_however_often_it_is_found(shop: Shop) -> None:
    orders = entity("orders")
    first = skip(shop.engine, "us", orders, "No call.", run_id="one", now=T0)
    again = skip(shop.engine, "us", orders, "No bridge.", run_id="two", now=T0 + HOUR)
    assert first == again
    assert shop.one(ROW) == ("initial", "skipped", "No bridge.", "two", 2, T0, T0 + HOUR)


def test_each_channel_and_entity_has_its_own_row(shop: Shop) -> None:
    for code, name in (("us", "orders"), ("eu", "orders"), ("us", "stores")):
        skip(shop.engine, code, entity(name), "No call.", run_id="one", now=T0)
    assert shop.rows("select channel_code, entity, kind from ops.windows order by 1, 2") == [
        ("eu", "orders", "initial"),
        ("us", "orders", "initial"),
        ("us", "stores", "snapshot"),
    ]


def test_what_is_not_delivered_is_looked_at_as_often_as_it_would_be_read(shop: Shop) -> None:
    skip(shop.engine, "us", entity("orders"), "No call.", run_id="one", now=T0)
    assert not is_due(shop.engine, shop.channel, entity("orders"), T0 + timedelta(minutes=5), "two")


def test_what_is_not_delivered_holds_nothing_back_and_is_no_failure(shop: Shop) -> None:
    skip(shop.engine, "us", entity("orders"), "No call.", run_id="one", now=T0)
    with shop.engine.connect() as connection:
        assert left_over_of(connection, "one", "orders") == []
    shop.run("orders")
    assert shop.rows("select initial_done_at is not null from ops.frontiers") == [True]


@pytest.mark.parametrize("times", [1, 2])
def test_what_is_delivered_again_is_no_longer_called_skipped(shop: Shop, times: int) -> None:
    for _ in range(times):
        skip(shop.engine, "us", entity("orders"), "No call.", run_id="one", now=T0)
        note_delivered(shop.engine, "us", entity("orders"))
    assert shop.rows("select state from ops.windows") == ["superseded"] * times
