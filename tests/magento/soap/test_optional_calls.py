"""Stores that do not answer everything: records come with what there is, and the page says what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from include.errors import ConfigError
from include.magento.door import ChangedSince, Ids
from tests.magento.soap.scripted_shop import BARE, NOON, read
from tests.magento.soap.scripted_store import Raw, fault

NO_PROCEDURE = fault("SOAP-ENV:Server", "Procedure 'salesOrderInfo' not present", 500)
DENIED = fault("2", "Access denied.")
(INFO,) = BARE.stock
FORGIVING = replace(BARE, stock=(replace(INFO, is_optional=True),))
UNKNOWN = replace(BARE, stock=(replace(INFO, method="salesOrderWhatever", is_optional=True),))
BY_CREATION = replace(BARE, is_update_filter_optional=True)


@pytest.mark.parametrize("answer", [DENIED, NO_PROCEDURE], ids=["refused", "not there"])
def test_records_come_without_an_optional_call_that_is_asked_once(shop, door, answer):
    shop.store.on("salesOrderInfo", answer)
    pages = list(door.read(FORGIVING, Ids(ids=(1, 2, 3)), page_size=2))
    assert [r["order_id"] for page in pages for r in page.records] == ["1", "2", "3"]
    assert [(page.is_partial, page.unreadable) for page in pages] == [(True, []), (True, [])]
    assert all("salesOrderInfo" in page.remarks[0] for page in pages)
    assert len(shop.store.named("salesOrderInfo")) == 1


def test_optional_call_the_wsdl_does_not_list_is_never_made(shop, door):
    assert door.delivers(UNKNOWN) is None
    (page,) = door.read(UNKNOWN, Ids(ids=(1,)), page_size=2)
    assert (len(page.records), page.is_partial) == (1, True)
    assert page.remarks[0].startswith("The store has no call salesOrderWhatever.")


def test_records_with_all_their_calls_are_whole(shop, door):
    (page,) = door.read(FORGIVING, Ids(ids=(1,)), page_size=2)
    assert (page.records[0]["detail"], page.is_partial, page.remarks) == ("stock", False, ())


@pytest.mark.parametrize("answer", [DENIED, NO_PROCEDURE], ids=["refused", "not there"])
def test_call_that_is_not_optional_stops_the_reading(shop, door, answer):
    shop.store.on("salesOrderInfo", answer)
    with pytest.raises(ConfigError, match="salesOrderInfo"):
        read(door, BARE)


def test_fault_of_one_record_is_no_refusal(shop, door):
    shop.poison["salesOrderInfo"] = {2}
    pages = list(door.read(FORGIVING, Ids(ids=(1, 2, 3)), page_size=9))
    assert [(bad.id, page.is_partial) for page in pages for bad in page.unreadable] == [(2, False)]


def no_update_filter(shop):
    """A list that faults at any filter by the update stamp, as a column that is not there does."""
    shop.store.on(
        "salesOrderList",
        lambda asked: (
            fault("1", "Unknown column")
            if "updated_at from" in asked
            else shop.listed("salesOrderList", asked)
        ),
    )


def test_list_without_update_filter_is_asked_for_what_is_new(shop, door):
    no_update_filter(shop)
    since = NOON + timedelta(minutes=8)
    pages = list(door.read(BY_CREATION, ChangedSince(since=since), page_size=9))
    assert [r["order_id"] for page in pages for r in page.records] == ["8", "9", "10"]
    assert ["salesOrderList cannot be asked for changes by date" in r for p in pages for r in p.remarks] == [
        True
    ]
    assert [page.is_partial for page in pages] == [False]
    assert len(shop.store.named("salesOrderList")) <= 4


def test_list_without_any_date_is_read_whole_by_the_newest_window_alone(shop, door):
    no_update_filter(shop)
    dateless = replace(BY_CREATION, created_field=None)
    since = NOON + timedelta(minutes=8)
    (page,) = door.read(dateless, ChangedSince(since=since), page_size=99)
    assert [int(r["order_id"]) for r in page.records] == list(range(1, 11))
    assert "the newest window reads all" in page.remarks[0]
    closed = ChangedSince(since=since, until=since + timedelta(minutes=1))
    assert list(door.read(dateless, closed, page_size=99)) == []


def test_list_whose_rows_break_keeps_its_update_filter(shop, door):
    """Only one that fails at an empty window too has no such filter."""

    def breaks_at_nine(asked):
        broken = "updated_at from" in asked and 9 in shop.wanted(asked)
        return Raw(b"", 500) if broken else shop.listed("salesOrderList", asked)

    shop.store.on("salesOrderList", breaks_at_nine)
    details, unreadable = read(door, BY_CREATION, ChangedSince(since=NOON + timedelta(minutes=8)))
    assert (sorted(details), unreadable) == ([8, 10], [9])
