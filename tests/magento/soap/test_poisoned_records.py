"""A record breaks the store's answer: it is named, the others arrive; a store that is down blames nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from include.errors import ConfigError, DataError, TransientError
from include.magento.door import ChangedSince, Ids
from tests.magento.soap.scripted_shop import ALL, BARE, NOON, read
from tests.magento.soap.scripted_store import Raw, fault


def test_record_the_bridge_breaks_on_comes_from_the_stock_call(shop, door):
    shop.poison = {"oroOrderList": {7}}
    details, unreadable = read(door, page_size=10)
    assert details == {**dict.fromkeys(range(1, 11), "bridge"), 7: "stock"}
    assert unreadable == []


def test_poisoned_record_is_found_by_halving_and_the_rest_goes_on(shop, door):
    shop.poison = {"oroOrderList": {7}, "salesOrderInfo": {7}}
    details, unreadable = read(door, page_size=10)
    assert sorted(details) == [1, 2, 3, 4, 5, 6, 8, 9, 10]
    assert unreadable == [7]


def test_bridge_out_of_order_is_given_up_at_once(shop, door):
    shop.broken = {"oroOrderList"}
    details, _ = read(door, page_size=5)
    assert details == dict.fromkeys(range(1, 11), "stock")
    assert len(shop.store.named("oroOrderList")) == 5 + 2  # the tries of one page, and of the empty question


def test_poison_in_the_list_itself_is_found_by_halving_ids(shop, door):
    shop.poison = {"salesOrderList": {2, 9}}
    details, unreadable = read(door)
    assert sorted(details) == [1, 3, 4, 5, 6, 7, 8, 10]
    assert sorted(unreadable) == [2, 9]


def test_poison_in_a_time_window_is_found_by_halving_time_then_ids(shop, door):
    shop.poison = {"salesOrderList": {6}}
    shop.store.on("salesOrderList", _poisoned_but_countable(shop))
    selection = ChangedSince(since=NOON, until=NOON + timedelta(hours=1))
    details, unreadable = read(door, selection=selection)
    assert sorted(details) == [1, 2, 3, 4, 5, 7, 8, 9, 10]
    assert unreadable == [6]


def test_poison_in_an_open_window_is_found_too_and_future_rows_stay(shop, door):
    shop.ids = [*range(1, 11), 4000]  # 4000 minutes after NOON lies ahead of the store's clock
    shop.poison = {"salesOrderList": {6}}
    shop.store.on("salesOrderList", _poisoned_but_countable(shop))
    details, unreadable = read(door, selection=ChangedSince(since=NOON))
    assert sorted(details) == [1, 2, 3, 4, 5, 7, 8, 9, 10, 4000]
    assert unreadable == [6]


@pytest.mark.parametrize("selection", [ALL, ChangedSince(since=NOON)])
def test_store_that_fails_altogether_blames_no_record(shop, door, selection):
    door.clock()
    shop.broken = {"salesOrderList"}
    with pytest.raises(TransientError):
        read(door, selection=selection)
    assert len(shop.store.named("salesOrderList")) == 5 + 2


def test_store_that_goes_down_between_list_and_details_blames_no_record(shop, door):
    def going_down(asked):
        shop.broken = {"salesOrderList", "oroOrderList", "salesOrderInfo"}
        return Raw(b"", 503)

    shop.store.on("oroOrderList", going_down)
    with pytest.raises(TransientError):
        read(door)


def test_stock_store_that_goes_down_among_the_details_blames_no_record(shop, door):
    def going_down(asked):
        shop.broken = {"salesOrderList", "salesOrderInfo"}
        return Raw(b"", 503)

    shop.store.on("salesOrderInfo", going_down)
    with pytest.raises(TransientError):
        read(door, BARE)


def test_unknown_fault_of_a_detail_costs_that_record_only(shop, door):
    shop.store.on(
        "salesOrderInfo",
        lambda asked: fault("4711") if asked["orderIncrementId"] == "N7" else shop.info(asked),
    )
    details, unreadable = read(door, BARE)
    assert sorted(details) == [1, 2, 3, 4, 5, 6, 8, 9, 10]
    assert unreadable == [7]


@pytest.mark.parametrize("method", ["salesOrderList", "oroOrderList"])
def test_unknown_fault_of_a_page_is_traced_to_its_record(shop, door, method):
    shop.poison = {method: {7}}
    _answer_poison_with(shop, method, fault("4711"))
    shop.store.on("salesOrderInfo", lambda asked: fault("4711") if "7" in asked["orderIncrementId"] else None)
    details, unreadable = read(door, page_size=10)
    assert sorted(details) == [1, 2, 3, 4, 5, 6, 8, 9, 10]
    assert unreadable == [7]


def test_unknown_fault_in_a_time_window_is_traced_to_its_record(shop, door):
    shop.poison = {"salesOrderList": {6}}
    shop.store.on("salesOrderList", _poisoned_but_countable(shop))
    _answer_poison_with(shop, "salesOrderList", fault("4711"))
    details, unreadable = read(door, selection=ChangedSince(since=NOON, until=NOON + timedelta(hours=1)))
    assert sorted(details) == [1, 2, 3, 4, 5, 7, 8, 9, 10]
    assert unreadable == [6]


def test_unknown_fault_to_every_call_blames_no_record(shop, door):
    shop.store.on("salesOrderList", fault("4711"))
    with pytest.raises(DataError, match="does not know"):
        read(door)
    assert len(shop.store.named("salesOrderList")) == 2


def test_unknown_fault_when_the_list_is_asked_about_a_denied_record_costs_that_record(shop, door):
    def listed(asked):
        return fault("4711") if asked.get("entity_id in") == "5" else shop.listed("salesOrderList", asked)

    shop.store.on("salesOrderList", listed)
    shop.store.on(
        "salesOrderInfo",
        lambda asked: fault("100") if asked["orderIncrementId"] == "N5" else shop.info(asked),
    )
    details, unreadable = read(door, BARE, Ids(ids=(4, 5, 6)))
    assert (sorted(details), unreadable) == ([4, 6], [5])


def test_refused_permission_stays_fatal_in_a_detail(shop, door):
    shop.store.on("salesOrderInfo", fault("2"))
    with pytest.raises(ConfigError, match="salesOrderInfo"):
        read(door, BARE)


def _answer_poison_with(shop, method, reply):
    script = shop.store.scripts[method]

    def listed(asked):
        answer = script(asked)
        return reply if isinstance(answer, Raw) else answer

    shop.store.on(method, listed)


def _poisoned_but_countable(shop):
    """The list breaks on its poison only when asked by change date, so that ids can still be counted."""

    def listed(asked):
        if "updated_at from" in asked:
            return shop.listed("salesOrderList", asked)
        poison, shop.poison = shop.poison, {}
        try:
            return shop.listed("salesOrderList", asked)
        finally:
            shop.poison = poison

    return listed
