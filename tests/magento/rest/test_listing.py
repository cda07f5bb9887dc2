"""Reading a list: each row once and none left out, whatever the store does to its pages."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest

from include.errors import DataError, TransientError
from include.magento.door import ChangedSince, IdRange, Ids, Unreadable
from include.magento.rest.client import RestDoor
from tests.magento.rest.scripted_list import ORDERS, ScriptedList, answer_of, conditions, door_to


def read(door: RestDoor, low: int = 0, high: int = 1000, size: int = 10) -> tuple[list[int], list[object]]:
    """Ids of the rows of a range, and of those that could not be read."""
    rows = list(door.rows(ORDERS, IdRange(low=low, high=high), page_size=size))
    whole = [int(str(row["entity_id"])) for row in rows if not isinstance(row, Unreadable)]
    return whole, [row.id for row in rows if isinstance(row, Unreadable)]


@pytest.mark.parametrize("broken", [1, 17, 30])
def test_one_poisoned_record_costs_itself_alone(broken: int) -> None:
    store = ScriptedList(broken=frozenset({broken}))
    whole, unreadable = read(door_to(store))
    assert unreadable == [broken]
    assert whole == [n for n in range(1, 31) if n != broken]


def test_several_poisoned_records_are_all_named() -> None:
    whole, unreadable = read(door_to(ScriptedList(broken=frozenset({4, 5, 29}))))
    assert (len(whole), unreadable) == (27, [4, 5, 29])


def test_pages_the_store_breaks_on_are_asked_for_smaller() -> None:
    whole, unreadable = read(door_to(ScriptedList(limit=3)))
    assert (whole, unreadable) == (list(range(1, 31)), [])


def test_store_that_is_down_blames_no_record() -> None:
    door = door_to(lambda _: httpx.Response(503, text="<html>Maintenance</html>"))
    with pytest.raises(TransientError):
        read(door)


def test_rows_that_are_counted_but_not_listed_are_noticed() -> None:
    with pytest.raises(DataError, match="counts 1 more"):
        read(door_to(ScriptedList(hidden=frozenset({30}))))


def test_rows_made_and_deleted_while_pages_are_read_move_no_others() -> None:
    store = ScriptedList()

    def moving(request: httpx.Request) -> httpx.Response:
        reply = store(request)
        store.hidden |= {
            len(store.asked)
        }  # what was read already goes away: a second numbered page would begin later
        store.most += 1
        return reply

    def answer(request: httpx.Request) -> httpx.Response:
        return moving(request)

    whole, _ = read(door_to(answer), high=30)
    assert whole == list(range(1, 31))


def test_row_that_leaves_the_filter_before_it_is_counted_hides_no_other() -> None:
    store, until = ScriptedList(most=11), datetime(2026, 7, 5, tzinfo=UTC)
    door = door_to(lambda request: counted_after(store, request, left=3))
    found = list(door.rows(ORDERS, ChangedSince(since=until, until=until), page_size=10))
    assert [row["entity_id"] for row in found] == [str(n) for n in range(1, 12)]  # type: ignore[index]


def counted_after(store: ScriptedList, request: httpx.Request, *, left: int) -> httpx.Response:
    """The page as it was before the shop changed a row of it, and the count as it is then."""
    answer = json.loads(store(request).content)
    is_counted = left > int(conditions(request)["entity_id", "gt"])
    return answer_of(answer["items"], answer["total_count"] - is_counted)


def test_row_that_comes_between_list_and_count_is_in_the_next_answer() -> None:
    answers = iter([answer_of([], 1), answer_of([{"entity_id": 5}], 1)])
    assert read(door_to(lambda _: next(answers))) == ([5], [])


def test_range_that_is_full_of_rows_costs_no_call_to_find_its_end() -> None:
    store = ScriptedList(most=30)
    assert read(door_to(store), high=20)[0] == list(range(1, 21))
    assert len(store.asked) == 2


def test_list_that_ignores_the_order_is_refused() -> None:
    door = door_to(lambda _: answer_of([{"entity_id": 2}, {"entity_id": 1}], 2))
    with pytest.raises(DataError, match="does not go by entity_id"):
        read(door)


def test_last_page_that_comes_again_never_loops() -> None:
    door = door_to(lambda _: answer_of([{"entity_id": 1}, {"entity_id": 2}], 5))
    with pytest.raises(DataError, match="rows would be lost"):
        read(door)


def test_window_is_two_groups_of_naive_utc_and_the_cursor_one_of_its_own() -> None:
    store = ScriptedList(most=0)
    since, until = datetime(2026, 7, 5, 15, 20, 57, tzinfo=UTC), datetime(2026, 7, 5, 16, tzinfo=UTC)
    list(door_to(store).rows(ORDERS, ChangedSince(since=since, until=until), page_size=10))
    assert conditions(store.asked[0]) == {
        ("updated_at", "gteq"): "2026-07-05 15:20:57",
        ("updated_at", "lt"): "2026-07-05 16:00:01",
        ("entity_id", "gt"): "0",
    }


def test_ids_are_asked_for_in_lists_an_address_can_hold() -> None:
    store = ScriptedList(most=0)
    list(door_to(store).rows(ORDERS, Ids(ids=tuple(range(1_000_000, 1_000_450))), page_size=100))
    assert len(store.asked) == 3
    assert max(len(str(request.url)) for request in store.asked) < 4000


@pytest.mark.parametrize("broken", [frozenset[int](), frozenset({30})])
def test_greatest_id_is_found_even_if_its_record_breaks(broken: frozenset[int]) -> None:
    assert door_to(ScriptedList(broken=broken)).greatest_id(ORDERS) == 30
    assert door_to(ScriptedList(most=0)).greatest_id(ORDERS) == 0


def test_search_for_the_greatest_id_ends_where_every_row_breaks() -> None:
    def all_broken(request: httpx.Request) -> httpx.Response:
        is_check = ("entity_id", "eq") in conditions(request)
        return ScriptedList()(request) if is_check else httpx.Response(500, json={"message": "broken"})

    with pytest.raises(DataError, match="above any number"):
        door_to(all_broken).greatest_id(ORDERS)
