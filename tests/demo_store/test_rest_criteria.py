"""searchCriteria over REST, with the oddities that were measured on a real 2.4.4."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from include.demo_store import RunningStore, running_store
from tests.demo_store.rest_caller import Filter, RestCaller, criteria

INVALID = 'The "%1" attribute name is invalid. Reset the name and try again.'
INTERNAL = "Internal Error. Details are available in Magento log file. Report ID: webapi-demo"


@pytest.fixture(scope="module")
def store() -> Iterator[RunningStore]:
    with running_store(kind="magento2", customers=60, orders=150) as running:
        yield running


@pytest.fixture(scope="module")
def call(store: RunningStore) -> RestCaller:
    return RestCaller(store)


def ids(answer: Any) -> list[int]:
    return [row.get("entity_id", row.get("id")) for row in answer["items"]]


def test_groups_are_joined_by_and_filters_in_one_by_or(call: RestCaller) -> None:
    low: list[Filter] = [("entity_id", "lteq", "2"), ("entity_id", "eq", "9")]
    assert ids(call.listed("orders", low)) == [1, 2, 9]
    assert ids(call.listed("orders", low, ("entity_id", "gt", "1"))) == [2, 9]


@pytest.mark.parametrize(
    ("condition", "value", "found"),
    [
        ("eq", "7", [7]), ("in", "3,5", [3, 5]), ("gteq", "149", [149, 150]), ("gt", "149", [150]),
        ("lt", "2", [1]), ("to", "2", [1, 2]), ("from", "150", [150]), ("moreq", "7", [7]), ("foo", "7", [7]),
    ],
)  # fmt: skip
def test_unknown_conditions_act_as_equals(
    call: RestCaller, condition: str, value: str, found: list[int]
) -> None:
    answer = call.listed("orders", ("entity_id", condition, value))
    assert (ids(answer), answer["total_count"]) == (found, len(found))


def test_nulls_are_found_by_null_alone(call: RestCaller) -> None:
    guests = [int(o.row["entity_id"] or 0) for o in call.store.shop.orders() if not o.row["customer_id"]]
    assert ids(call.listed("orders", ("customer_id", "null", "1"))) == guests
    others = set(ids(call.listed("orders", ("customer_id", "neq", "0"))))
    assert not others & set(guests)


def test_a_flag_compared_with_a_word_finds_the_inactive_carts(call: RestCaller) -> None:
    found = call.listed("carts/search", ("is_active", "eq", "true"))["items"]
    assert found
    assert not any(cart["is_active"] for cart in found)


def test_dates_ignore_an_offset(call: RestCaller) -> None:
    stamp = sorted(o.row["updated_at"] for o in call.store.shop.orders() if o.row["updated_at"])[100]
    assert stamp
    plain = ids(call.listed("orders", ("updated_at", "gteq", stamp)))
    zoned = ids(call.listed("orders", ("updated_at", "gteq", stamp.replace(" ", "T") + "+02:00")))
    assert plain == zoned
    assert 0 < len(plain) < 150
    below = ids(call.listed("orders", ("updated_at", "lt", stamp)))
    undated = ids(call.listed("orders", ("updated_at", "null", "1")))
    assert sorted([*plain, *below, *undated]) == list(range(1, 151))


@pytest.mark.parametrize(
    ("path", "group", "status", "message"),
    [
        ("orders", ("nope", "eq", "1"), 500, INTERNAL),
        ("orders", ("status", "is", "NULL"), 500, INTERNAL),
        ("customers/search", ("id", "eq", "1"), 400, INVALID),
        ("carts/search", ("id", "eq", "1"), 500, INTERNAL),
    ],
)  # fmt: skip
def test_unknown_fields_are_told_by_eav_lists_only(
    call: RestCaller, path: str, group: Filter, status: int, message: str
) -> None:
    answer = call.get(path, *criteria(group))
    assert (answer.status_code, answer.json()["message"]) == (status, message)


def test_criteria_must_be_there_and_readable(call: RestCaller) -> None:
    assert call.get("orders").json()["parameters"] == {"fieldName": "searchCriteria"}
    broken = call.get("orders", ("searchCriteria[pageSize]", "abc"))
    assert broken.status_code == 400
    sideways = call.get("orders", *criteria(sort=("entity_id", "sideways")))
    assert (sideways.status_code, sideways.json()["parameters"]) == (400, ["ASC", "DESC"])
    assert call.get("orders", *criteria(sort=("nope", "ASC"))).status_code == 500


def test_camel_and_snake_case_are_one(call: RestCaller) -> None:
    snake = call.get("orders", ("search_criteria[page_size]", "2"), ("search_criteria[current_page]", "2"))
    assert ids(snake.json()) == [3, 4]
    start = "searchCriteria[filterGroups][0][filters][0]"
    camel = call.get(
        "orders", (f"{start}[field]", "entity_id"), (f"{start}[value]", "148"), (f"{start}[conditionType]", "gt")
    )  # fmt: skip
    assert ids(camel.json()) == [149, 150]


@pytest.mark.parametrize(
    ("size", "page", "found"),
    [
        (2, 0, [1, 2]),
        (100, 2, list(range(101, 151))),
        (3, 999, []),
        (-1, 1, [1]),
        (0, 1, list(range(1, 151))),
    ],
)
def test_pages_are_cut_as_measured(call: RestCaller, size: int, page: int, found: list[int]) -> None:
    answer = call.listed("orders", size=size, page=page)
    assert (ids(answer), answer["total_count"]) == (found, 150)


def test_sort_orders_hold_over_pages(call: RestCaller) -> None:
    descending = call.listed("orders", size=3, page=1, sort=("entity_id", "desc"))
    assert ids(descending) == [150, 149, 148]
    stamps = [r.get("updated_at", "") for r in call.listed("orders", sort=("updated_at", "ASC"))["items"]]
    assert stamps == sorted(stamps)


def test_an_old_release_repeats_its_last_page_and_a_cap_is_told(store: RunningStore) -> None:
    with running_store(kind="magento2", shop=store.shop, last_page_repeats=True, page_cap=20) as old:
        call = RestCaller(old)
        assert ids(call.listed("orders", size=20, page=99)) == list(range(141, 151))
        assert len(ids(call.listed("orders"))) == 20
        refused = call.get("orders", *criteria(size=21))
        assert refused.json() == {
            "message": "Maximum SearchCriteria pageSize is %max", "parameters": {"max": 20},
        }  # fmt: skip


def test_fields_cut_the_answer_down_and_turn_nothing_into_null(call: RestCaller) -> None:
    wanted = "items[entity_id,billing_address[city],items[sku]],total_count"
    answer = call.listed("orders", size=1, fields=wanted)
    assert answer.keys() == {"items", "total_count"}
    (order,) = answer["items"]
    assert order.keys() == {"entity_id", "billing_address", "items"}
    assert order["billing_address"].keys() == {"city"}
    nothing = call.listed("orders", ("entity_id", "gt", "9999"), fields="items[entity_id],total_count")
    assert nothing == {"items": None, "total_count": 0}
    assert call.listed("orders", size=1, fields="items[entity-id") == []
    attributes = call.listed("products", size=1, fields="items[custom_attributes[tax_class_id]]")
    (found,) = attributes["items"][0]["custom_attributes"].values()
    assert found == {"attribute_code": "tax_class_id", "value": "2"}


def test_store_codes_are_no_filter_and_unknown_ones_are_refused(call: RestCaller) -> None:
    for scope in ("all", "ch_de"):
        assert call.get("orders", *criteria(size=1), scope=scope).json()["total_count"] == 150
    for scope in ("admin", "nope"):
        refused = call.get("orders", *criteria(size=1), scope=scope)
        assert (refused.status_code, refused.json()["message"]) == (
            400, "Specified request cannot be processed.",
        )  # fmt: skip
    assert call.get("nope").json() == {"message": "Request does not match any route."}


def test_closed_carts_have_neither_lines_nor_totals(call: RestCaller) -> None:
    carts = call.listed("carts/search")["items"]
    closed = next(cart for cart in carts if not cart["is_active"])
    assert "items" not in closed
    gone = call.get(f"carts/{closed['id']}/totals")
    assert (gone.status_code, gone.json()["parameters"]) == (
        404, {"fieldName": "cartId", "fieldValue": closed["id"]},
    )  # fmt: skip
    open_cart = next(cart for cart in carts if cart["is_active"] and cart.get("items"))
    totals = call.get(f"carts/{open_cart['id']}/totals").json()
    segments = {one["code"]: one["value"] for one in totals["total_segments"]}
    (row,) = (c.row for c in call.store.shop.carts() if c.row["entity_id"] == str(open_cart["id"]))
    assert segments["grand_total"] == pytest.approx(float(row["grand_total"] or 0))
    assert totals["grand_total"] == pytest.approx(segments["grand_total"] - segments["tax"])
