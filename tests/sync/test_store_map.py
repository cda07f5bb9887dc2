from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from include.magento.door import StoreReport, StoreView
from include.sync.registered import register
from include.sync.store_map import KnownWebsites, note_websites, noted_websites
from tests.sync.shop import REPORT, T0, Shop

NEW_VIEW = StoreView(store_id=4, code="view4", name="View 4", website_id=2)


@pytest.fixture
def asked() -> list[StoreReport]:
    return []


@pytest.fixture
def ask(asked: list[StoreReport]) -> Callable[[], StoreReport]:
    """A store with a view more than was noted; keeps count."""

    def report() -> StoreReport:
        asked.append(replace(REPORT, stores=(*REPORT.stores, NEW_VIEW)))
        return asked[-1]

    return report


def test_known_view_costs_no_call(ask: Callable[[], StoreReport], asked: list[StoreReport]) -> None:
    websites = KnownWebsites({"1": "1", "3": "2"}, ask)
    assert [websites(view) for view in ("1", "3", None)] == ["1", "2", None]
    assert asked == []


def test_unknown_view_is_asked_for_once(ask: Callable[[], StoreReport], asked: list[StoreReport]) -> None:
    websites = KnownWebsites({"1": "1"}, ask)
    assert [websites(view) for view in ("4", "3", "99", "98", "1")] == ["2", "2", None, None, "1"]
    assert len(asked) == 1


def test_map_is_noted_for_the_tasks_that_follow_and_written_only_when_it_changes(shop: Shop) -> None:
    assert noted_websites(shop.engine, "us") == {}
    register(shop.engine, shop.channel, T0)
    for _ in range(2):
        note_websites(shop.engine, "us", REPORT.stores)
        assert noted_websites(shop.engine, "us") == {"1": "1", "2": "1", "3": "2"}
        version = shop.one("select xmin::text from ops.channels")
    note_websites(shop.engine, "us", REPORT.stores)
    assert shop.one("select xmin::text from ops.channels") == version
    note_websites(shop.engine, "us", (NEW_VIEW,))
    assert noted_websites(shop.engine, "us") == {"4": "2"}
