"""What a cart of Magento 2 comes to, from the answers of a real store: its total with the tax, its own currency."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from include.entities.catalogue import entity
from include.identity.guest_keys import GuestKeys
from include.magento.rest.records import parsed, record_of
from include.sync.flatten import flatten
from include.sync.mapping import mapping_of
from tests.sync.shop import REPORT, channel

CONTEXT = mapping_of(channel(), REPORT, GuestKeys(b"secret"))


@pytest.fixture(scope="module")
def frames(shared_dir: Path) -> dict[str, list[dict[str, Any]]]:
    """All carts, number 36 with its totals."""
    folder = shared_dir / "magento2" / "responses" / "read"
    carts = [record_of(row) for row in parsed((folder / "carts_search.json").read_bytes())["items"]]
    totals = record_of(parsed((folder / "cart_36_totals.json").read_bytes()))
    told = [cart | {"totals": totals} if cart["id"] == "36" else cart for cart in carts]
    found = flatten(told, entity("carts"), "magento2", CONTEXT)
    assert not found.refusals
    return {name: frame.to_pylist() for name, frame in found.frames.items()}


def test_total_is_that_of_the_segments_in_the_cart_s_currency(
    frames: dict[str, list[dict[str, Any]]],
) -> None:
    (cart,) = [row for row in frames["carts"] if row["cart_id"] == 36]
    names = (
        "cart_currency_code",
        "subtotal_amount",
        "grand_total_amount",
        "base_grand_total_amount",
        "coupon_code",
    )
    assert [cart[name] for name in names] == [
        "EUR", Decimal("71.2300"), Decimal("66.7300"), Decimal("74.1400"), "FIVEOFF",
    ]  # fmt: skip


def test_line_says_its_price_in_the_currency_it_is_told_in(frames: dict[str, list[dict[str, Any]]]) -> None:
    (line,) = [row for row in frames["cart_items"] if row["cart_id"] == 36]
    assert (line["price_amount"], line["base_price_amount"]) == (None, Decimal("79.1400"))
    assert line["row_total_amount"] == Decimal("71.2300")


def test_guest_is_named_as_in_the_billing_address(frames: dict[str, list[dict[str, Any]]]) -> None:
    """The customer of such a cart has no name; its order will have this one."""
    names = {
        (row["customer_email"], row["customer_first_name"]) for row in frames["carts"] if row["is_guest"]
    }
    assert {("guest9@example.com", "Guest"), (None, None)} <= names
    customers = [row for row in frames["carts"] if not row["is_guest"]]
    assert all(row["customer_first_name"] for row in customers)


def test_store_view_is_that_of_the_list(frames: dict[str, list[dict[str, Any]]]) -> None:
    """The single call says the view of the address it is asked at."""
    assert {row["store_id"] for row in frames["carts"]} == {1, 2, 3}


def test_bought_carts_have_no_lines_any_more(frames: dict[str, list[dict[str, Any]]]) -> None:
    closed = {row["cart_id"] for row in frames["carts"] if not row["is_active"]}
    assert closed
    assert not closed & {row["cart_id"] for row in frames["cart_items"]}
