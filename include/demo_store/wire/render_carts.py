"""Carts as XML, for the bridge's list and for the core's own call.

The same columns have other types in the two: `grand_total` is a string in both, `subtotal` a float in the core's.
"""

from __future__ import annotations

from include.demo_store.generate.carts import Cart
from include.demo_store.generate.customers import Row
from include.demo_store.wire.layout import Composite, Layout, array, entity

_LISTED = Composite("salesQuoteEntity")
_INFO = Composite("shoppingCartInfoEntity")
_ADDRESS = Layout("shoppingCartAddressEntity")
_INFO_ADDRESS = Layout("shoppingCartAddressEntity", {"address_id"})
_PAYMENT = Layout("shoppingCartPaymentEntity")
_INFO_PAYMENT = Layout("shoppingCartPaymentEntity", {"payment_id"})
_ITEM = Composite("shoppingCartItemEntity")
_CATEGORY = Layout("shoppingCartItemEntityCategory")


def bridge_cart(cart: Cart) -> str:
    """A row of `oroQuoteList`."""
    return _LISTED.element("item", cart.row, _children(cart, _ADDRESS, cart.payment, _PAYMENT))


def info_cart(cart: Cart) -> str:
    """The result of `shoppingCartInfo`: without ids of addresses and payment, whose details PHP prints as an array."""
    row = {**cart.row, "quote_id": cart.row["entity_id"]}
    payment = {**cart.payment, "additional_information": "Array"} if cart.payment else cart.payment
    return _INFO.element("result", row, _children(cart, _INFO_ADDRESS, payment, _INFO_PAYMENT))


def _children(cart: Cart, address: Layout, payment: Row, payment_layout: Layout) -> dict[str, str]:
    return {
        "shipping_address": entity(
            "shipping_address", "shoppingCartAddressEntity", address.fill(cart.shipping_address)
        ),
        "billing_address": entity(
            "billing_address", "shoppingCartAddressEntity", address.fill(cart.billing_address)
        ),
        "items": array(
            "items",
            "shoppingCartItemEntity",
            "shoppingCartItemEntityArray",
            [_item(row) for row in cart.items],
        ),
        "payment": entity("payment", "shoppingCartPaymentEntity", payment_layout.fill(payment)),
    }


def _item(row: Row) -> str:
    if row["category"] is None:
        return _ITEM.element("item", row, {})
    shown = entity("item", "shoppingCartItemEntityCategory", _CATEGORY.fill({"name": row["category"]}))
    categories = array(
        "categories", "shoppingCartItemEntityCategory", "shoppingCartItemEntityCategoriesArray", [shown]
    )
    return _ITEM.element("item", row, {"categories": categories})
