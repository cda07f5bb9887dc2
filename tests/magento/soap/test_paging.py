"""Lists that only the bridge has: by id from page to page, nothing lost while rows move, one fatal row costs one."""

from __future__ import annotations

import operator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.errors import ConfigError, DataError, TransientError
from include.magento.door import ChangedSince, IdRange, Ids, Unreadable
from include.magento.soap.reading import SnapshotReading, SoapReading
from tests.magento.soap.scripted_store import Raw, rows

CARTS = SoapReading(
    spine="oroQuoteList", id_field="entity_id", filter_id="entity_id", is_paged=True, without="No carts here."
)
DOWN = replace(CARTS, is_descending=True)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE = ChangedSince(since=NOON)
TESTS = {"gt": operator.gt, "lt": operator.lt}


class Carts:
    """Carts, each changed so many minutes after NOON; `fatal` ones break every page they are on."""

    def __init__(self, store, changed):
        self.changed = dict(changed)
        self.fatal = set()
        self.is_descending = False
        self.store = store
        self.after_page = lambda: None
        store.on("oroQuoteList", self.page)
        store.has_bridge("1.2.19")

    def row(self, number):
        stamp = (NOON + timedelta(minutes=self.changed[number])).strftime("%Y-%m-%d %H:%M:%S")
        return {"entity_id": number, "updated_at": stamp}

    def matches(self, number, asked):
        for name, wanted in asked.items():
            field, _, test = name.partition(" ")
            value = self.row(number).get(field)
            if test == "in" and str(number) not in wanted.split(","):
                return False
            if test in TESTS and not TESTS[test](number, int(wanted)):
                return False
            if (test == "from" and value < wanted) or (test == "to" and value > wanted):
                return False
        return True

    def page(self, asked):
        found = sorted((n for n in self.changed if self.matches(n, asked)), reverse=self.is_descending)
        number, size = int(asked["page"]), int(asked["pageSize"])
        found = found[(number - 1) * size : number * size]
        if self.fatal & set(found):
            return Raw(b"", 500)
        answer = rows(*map(self.row, found))
        self.after_page()
        return answer


@pytest.fixture
def carts(store):
    return Carts(store, {number: number for number in range(1, 26)})


@pytest.fixture
def door(carts, enter):
    return enter(carts.store.address())


def read(door, selection, reading=CARTS, page_size=4):
    pages = list(door.read(reading, selection, page_size=page_size))
    ids = [int(r["entity_id"]) for page in pages for r in page.records]
    assert len(ids) == len(set(ids))
    return sorted(ids), [bad.id for page in pages for bad in page.unreadable]


def downwards(carts):
    carts.is_descending = True
    return DOWN


def test_ids_are_asked_in_lists_of_a_page(carts, door):
    assert read(door, IdRange(low=0, high=10)) == (list(range(1, 11)), [])
    sizes = [len(asked["entity_id in"].split(",")) for asked in carts.store.named("oroQuoteList")]
    assert sizes == [4, 4, 2]


@pytest.mark.parametrize("reading", [CARTS, DOWN])
def test_pages_go_by_id_and_never_by_number(carts, door, reading):
    carts.is_descending = reading.is_descending
    assert read(door, ChangedSince(since=NOON + timedelta(minutes=3)), reading) == (list(range(3, 26)), [])
    asked = carts.store.named("oroQuoteList")
    assert {call["page"] for call in asked} == {"1"}
    assert {call["pageSize"] for call in asked} == {"4"}


@pytest.mark.parametrize("reading", [CARTS, DOWN])
def test_row_that_leaves_the_window_while_it_is_paged_hides_no_other(carts, door, reading):
    carts.is_descending = reading.is_descending
    first = max if reading.is_descending else min
    left = []

    def leave():
        stays = [n for n in carts.changed if carts.changed[n] <= 60 and n not in left]
        number = first(stays, default=None)
        if number is not None:  # a row already read changes, and moves all behind it one place up
            left.append(number)
            carts.changed[number] = 1000

    carts.after_page = leave
    window = ChangedSince(since=NOON, until=NOON + timedelta(hours=1))
    assert read(door, window, reading) == (list(range(1, 26)), [])


@pytest.mark.parametrize("reading", [CARTS, DOWN])
@pytest.mark.parametrize("fatal", [{1}, {25}, {7}, {12, 13}, {1, 3, 24, 25}])
def test_fatal_row_of_a_window_is_named_and_the_others_arrive(carts, door, reading, fatal):
    carts.is_descending = reading.is_descending
    carts.fatal = fatal
    ids, unreadable = read(door, SINCE, reading)
    assert ids == sorted(set(range(1, 26)) - fatal)
    assert sorted(unreadable) == sorted(fatal)


def test_fatal_row_far_from_its_neighbours_is_found(carts, door):
    carts.changed = {5: 1, 9_000: 2, 9_001: 3}
    carts.fatal = {9_000}
    assert read(door, SINCE) == ([5, 9_001], [9_000])


