"""Order lines of every product type, and the traces by which children find their parents."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from include.demo_store import Shop
from include.demo_store.generate.php import serialize

BUY_REQUEST = re.compile(r's:15:"info_buyRequest";(a:\d+:\{.*)', re.DOTALL)


@pytest.fixture(scope="module")
def orders() -> list[list[dict[str, Any]]]:
    return [order.items for order in Shop(customers=50, orders=2000, seed=3).orders()]


def buy_request(options: str) -> str:
    """The serialized buy request: from its key to the brace that closes it."""
    found = BUY_REQUEST.search(options)
    assert found
    text, depth = found.group(1), 0
    for place, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == "}" and depth == 0:
            return text[: place + 1]
    raise AssertionError(options)


def is_child(line: dict[str, Any]) -> bool:
    options = line["product_options"]
    if "bundle_selection_attributes" in options:
        return True
    return line["product_type"] != "configurable" and "super_attribute" in buy_request(options)


def test_the_rule_for_children_and_parents_holds_for_every_line(orders: list[list[dict[str, Any]]]) -> None:
    for lines in orders:
        for place, line in enumerate(lines):
            assert is_child(line) == (line["parent_item_id"] is not None)
            if is_child(line):
                request = buy_request(line["product_options"])
                parent = next(
                    earlier
                    for earlier in reversed(lines[:place])
                    if earlier["product_type"] in ("bundle", "configurable")
                    and buy_request(earlier["product_options"]) == request
                )
                assert line["parent_item_id"] == parent["item_id"]


def test_every_product_type_is_sold(orders: list[list[dict[str, Any]]]) -> None:
    kinds = Counter(line["product_type"] for lines in orders for line in lines)
    assert set(kinds) == {"simple", "configurable", "bundle", "grouped", "downloadable", "virtual"}


def lines_with(orders: list[list[dict[str, Any]]], text: str) -> list[dict[str, Any]]:
    return [line for lines in orders for line in lines if text in line["product_options"]]


def test_grouped_lines_have_no_parent_and_name_their_group(orders: list[list[dict[str, Any]]]) -> None:
    grouped = lines_with(orders, "super_product_config")
    assert grouped
    assert {line["product_type"] for line in grouped} == {"grouped"}
    assert all("super_product_config" in buy_request(line["product_options"]) for line in grouped)
    assert all(line["parent_item_id"] is None for line in grouped)


def test_downloads_carry_links_and_engravings_carry_options(orders: list[list[dict[str, Any]]]) -> None:
    assert {line["product_type"] for line in lines_with(orders, 's:5:"links"')} == {"downloadable"}
    assert {line["sku"] for line in lines_with(orders, 's:12:"option_value"')} == {"NW-ENGRAVED"}


def test_bundles_are_priced_by_their_parts_or_as_a_whole(orders: list[list[dict[str, Any]]]) -> None:
    for lines in orders:
        for line in lines:
            if line["product_type"] != "bundle":
                continue
            children = [child for child in lines if child["parent_item_id"] == line["item_id"]]
            total = sum(float(child["row_total"]) for child in children)
            dynamic = 's:20:"product_calculations";i:0' in line["product_options"]
            assert round(total, 4) == (float(line["row_total"]) if dynamic else 0.0)
            assert ("tax_percent" in line) != dynamic


def test_a_configurable_child_costs_nothing(orders: list[list[dict[str, Any]]]) -> None:
    children = [
        line
        for lines in orders
        for line in lines
        if "super_attribute" in line["product_options"] and is_child(line)
    ]
    assert children
    assert {child["row_total"] for child in children} == {"0.0000"}


def test_serialized_lengths_count_bytes() -> None:
    assert serialize({"ü": [1, 2.5, None, True]}) == 'a:1:{s:2:"ü";a:4:{i:0;i:1;i:1;d:2.5;i:2;N;i:3;b:1;}}'
