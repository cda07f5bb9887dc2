"""Dictionaries that a store lists whole, row by row of another, or not at all."""

from __future__ import annotations

import pytest

from include.errors import ConfigError
from include.magento.door import Everything
from include.magento.soap.reading import RowCalls, SnapshotReading
from tests.magento.soap.scripted_store import Raw, fault, rows

BY_STORE = RowCalls(
    method="salesOrderInfo", argument="orderIncrementId", of="stores", value_field="code", into_field="store"
)
READING = SnapshotReading(
    lists={"stores": "storeList", "orders": "oroOrderList"},
    required=frozenset({"stores"}),
    instead={"orders": BY_STORE},
)
STORES = rows({"store_id": "1", "code": "en"}, {"store_id": "2", "code": "fr"}, {"store_id": "3"})


@pytest.fixture
def two(store):
    """A store with two store views that have a code."""
    store.on("storeList", STORES)
    store.on("oroOrderList", rows({"id": "1"}))
    store.on("salesOrderInfo", lambda asked: rows({"id": asked["orderIncrementId"]}))
    return store


def page(store, enter, reading=READING):
    (only,) = enter(store.address()).read(reading, Everything(), page_size=1)
    return only


def test_list_that_is_there_is_asked_once(two, enter):
    found = page(two, enter)
    assert (found.records[0]["orders"], found.is_partial) == ([{"id": "1"}], False)
    assert two.named("salesOrderInfo") == []


def test_list_that_is_refused_is_asked_row_by_row(two, enter):
    two.on("oroOrderList", fault("2", "Access denied."))
    found = page(two, enter)
    assert found.records[0]["orders"] == [{"id": "en", "store": "en"}, {"id": "fr", "store": "fr"}]
    assert (found.is_partial, found.remarks) == (False, ())


def test_row_that_is_gone_has_no_rows_and_a_row_that_breaks_is_said(two, enter):
    two.on("oroOrderList", fault("2", "Access denied."))
    two.on(
        "salesOrderInfo", lambda asked: fault("100") if asked["orderIncrementId"] == "en" else Raw(b"", 500)
    )
    found = page(two, enter)
    assert found.records[0]["orders"] == []
    assert found.is_partial
    assert [remark.startswith("salesOrderInfo fails for fr: ") for remark in found.remarks] == [True]


def test_call_for_rows_that_is_refused_is_asked_once_and_said(two, enter):
    two.on("oroOrderList", fault("2", "Access denied."))
    two.on("salesOrderInfo", fault("2", "Access denied."))
    found = page(two, enter)
    assert (found.records[0]["orders"], found.is_partial) == ([], True)
    assert len(two.named("salesOrderInfo")) == 1
    assert "salesOrderInfo" in found.remarks[0]


def test_required_list_that_is_refused_ends_the_reading(two, enter):
    two.on("storeList", fault("2", "Access denied."))
    with pytest.raises(ConfigError, match="storeList"):
        page(two, enter)
