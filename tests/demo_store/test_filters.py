"""Filters and pager, with the oddities that were measured on a real Magento 1."""

from __future__ import annotations

from typing import Any

import pytest

from include.demo_store.wire import filters
from include.demo_store.wire.filters import Kind

DATE = "2026-08-01 00:00:00"
LATER = "2026-09-01 00:00:00"


def orders(store: Any, **columns: Any) -> list[str]:
    """Ids of the truth's orders whose columns pass the given tests, NULL never does."""
    return [
        order.row["order_id"]
        for order in store.shop.orders()
        if all(order.row[name] is not None and test(order.row[name]) for name, test in columns.items())
    ]


def test_from_and_to_on_one_field_combine_and_include_both_ends(call: Any, store: Any) -> None:
    edge = min(orders(store, updated_at=lambda at: DATE <= at <= LATER), key=int)
    low = store.shop.order(int(edge)).row["updated_at"]
    found = call.listed("salesOrderList", ("updated_at", "from", low), ("updated_at", "to", LATER))
    assert found.texts("order_id") == orders(store, updated_at=lambda at: low <= at <= LATER)
    assert edge in found.texts("order_id")


@pytest.mark.parametrize("first", ["gteq", "lteq"])
def test_of_any_other_pair_on_one_field_only_the_first_counts(call: Any, store: Any, first: str) -> None:
    second = "lteq" if first == "gteq" else "gteq"
    found = call.listed("salesOrderList", ("updated_at", first, DATE), ("updated_at", second, LATER))
    passes = (lambda at: at >= DATE) if first == "gteq" else (lambda at: at <= DATE)
    assert found.texts("order_id") == orders(store, updated_at=passes)


def test_from_pushes_other_operators_on_its_field_out(call: Any, store: Any) -> None:
    found = call.listed("salesOrderList", ("updated_at", "lt", DATE), ("updated_at", "from", LATER))
    assert found.texts("order_id") == orders(store, updated_at=lambda at: at >= LATER)


@pytest.mark.parametrize("operator", ["greater", "GT", "between", ""])
def test_an_unknown_operator_finds_nothing_and_faults_nothing(call: Any, operator: str) -> None:
    answer = call.listed("salesOrderList", ("order_id", operator, "1"))
    assert (answer.status, answer.rows) == (200, [])


def test_in_splits_on_commas_without_trimming(call: Any, store: Any) -> None:
    both = call.listed("salesOrderList", ("status", "in", "closed,canceled"))
    assert set(both.texts("status")) == {"closed", "canceled"}
    spaced = call.listed("salesOrderList", ("status", "in", "closed, canceled"))
    assert set(spaced.texts("status")) == {"closed"}


def test_ids_compare_as_numbers(call: Any) -> None:
    assert call.listed("salesOrderList", ("order_id", "lt", "3")).texts("order_id") == ["1", "2"]
    assert call.listed("oroOrderList", ("entity_id", "gt", "997"), page=1).texts("order_id") == [
        "998",
        "999",
        "1000",
    ]
    assert call.listed("salesOrderList", ("entity_id", "eq", "07")).texts("order_id") == ["7"]


def test_order_id_and_entity_id_are_the_same_column(call: Any) -> None:
    for field in ("order_id", "entity_id"):
        assert call.listed("salesOrderList", (field, "in", "9,11")).texts("order_id") == ["9", "11"]
    for field in ("customer_id", "entity_id"):
        assert call.listed("customerCustomerList", (field, "lteq", "2")).texts("customer_id") == ["1", "2"]


def test_dates_compare_as_utc_whatever_zone_is_written(call: Any, store: Any) -> None:
    wanted = orders(store, updated_at=lambda at: at >= DATE)
    for written in (DATE, "2026-08-01T00:00:00Z", "2026-08-01T00:00:00+09:00", "2026-08-01"):
        assert call.listed("salesOrderList", ("updated_at", "from", written)).texts("order_id") == wanted


def test_from_what_is_no_date_finds_everything_with_a_date(call: Any, store: Any) -> None:
    found = call.listed("salesOrderList", ("updated_at", "from", "not a date"))
    assert found.texts("order_id") == orders(store, updated_at=lambda at: True)
    assert len(found.rows) < len(store.shop.order_ids())


