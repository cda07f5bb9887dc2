"""A cart of variants and bundles over REST, in a demo store that has a real one's oddities: built, changed, ordered."""

from __future__ import annotations

from typing import Any

import pytest

from tests.write_back.cart_desk import ADDRESS, TERMS, Desk, desk, served

__all__ = ["desk", "served"]
LARGE_TEE = {"sku": "NW-41", "qty": 2, "options": {"134": "7"}}
SET = {"sku": "BUNDLE-51", "qty": 1, "bundle_options": {"1": "1", "2": "2"}}


def someone(desk: Desk) -> int:
    """A customer with an address in the book and no open cart."""
    busy = {cart.row.get("customer_id") for cart in desk.store.shop.carts() if cart.row["is_active"] == "1"}
    return next(
        int(one.row["customer_id"] or 0)
        for one in desk.store.shop.customers()
        if one.addresses and one.row["email"] and one.row["customer_id"] not in busy
    )


@pytest.mark.parametrize("served", [{"kind": "magento2"}], ids=["magento2"], indirect=True)
@pytest.mark.parametrize("is_guest", [False, True], ids=["customer", "guest"])
def test_cart_of_variants_and_bundles_becomes_one_order_of_its_store_view(desk: Desk, is_guest: bool) -> None:
    number = someone(desk)
    desk.read("customers", number)
    view = next(v for v in desk.door.report().stores if v.store_id != 1)
    wanted: dict[str, Any] = {
        "store_id": view.store_id,
        "items": [LARGE_TEE, SET, {"product_id": 3, "qty": 1}],
        "billing_address": ADDRESS,
        "shipping_address": {**ADDRESS, "city": "Hertford"},
        **TERMS,
    }
    if is_guest:
        wanted |= {"email": "new@b.example", "first_name": "N", "last_name": "B"}
    asked = desk.ask(
        "cart_create_for_guest" if is_guest else "cart_create", "us" if is_guest else f"us:{number}", wanted
    )
    assert desk.send() == {"done": 1}, desk.entry(asked).last_error
    cart = desk.entry(asked).result_json["new_key"]
    changed = desk.ask("cart_change", cart, {"items": [{**LARGE_TEE, "qty": 3}]})
    assert desk.send() == {"done": 1}, desk.entry(changed).last_error
    order = desk.ask("cart_to_order", cart)
    assert desk.send() == {"done": 1}, desk.entry(order).last_error
    (placed,) = desk.orders(cart)
    assert placed.row["store_id"] == str(view.store_id)
    assert (placed.row["customer_is_guest"] == "1") is is_guest
    assert placed.row["increment_id"] == desk.entry(order).result_json["order_number"]
    cities = "select address_type, city from crm.order_addresses order by 1"
    assert desk.crm.rows(cities) == [("billing", "Ware"), ("shipping", "Hertford")]
    pieces = (
        "select sum(ordered_qty) from crm.order_items where sku like 'NW-41-%' and parent_item_id is null"
    )
    assert desk.crm.one(pieces) == 3
