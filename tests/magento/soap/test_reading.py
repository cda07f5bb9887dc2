"""Selections, pages and completion."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.errors import DataError
from include.magento.door import ChangedSince, Everything, IdRange, Ids
from include.magento.faults import CallRefused
from include.magento.soap.reading import InfoCall, SnapshotReading, SoapReading
from tests.magento.soap.scripted_shop import ALL, BARE, NOON, ORDERS, read
from tests.magento.soap.scripted_store import fault, record, rows


def test_pages_are_whole_ascending_and_of_the_asked_size(door):
    pages = list(door.read(ORDERS, IdRange(low=2, high=9), page_size=3))
    assert [[r["order_id"] for r in page.records] for page in pages] == [
        ["3", "4", "5"],
        ["6", "7", "8"],
        ["9"],
    ]
    assert sum(page.bytes_read for page in pages) < door.tally.bytes_received
    assert all(page.bytes_read > 0 for page in pages)


def test_ids_are_asked_in_lists_of_500(shop, door):
    read(door, selection=IdRange(low=0, high=1100))
    sizes = [len(asked["entity_id in"].split(",")) for asked in shop.store.named("salesOrderList")]
    assert sizes == [500, 500, 100]


def test_bridge_is_asked_once_a_page(shop, door):
    read(door, page_size=5)
    assert len(shop.store.named("oroOrderList")) == 2
    assert shop.store.named("salesOrderInfo") == []


def test_ids_may_come_unsorted_twice_and_unknown(door):
    assert read(door, selection=Ids(ids=(7, 3, 7, 99))) == ({3: "bridge", 7: "bridge"}, [])


def test_changed_since_takes_both_bounds_in_and_open_end_has_none(shop, door):
    since, until = NOON + timedelta(minutes=3), NOON + timedelta(minutes=5)
    assert list(read(door, selection=ChangedSince(since=since, until=until))[0]) == [3, 4, 5]
    assert list(read(door, selection=ChangedSince(since=since))[0]) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert "updated_at to" not in shop.store.named("salesOrderList")[-1]


def test_instants_are_sent_in_utc_without_fractions(shop, door):
    zoned = datetime.fromisoformat("2026-11-20T13:03:00.9+01:00")
    read(door, selection=ChangedSince(since=zoned))
    assert shop.store.named("salesOrderList")[-1]["updated_at from"] == "2026-11-20 12:03:00"


def test_store_that_applies_only_the_last_condition_brings_no_foreign_rows(shop, door):
    shop.store.on(
        "salesOrderList",
        lambda asked: shop.listed("salesOrderList", {"updated_at to": asked["updated_at to"]}),
    )
    since, until = NOON + timedelta(minutes=3), NOON + timedelta(minutes=5)
    assert list(read(door, selection=ChangedSince(since=since, until=until))[0]) == [3, 4, 5]
    assert door.tally.unasked == 2


def test_store_that_ignores_what_it_is_asked_finds_no_foreign_rows(shop, door):
    assert [row["order_id"] for row in door.find(ORDERS, "increment_id", ["n7", "N2"])] == ["2", "7"]
    assert door.tally.unasked == 8
    assert shop.store.named("oroOrderList") == shop.store.named("salesOrderInfo") == []


def test_everything_is_the_list_without_filter(shop, door):
    assert len(read(door, selection=Everything())[0]) == 10


def test_row_dropped_by_keep_costs_no_detail(shop, door):
    details, _ = read(door, BARE, keep=lambda row: row["order_id"] == "4")
    assert details == {4: "stock"}
    assert len(shop.store.named("salesOrderInfo")) == 1


def test_row_the_bridge_leaves_out_is_completed_by_the_stock_call(shop, door):
    shop.store.on("oroOrderList", lambda asked: rows(*(shop.row(n) for n in shop.wanted(asked) if n != 6)))
    details, unreadable = read(door)
    assert details[6] == "stock"
    assert len(details) == 10
    assert unreadable == []


def test_rows_nobody_asked_for_and_rows_sent_twice_are_dropped_and_counted(shop, door):
    shop.store.on("oroOrderList", lambda asked: rows(*(shop.row(n) for n in [*shop.wanted(asked), 1, 1, 77])))
    details, _ = read(door, page_size=20)
    assert sorted(details) == list(range(1, 11))
    assert door.tally.unasked == 3


def test_row_the_list_sends_twice_is_one_record(shop, door):
    shop.store.on("salesOrderList", lambda asked: rows(*(shop.row(n) for n in [*shop.wanted(asked), 3, 3])))
    assert sorted(read(door)[0]) == list(range(1, 11))
    assert door.tally.unasked == 2


def test_value_of_the_list_is_not_hidden_by_an_empty_detail(shop, door):
    shop.store.on(
        "oroOrderList", rows({"order_id": "1", "increment_id": "\n", "updated_at": "later", "extra": "\n"})
    )
    (page,) = door.read(ORDERS, Ids(ids=(1,)), page_size=1)
    (whole,) = page.records
    assert (whole["increment_id"], whole["updated_at"], whole["extra"]) == ("N1", "later", None)


def test_children_call_puts_its_rows_into_the_record(shop, door):
    call = InfoCall(
        method="salesOrderInfo", argument="orderIncrementId", value_field="increment_id", into="notes"
    )
    reading = SoapReading(spine="salesOrderList", id_field="order_id", filter_id="entity_id", stock=(call,))
    shop.store.on("salesOrderInfo", rows({"text": "a"}, {"text": "b"}))
    (page,) = door.read(reading, Ids(ids=(1,)), page_size=1)
    assert page.records[0]["notes"] == [{"text": "a"}, {"text": "b"}]


def test_record_deleted_between_list_and_detail_is_left_out(shop, door):
    def vanish(asked):
        shop.ids = [n for n in shop.ids if n != 5]
        return shop.info(asked)

    shop.store.on("salesOrderInfo", vanish)
    details, unreadable = read(door, BARE)
    assert sorted(details) == [1, 2, 3, 4, 6, 7, 8, 9, 10]
    assert (unreadable, door.tally.gone) == ([], 1)


def test_record_the_list_has_and_the_detail_denies_is_unreadable(shop, door):
    shop.store.on("salesOrderInfo", fault("100"))
    assert read(door, BARE, Ids(ids=(5,))) == ({}, [5])


def test_detail_of_another_record_is_unreadable(shop, door):
    shop.store.on("salesOrderInfo", record({**shop.row(8), "detail": "stock"}))
    assert read(door, BARE, Ids(ids=(5,))) == ({}, [5])


def test_row_without_the_key_its_detail_needs_is_unreadable(shop, door):
    shop.store.on("salesOrderList", rows({"order_id": "5", "increment_id": "\n"}))
    assert read(door, BARE, Ids(ids=(5,))) == ({}, [5])


def test_row_without_an_id_costs_that_row_and_is_told(shop, door, caplog):
    broken = [{"increment_id": "N98"}, {"increment_id": "N99", "order_id": "x"}]
    shop.store.on("salesOrderList", rows(broken[0], shop.row(5), broken[1]))
    assert read(door, BARE, Everything()) == ({5: "stock"}, [])
    assert door.tally.nameless == 2
    assert "salesOrderList sends rows without order_id, left out: 2" in caplog.text


def test_bridge_row_without_an_id_costs_no_record(shop, door):
    shop.store.on("oroOrderList", rows({"increment_id": "N5"}, {**shop.row(6), "detail": "bridge"}))
    assert read(door, selection=Ids(ids=(5, 6))) == ({5: "stock", 6: "bridge"}, [])


def test_store_whose_rows_all_lack_the_id_is_not_taken_for_an_empty_one(shop, door):
    shop.store.on("salesOrderList", rows({"increment_id": "N1"}, {"increment_id": "N2"}))
    with pytest.raises(DataError, match="order_id"):
        door.greatest_id(ORDERS)


def test_greatest_id_is_found_from_the_newest_rows_alone(shop, door):
    assert door.greatest_id(ORDERS) == 10
    first = shop.store.named("salesOrderList")[0]
    assert first["created_at from"] == "2026-11-21 06:00:00"  # a day before the store's clock
    assert all(set(asked) - {"sessionId"} for asked in shop.store.named("salesOrderList"))
    assert len(shop.store.named("salesOrderList")) <= 6  # two looks back, three above, the last


def test_greatest_id_sees_rows_above_the_newest_creation_date(shop, door):
    shop.store.on(
        "salesOrderList",
        lambda asked: (
            rows({"order_id": "4"})
            if "created_at from" in asked
            else rows(*({"order_id": n} for n in (7, 9) if n > int(asked.get("entity_id gt", 0))))
        ),
    )
    assert door.greatest_id(ORDERS) == 9


@pytest.mark.parametrize("days", [2, 0], ids=["of the future", "of today"])
@pytest.mark.parametrize("count", [40_000, 40_480, 700])
def test_old_order_with_an_odd_date_does_not_bring_the_whole_store(shop, door, count, days):
    asked_rows = []

    def listed(asked):
        if "created_at from" in asked:
            odd = (datetime(2026, 11, 22, 5, tzinfo=UTC) + timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")
            found = [(3, odd)]
        elif "entity_id gt" in asked:
            found = [(n, "2020-01-01 00:00:00") for n in range(int(asked["entity_id gt"]) + 1, count + 1)]
        elif "entity_id in" in asked:
            wanted = map(int, asked["entity_id in"].split(","))
            found = [(n, "2020-01-01 00:00:00") for n in wanted if n <= count]
        else:
            found = [(3, "2026-11-30 00:00:00")]
        asked_rows.append(len(found))
        return rows(*({"order_id": n, "created_at": created} for n, created in found))

    shop.store.on("salesOrderList", listed)
    assert door.greatest_id(ORDERS) == count
    assert max(asked_rows) <= 1000
    assert len(asked_rows) < 35


def test_future_order_does_not_hide_those_created_today(shop, door):
    shop.ids = [3, 9000]
    real = shop.row
    shop.row = lambda n: {
        **real(1),
        "order_id": n,
        **({"created_at": "2027-01-01 00:00:00"} if n == 3 else {}),
    }
    assert door.greatest_id(ORDERS) == 9000


def test_greatest_id_of_an_empty_store_is_zero(shop, door):
    shop.ids = []
    assert door.greatest_id(ORDERS) == 0


@pytest.mark.parametrize("ids", [[], [1], [3, 700], [4999, 5001], list(range(1, 2000, 7)), [90_000]])
def test_greatest_id_of_a_list_without_dates_is_found_by_ids_alone(shop, door, ids):
    shop.ids = ids
    assert door.greatest_id(replace(ORDERS, created_field=None)) == max(ids, default=0)
    assert not any("created_at from" in asked for asked in shop.store.named("salesOrderList"))


def test_greatest_id_does_not_hang_on_a_store_that_ignores_the_filter(shop, door):
    shop.store.on("salesOrderList", rows({"order_id": "4"}))
    assert door.greatest_id(ORDERS) == 4


def test_dictionary_is_one_record_and_a_call_the_store_lacks_leaves_its_key_out(shop, door):
    lists = {"websites": "oroWebsiteList", "stores": "storeList"}
    (page,) = door.read(
        SnapshotReading(lists=lists, required=frozenset({"stores"})), Everything(), page_size=1
    )
    assert [list(whole) for whole in page.records] == [["stores"]]


def test_what_a_store_cannot_deliver_is_said(shop, door):
    subscribers = SoapReading(
        spine="newsletterSubscriberList", id_field="subscriber_id", filter_id="subscriber_id"
    )
    groups = SnapshotReading(lists={"groups": "customerGroupList"}, required=frozenset({"groups"}))
    assert door.delivers(ORDERS) is None
    assert "newsletterSubscriberList" in door.delivers(subscribers)
    assert "customerGroupList" in door.delivers(groups)
    with pytest.raises(CallRefused, match="newsletterSubscriberList"):  # others can be read
        list(door.read(subscribers, Everything(), page_size=1))


def test_answer_that_is_too_long_is_asked_for_in_halves(shop, door, monkeypatch):
    whole, _ = read(door)
    monkeypatch.setattr("include.magento.soap.http.LONGEST_ANSWER", 2_500)
    before = len(shop.store.named("salesOrderList"))
    for selection in (ALL, ChangedSince(since=NOON)):
        assert read(door, selection=selection) == (whole, [])
    assert len(shop.store.named("salesOrderList")) > before + 4


def test_greatest_id_is_found_on_a_day_on_which_too_much_was_created(shop, door, monkeypatch):
    door.clock()
    shop.ids = list(range(400, 441))
    monkeypatch.setattr("include.magento.soap.http.LONGEST_ANSWER", 40_000)
    shop.store.on(
        "salesOrderList",
        lambda asked: (
            rows({"x": "y" * 50_000}) if "created_at from" in asked else shop.listed("salesOrderList", asked)
        ),
    )
    assert door.greatest_id(ORDERS) == 440
