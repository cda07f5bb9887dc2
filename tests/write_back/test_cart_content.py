"""What a cart holds, read out of the answer of a real store."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from include.magento.soap.envelope import read_answer
from include.write_back.cart_addresses import KINDS, told
from include.write_back.cart_content import CartContent


@pytest.fixture
def content(shared_dir: Path) -> CartContent:
    recorded = shared_dir / "magento1" / "envelopes" / "std" / "cart-13-info.response.xml"
    return CartContent.of(read_answer(recorded.read_bytes()).record)


def test_cart_of_a_real_store_is_told_in_texts_that_can_be_compared(content: CartContent) -> None:
    told = {name: content.held(name) for name in ("coupon_code", "shipping_method", "payment_method")}
    assert told == {"coupon_code": None, "shipping_method": "flatrate_flatrate", "payment_method": "checkmo"}
    assert content.lines == {
        "item SKU-001": 2, "item #1": 2, "item SKU-003": 1, "item #3": 1
    }  # fmt: skip
    assert content.held("item SKU-001") == "2"
    assert content.held("item SKU-002") is None
    assert content.held("grand_total_amount") == "38.35"
    assert (content.customer_id, content.is_virtual, content.currency) == (1, False, "EUR")
    assert content.names == (("Plain T-Shirt", Decimal(2)), ("Coffee Mug", Decimal(1)))


def test_list_and_cart_call_of_a_real_store_tell_the_same_addresses(shared_dir: Path) -> None:
    """Else a cart would seem to have been changed since the warehouse, which reads the list, was looked at."""
    folder = shared_dir / "magento1" / "envelopes" / "std"
    listed = {
        row["entity_id"]: row
        for name in ("p1", "multishipping", "zerodate")
        if (path := folder / f"oroQuoteList-{name}.response.xml").is_file()
        for row in read_answer(path.read_bytes()).rows
    }
    for name, number in (("gift", "6"), ("multishipping", "427"), ("zerodate", "8")):
        record = read_answer((folder / f"cart-info-{name}.response.xml").read_bytes()).record
        for kind in KINDS:
            here, there = (CartContent.of(one).address(kind) for one in (record, listed[number]))
            assert told(here) == told(there)
            assert told(here)["city"]


def test_parts_of_a_bundle_are_not_counted_beside_it() -> None:
    record = {
        "items": [
            {"item_id": "1", "sku": "B-1-2", "qty": "1", "product_id": "5"},
            {"item_id": "2", "parent_item_id": "1", "sku": "P-1", "qty": "2", "product_id": "6"},
        ]
    }
    assert CartContent.of(record).lines == {"item B-1-2": 1, "item #5": 1}
