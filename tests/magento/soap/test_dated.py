"""Lists without ids: found by date, known by number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from include.errors import ConfigError
from include.magento.door import ChangedSince, Created, Everything, Ids
from include.magento.soap.reading import SoapReading
from tests.magento.soap.scripted_shop import NOON, STOCK
from tests.magento.soap.scripted_store import Raw, fault, rows

NUMBERED = SoapReading(
    spine="salesOrderList", id_field="increment_id", filter_id="increment_id", has_ids=False, stock=STOCK
)
STAMP = "%Y-%m-%d %H:%M:%S"


@pytest.fixture
def numbers(shop):
    """Ten records, one a minute from NOON on; the list says neither id nor update."""

    def listed(asked):
        def wanted(row):
            stamps = [
                row[f] for f in ("created_at", "updated_at") if f"{f} from" in asked or f"{f} to" in asked
            ]
            low = next((v for k, v in asked.items() if k.endswith(" from")), "")
            high = next((v for k, v in asked.items() if k.endswith(" to")), "9")
            named = asked.get("increment_id eq", asked.get("increment_id in", row["increment_id"]))
            return all(low <= stamp <= high for stamp in stamps) and row["increment_id"] in named.split(",")

        found = [] if "created_at null" in asked else [row for row in map(shop.row, shop.ids) if wanted(row)]
        return rows(*({k: row[k] for k in ("increment_id", "created_at")} for row in reversed(found)))

    shop.store.on("salesOrderList", listed)
    shop.listed_by_number = listed
    return shop


def read(door, selection, reading=NUMBERED):
    pages = list(door.read(reading, selection, page_size=4))
    return [r["increment_id"] for page in pages for r in page.records], [
        bad.id for page in pages for bad in page.unreadable
    ]


def at(minutes):
    return NOON + timedelta(minutes=minutes)


def test_everything_is_found_by_creation_and_completed_by_number(numbers, door):
    found, unreadable = read(door, Created())
    assert sorted(found) == sorted(f"N{n}" for n in range(1, 11))
    assert unreadable == []
    assert len(numbers.store.named("salesOrderInfo")) == 10


def test_span_of_creation_takes_both_bounds_in(numbers, door):
    assert sorted(read(door, Created(since=at(3), until=at(5)))[0]) == ["N3", "N4", "N5"]
    assert sorted(read(door, Created(since=at(9)))[0]) == ["N10", "N9"]
    assert sorted(read(door, Created(until=at(2)))[0]) == ["N1", "N2"]


def test_only_the_span_that_begins_at_no_date_has_the_undated(numbers, door):
    undated = {"increment_id": "N1", "created_at": "\n"}
    zero = {"increment_id": "N2", "created_at": "0000-00-00 00:00:00"}

    def listed(asked):
        if "created_at null" in asked:
            return rows(undated)
        if asked.get("created_at to", "9") < "2007":
            return rows(zero)
        return numbers.listed_by_number(asked)

    numbers.store.on("salesOrderList", listed)
    numbers.ids = [9, 10]
    headers = replace(NUMBERED, stock=())
    assert sorted(read(door, Created(until=at(9)), headers)[0]) == ["N1", "N2", "N9"]
    assert read(door, Created(since=at(10)), headers)[0] == ["N10"]


def test_changes_are_found_by_the_update_stamp_the_rows_do_not_show(numbers, door):
    assert sorted(read(door, ChangedSince(since=at(8)))[0]) == ["N10", "N8", "N9"]
    assert "updated_at from" in numbers.store.named("salesOrderList")[-1]


def test_record_that_breaks_its_call_is_unreadable_by_its_number(numbers, door):
    numbers.poison["salesOrderInfo"] = {4}
    found, unreadable = read(door, Everything())
    assert (len(found), unreadable) == (9, ["N4"])


def test_record_deleted_between_list_and_detail_is_left_out(numbers, door):
    def vanish(asked):
        numbers.ids = [n for n in numbers.ids if n != 5]
        return numbers.info(asked)

    numbers.store.on("salesOrderInfo", vanish)
    found, unreadable = read(door, Created(since=at(4), until=at(6)))
    assert (sorted(found), unreadable) == (["N4", "N6"], [])


def test_record_the_list_has_and_the_detail_denies_is_unreadable(numbers, door):
    numbers.store.on("salesOrderInfo", fault("100"))
    assert read(door, Created(since=at(5), until=at(5))) == ([], ["N5"])


def test_list_that_breaks_is_asked_for_shorter_spans(numbers, door):
    def breaks_on_many(asked):
        broad = "created_at from" in asked and asked.get("created_at to", "9") > at(6).strftime(STAMP)
        many = broad and asked["created_at from"] < at(5).strftime(STAMP)
        return Raw(b"", 500) if many else numbers.listed_by_number(asked)

    numbers.store.on("salesOrderList", breaks_on_many)
    assert len(read(door, Created(since=at(0)))[0]) == 10


def test_second_the_list_breaks_on_waits_and_the_others_come(numbers, door):
    def breaks_on_seven(asked):
        from_ = asked.get("created_at from", "9")
        seven = from_ <= at(7).strftime(STAMP) <= asked.get("created_at to", "9")
        return Raw(b"", 500) if seven else numbers.listed_by_number(asked)

    numbers.store.on("salesOrderList", breaks_on_seven)
    found, unreadable = read(door, Created(since=at(6), until=at(9)))
    assert (sorted(found), unreadable) == (["N6", "N8", "N9"], ["at-2026-11-20T12:07:00Z"])


def test_ids_cannot_be_asked_for(numbers, door):
    with pytest.raises(ConfigError, match="says no ids"):
        read(door, Ids(ids=(1,)))