def test_null_finds_what_no_date_filter_finds(call: Any, store: Any) -> None:
    undated = call.listed("salesOrderList", ("updated_at", "null", "1"))
    assert undated.texts("order_id") == [
        o.row["order_id"] for o in store.shop.orders() if not o.row["updated_at"]
    ]
    assert undated.rows


def test_fields_are_anded_and_simple_filters_mean_equal(call: Any, store: Any) -> None:
    simple = (
        "<filter><associativeEntity><key>status</key><value>complete</value></associativeEntity></filter>"
    )
    complex_ = (
        "<complex_filter><complexFilter><key>store_id</key><value><key>in</key><value>3,4</value></value>"
        "</complexFilter></complex_filter>"
    )
    found = call("salesOrderList", f"<filters>{simple}{complex_}</filters>")
    wanted = orders(store, status=lambda s: s == "complete", store_id=lambda s: s in "34")
    assert found.texts("order_id") == wanted


def test_columns_outside_the_index_filter_too(call: Any, store: Any) -> None:
    found = call.listed("salesOrderList", ("grand_total", "gt", "200"))
    assert found.texts("order_id") == orders(store, grand_total=lambda amount: float(amount) > 200)
    shared = call.listed("customerCustomerList", ("email", "like", "%@EXAMPLE.com"))
    assert all((mail or "").lower().endswith("@example.com") for mail in shared.texts("email"))
    assert shared.rows


def test_a_page_past_the_end_is_empty_and_page_zero_is_everything(call: Any, store: Any) -> None:
    every = call("oroOrderList").texts("order_id")
    assert call.listed("oroOrderList", page=0).texts("order_id") == every
    assert call.listed("oroOrderList", page=3, size=0).texts("order_id") == every
    assert call.listed("oroOrderList", page=999).rows == []
    pages = [
        call.listed("oroOrderList", page=number, size=300).texts("order_id") for number in (1, 2, 3, 4, 5)
    ]
    assert [len(page) for page in pages] == [300, 300, 300, len(every) - 900, 0]
    assert [number for page in pages for number in page] == every


def test_the_bridge_lists_by_id_and_drops_orders_without_a_store(call: Any, store: Any) -> None:
    listed = call("oroOrderList").texts("order_id")
    core = call("salesOrderList").texts("order_id")
    homeless = [order.row["order_id"] for order in store.shop.orders() if order.row["store_id"] is None]
    assert homeless
    assert sorted({*core} - {*listed}, key=int) == homeless
    assert listed == sorted(listed, key=int)


def test_only_the_bridge_filters_orders_by_website(call: Any, store: Any) -> None:
    found = call.listed("oroOrderList", ("website_id", "eq", "2"))
    assert set(found.texts("store_id")) == {"3"}
    assert call.listed("salesOrderList", ("website_id", "eq", "2")).fault[0] == "1"


@pytest.mark.parametrize(
    ("operators", "kind", "value", "passes"),
    [
        ({"neq": "5"}, Kind.NUMBER, None, False),
        ({"nin": "5"}, Kind.NUMBER, None, False),
        ({"notnull": "1"}, Kind.TEXT, "", True),
        ({"eq": "ABC "}, Kind.TEXT, "abc", True),
        ({"gt": "100000099"}, Kind.TEXT, "US-00000015", True),
        ({"gt": "9"}, Kind.NUMBER, "10", True),
        ({"like": "a_c%"}, Kind.TEXT, "ABCde", True),
        ({"to": "2026-01-01"}, Kind.DATE, "0000-00-00 00:00:00", True),
    ],
)
def test_values_compare_as_mysql_compares_the_column(
    operators: dict[str, str], kind: Kind, value: str | None, passes: bool
) -> None:
    assert filters.test_of(operators, kind)(value) is passes


def test_from_and_to_combine_on_a_column_without_an_index(call: Any, store: Any) -> None:
    found = call.listed("salesOrderList", ("grand_total", "from", "100"), ("grand_total", "to", "200"))
    assert found.texts("order_id") == orders(store, grand_total=lambda amount: 100 <= float(amount) <= 200)


def test_of_the_same_operator_given_twice_the_first_value_counts(call: Any) -> None:
    """Recorded: of `neq 1`, `neq 2`, `lt 5` on order_id only order 1 was left out."""
    found = call.listed(
        "salesOrderList", ("order_id", "neq", "1"), ("order_id", "neq", "2"), ("order_id", "lt", "5")
    )
    assert found.texts("order_id")[:3] == ["2", "3", "4"]
    assert len(found.rows) == 999
