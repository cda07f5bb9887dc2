from __future__ import annotations

import itertools
from typing import Any

import pytest

from include.entities.orders.lines import parent_ids
from include.magento.door import Record
from tests.magento.test_php_values import Php, serialised

VARIANT = '"super_attribute"'


def line(item_id: int, product_type: str, options: dict[str, Php] | None = None, **more: Any) -> Record:
    text = None if options is None else serialised(options)
    return {"item_id": str(item_id), "product_type": product_type, "product_options": text} | more


def request(product: int, **more: Php) -> dict[str, Php]:
    return {"product": str(product), "qty": "1", **more}


def configurable(item_id: int, asked: dict[str, Php], *, sku: str = "shirt") -> list[Record]:
    """A configurable line and its variant, as Magento stores them: both carry the buy request."""
    return [
        line(item_id, "configurable", {"info_buyRequest": asked, "simple_sku": sku}, sku=sku),
        line(item_id + 1, "simple", {"info_buyRequest": asked}, sku=sku),
    ]


def bundle(item_id: int, asked: dict[str, Php], children: int, *, sku: str = "set") -> list[Record]:
    parts = [
        line(
            item_id + n,
            "simple",
            {"info_buyRequest": asked, "bundle_selection_attributes": serialised({"price": n})},
            sku=sku,
        )
        for n in range(1, children + 1)
    ]
    return [line(item_id, "bundle", {"info_buyRequest": asked, "bundle_options": {}}, sku=sku), *parts]


def test_variant_of_a_configurable_line_is_its_child() -> None:
    assert parent_ids(configurable(1, request(5, super_attribute={"92": "3"}))) == {"2": "1"}


def test_selections_of_a_bundle_are_its_children_even_with_its_own_sku() -> None:
    assert parent_ids(bundle(1, request(5, bundle_option={"1": "2"}), 3, sku="same")) == {
        "2": "1",
        "3": "1",
        "4": "1",
    }


def test_one_product_configured_twice_keeps_each_variant_with_its_own_line() -> None:
    red = configurable(1, request(5, super_attribute={"92": "3"}))
    blue = configurable(3, request(5, super_attribute={"92": "4"}))
    # The wire's order and the ids' order need not tell which is whose: only the request does.
    mixed = [red[0], blue[0], red[1] | {"item_id": "5"}, blue[1] | {"item_id": "6"}]
    assert parent_ids(mixed) == {"5": "1", "6": "3"}


def test_of_two_lines_with_equal_requests_the_nearest_before_is_the_parent() -> None:
    asked = request(5, bundle_option={"1": "2"})
    assert parent_ids(bundle(1, asked, 1) + bundle(3, asked, 1)) == {"2": "1", "4": "3"}


def test_order_of_the_wire_does_not_matter() -> None:
    lines = configurable(1, request(5, super_attribute={"92": "3"})) + bundle(
        3, request(6, bundle_option={}), 1
    )
    answers = [parent_ids(order) for order in itertools.permutations(lines)]
    assert all(answer == {"2": "1", "4": "3"} for answer in answers)


def test_ids_are_compared_as_numbers() -> None:
    lines = configurable(9, request(5, super_attribute={"92": "3"}))
    assert parent_ids(lines) == {"10": "9"}


def test_configurable_line_with_custom_options_still_finds_its_variant() -> None:
    asked = request(5, super_attribute={"92": "3"}, options={"1": 'for Ada; with "quotes" and } braces'})
    assert parent_ids(configurable(1, asked)) == {"2": "1"}


@pytest.mark.parametrize("damaged", ["two&#11;lines", "twolines"])
def test_lengths_damaged_by_control_characters_do_not_hide_a_child(damaged: str) -> None:
    asked = request(5, super_attribute={"92": "3"}, options={"1": "two\vlines"})
    lines = [
        item | {"product_options": str(item["product_options"]).replace("two\vlines", damaged)}
        for item in configurable(1, asked)
    ]
    assert parent_ids(lines) == {"2": "1"}


@pytest.mark.parametrize("product_type", ["simple", "virtual", "downloadable", "grouped"])
def test_line_with_custom_options_stands_for_itself(product_type: str) -> None:
    alone = line(3, product_type, {"info_buyRequest": request(7, options={"1": "super_attribute"})})
    assert parent_ids([*configurable(1, request(5, super_attribute={"92": "3"})), alone]) == {"2": "1"}


def test_mark_in_what_the_buyer_wrote_makes_no_child() -> None:
    wrote = line(3, "simple", {"info_buyRequest": request(7, options={"1": f"says {VARIANT}"})})
    assert parent_ids([*configurable(1, request(5, super_attribute={"92": "3"})), wrote]) == {"2": "1"}


def test_child_whose_parent_is_missing_stands_for_itself() -> None:
    _, variant = configurable(1, request(5, super_attribute={"92": "3"}))
    other, _ = configurable(3, request(6, super_attribute={"92": "3"}))
    assert parent_ids([other, variant | {"item_id": "4"}]) == {}


def test_parent_is_never_looked_for_behind_the_child() -> None:
    parent, variant = configurable(5, request(5, super_attribute={"92": "3"}))
    assert parent_ids([parent, variant | {"item_id": "4"}]) == {}


def test_plain_lines_have_no_parents() -> None:
    assert parent_ids([line(1, "simple"), line(2, "virtual", {"info_buyRequest": request(7)})]) == {}


@pytest.mark.parametrize("options", [None, "", "N;", "garbage", "a:1:{"])
def test_unreadable_options_make_no_child(options: str | None) -> None:
    parent, _ = configurable(1, request(5, super_attribute={"92": "3"}))
    assert parent_ids([parent, line(2, "simple", product_options=options)]) == {}


def test_line_without_an_id_is_passed_over() -> None:
    lines = configurable(1, request(5, super_attribute={"92": "3"}))
    assert parent_ids([*lines, {"item_id": None, "product_type": "simple"}]) == {"2": "1"}
