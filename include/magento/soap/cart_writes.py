"""How changes of a cart are written over SOAP v2.

What a newcomer would get wrong: a cart's address is not a customer's address. Its street is one text, its flags are
numbers, and billing and shipping come in one call, told apart by a field called mode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from include.magento import cart_changes as carts

_MODES = ("billing", "shipping")


def _at(cart: carts.CartRef) -> dict[str, object]:
    return {"quoteId": cart.cart_id, "storeId": str(cart.store_id)}


def _item(item: carts.CartItem) -> dict[str, object]:
    written: dict[str, object] = {}
    if item.product_id is not None:
        written["product_id"] = str(item.product_id)
    if item.sku is not None:
        written["sku"] = item.sku
    if item.qty is not None:
        written["qty"] = _number(item.qty)
    choices = {
        "options": item.options,
        "bundle_option": item.bundle_options,
        "bundle_option_qty": item.bundle_qtys,
    }
    written |= {name: _pairs(chosen) for name, chosen in choices.items() if chosen}
    return {**written, "links": list(item.links)} if item.links else written


def _number(qty: Decimal) -> object:
    """Whole quantities without a point, as people write them; zeep takes a Decimal for a double."""
    return int(qty) if qty == qty.to_integral_value() else qty


def _pairs(chosen: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in chosen.items()]


def _items(change: carts.AddItems | carts.ChangeItems | carts.RemoveItems) -> dict[str, object]:
    return {**_at(change.cart), "products": [_item(item) for item in change.items]}


def _customer(change: carts.GiveToCustomer) -> dict[str, object]:
    return {**_at(change.cart), "customer": {"mode": "customer", "customer_id": change.customer_id}}


def _guest(change: carts.GiveToGuest) -> dict[str, object]:
    guest = {
        "mode": "guest",
        "email": change.email,
        "firstname": change.first_name,
        "lastname": change.last_name,
        "website_id": change.website_id,
        "store_id": change.cart.store_id,
    }
    return {**_at(change.cart), "customer": guest}


def _addresses(change: carts.SetAddresses) -> dict[str, object]:
    both = zip(_MODES, (change.billing, change.shipping), strict=True)
    return {**_at(change.cart), "customer": [_address(mode, address) for mode, address in both]}


def _address(mode: str, address: carts.CartAddress) -> dict[str, object]:
    if address.address_id is not None:
        return {"mode": mode, "address_id": str(address.address_id)}
    fields = {name: value or "" for name, value in address.fields.items()}
    return {"mode": mode, **fields, "is_default_billing": 0, "is_default_shipping": 0}


def _payment(change: carts.SetPaymentMethod) -> dict[str, object]:
    payment = {"method": change.code}
    if change.purchase_order_number is not None:
        payment["po_number"] = change.purchase_order_number
    return {**_at(change.cart), "method": payment}


def _order(change: carts.PlaceOrder) -> dict[str, object]:
    agreed: dict[str, object] = {"licenses": list(change.agreements)} if change.agreements else {}
    return {**_at(change.cart), **agreed}


CART_WRITES: dict[type, tuple[str, Callable[[Any], dict[str, object]], str | None]] = {
    carts.CreateCart: ("shoppingCartCreate", lambda c: {"storeId": str(c.store_id)}, ""),
    carts.AddItems: ("shoppingCartProductAdd", _items, None),
    carts.ChangeItems: ("shoppingCartProductUpdate", _items, None),
    carts.RemoveItems: ("shoppingCartProductRemove", _items, None),
    carts.GiveToCustomer: ("shoppingCartCustomerSet", _customer, None),
    carts.GiveToGuest: ("shoppingCartCustomerSet", _guest, None),
    carts.SetAddresses: ("shoppingCartCustomerAddresses", _addresses, None),
    carts.SetShippingMethod: (
        "shoppingCartShippingMethod",
        lambda c: {**_at(c.cart), "method": c.code},
        None,
    ),
    carts.SetPaymentMethod: ("shoppingCartPaymentMethod", _payment, None),
    carts.ApplyCoupon: ("shoppingCartCouponAdd", lambda c: {**_at(c.cart), "couponCode": c.code}, None),
    carts.RemoveCoupon: ("shoppingCartCouponRemove", lambda c: _at(c.cart), None),
    carts.PlaceOrder: ("shoppingCartOrder", _order, ""),
}
"""Call, arguments and where the answer names the new record, by kind of change."""