@pytest.mark.parametrize("reading", [CARTS, DOWN])
@pytest.mark.parametrize("ids", [(), (1,), (2,), (1, 2, 3), (7, 4_000, 90_001), tuple(range(1, 130))])
def test_greatest_id_is_exact_at_little_cost(carts, door, reading, ids):
    carts.is_descending = reading.is_descending
    carts.changed = dict.fromkeys(ids, 1)
    assert door.greatest_id(reading) == max(ids, default=0)
    assert len(carts.store.named("oroQuoteList")) < 40
    assert {asked["pageSize"] for asked in carts.store.named("oroQuoteList")} == {"1"}


@pytest.mark.parametrize("reading", [CARTS, DOWN])
@pytest.mark.parametrize("fatal", [{25}, {1}, {24, 25}, set(range(1, 26))])
def test_greatest_id_is_found_past_fatal_rows(carts, door, reading, fatal):
    carts.is_descending = reading.is_descending
    carts.fatal = fatal
    assert door.greatest_id(reading) == 25


def test_store_whose_list_ignores_ids_is_refused_instead_of_read_for_ever(carts, door):
    carts.store.on("oroQuoteList", lambda asked: carts.page({k: v for k, v in asked.items() if " " not in k}))
    with pytest.raises(DataError, match="does not go by id"):
        read(door, SINCE)
    with pytest.raises(DataError, match="does not go by id"):
        door.greatest_id(CARTS)


def test_list_in_the_other_order_is_refused_since_rows_would_be_lost(carts, door):
    carts.is_descending = True
    with pytest.raises(DataError, match="does not go by id"):
        read(door, SINCE, CARTS)


def test_store_that_is_down_blames_no_row(carts, door):
    carts.store.on("oroQuoteList", Raw(b"", 500))
    with pytest.raises(TransientError):
        read(door, SINCE)
    with pytest.raises(TransientError):
        door.greatest_id(CARTS)


def test_rows_are_what_the_list_delivers_without_further_calls(carts, door):
    carts.fatal = {2}
    found = list(door.rows(CARTS, Ids(ids=(1, 2, 3)), page_size=2))
    assert [row if isinstance(row, Unreadable) else row["entity_id"] for row in found][::2] == ["1", "3"]
    assert isinstance(found[1], Unreadable)


def test_rows_of_a_core_list_cost_no_detail(shop, enter):
    from tests.magento.soap.scripted_shop import ALL, ORDERS

    door = enter(shop.store.address())
    assert [row["order_id"] for row in door.rows(ORDERS, ALL, page_size=4)] == [str(n) for n in range(1, 11)]
    assert shop.store.named("oroOrderList") == shop.store.named("salesOrderInfo") == []


def test_bridge_that_is_too_old_delivers_no_carts_and_says_so(carts, door):
    carts.store.has_bridge("1.1.9")
    assert door.delivers(CARTS) == (
        "The Oro bridge of the store has version 1.1.9, oroQuoteList needs 1.2.0 or later: update the bridge."
    )
    with pytest.raises(ConfigError, match=r"1\.2\.0 or later"):
        read(door, SINCE)


@pytest.mark.parametrize(
    ("method", "too_old", "least"),
    [
        ("oroQuoteList", "1.1.9", "1.2.0"),
        ("newsletterSubscriberList", "1.1.9", "1.2.0"),
        ("oroRegionList", "1.2.13", "1.2.14"),
        ("oroRegionList", "1.2.9", "1.10"),
    ],
)
def test_each_call_of_the_bridge_is_offered_from_its_version_on(store, enter, method, too_old, least):
    store.parameters[method] = ("sessionId",)
    reading = SnapshotReading(lists={"rows": method}, required=frozenset({"rows"}))
    offered = []
    for version in (too_old, least):
        store.has_bridge(version)
        offered.append(enter(store.address()).delivers(reading) is None)
    assert offered == [False, True]


def test_store_without_the_bridge_says_what_the_entity_says(store, enter):
    del store.parameters["oroQuoteList"]
    assert enter(store.address()).delivers(CARTS) == "No carts here."


def test_field_an_old_bridge_fills_with_something_else_is_dropped(shop, enter):
    from tests.magento.soap.scripted_shop import ORDERS

    reading = replace(ORDERS, trusted_from={"detail": "1.2.19"})
    for version, expected in (("1.2.18", None), ("1.2.19", "bridge"), ("1.3", "bridge")):
        shop.store.has_bridge(version)
        (page,) = enter(shop.store.address()).read(reading, Ids(ids=(1,)), page_size=1)
        assert page.records[0].get("detail") == expected


@pytest.mark.parametrize("reading", [CARTS, DOWN])
def test_greatest_id_from_a_recent_one_costs_a_call_when_nothing_is_new(carts, door, reading):
    carts.is_descending = reading.is_descending
    assert door.greatest_id(reading, at_least=25) == 25
    assert len(carts.store.named("oroQuoteList")) == 1
    assert door.greatest_id(reading, at_least=20) == 25
