"""What a shop without the bridge leaves out: PHP writes only what the WSDL's types name, and the bridge widens some.

Without it an order's coupon is in `salesOrderList` only, and a product's price in `catalogProductInfo` only.
"""

from __future__ import annotations

import re

from include.demo_store.wire.types import TYPES, Field

_BROUGHT = {
    "salesOrderEntity": ("coupon_code", "attributes"),
    "customerAddressEntityItem": ("attributes",),
    "shoppingCartItemEntity": ("product_image_url", "product_url", "categories"),
    "catalogProductEntity": ("price", "special_price"),
}
"""Fields that the bridge adds to types of the core."""
_ANSWERED = {
    "salesOrderInfo": "salesOrderEntity",
    "shoppingCartInfo": "shoppingCartItemEntity",
    "catalogProductList": "catalogProductEntity",
}
_ELEMENTS = {
    method: re.compile(
        "|".join(rf"<{name}(?: [^>]*)?(?:/>|>.*?</{name}>)\n" for name in _BROUGHT[type_]).encode(), re.DOTALL
    )
    for method, type_ in _ANSWERED.items()
}


def fields_of(type_: str, bridge: bool) -> list[Field]:
    """The fields of a type in a shop with or without the bridge."""
    return [field for field in TYPES[type_] if bridge or field.name not in _BROUGHT.get(type_, ())]


def without_bridge(method: str, parts: list[bytes]) -> list[bytes]:
    """A result as a shop without the bridge writes it."""
    elements = _ELEMENTS.get(method)
    return [elements.sub(b"", part) for part in parts] if elements else parts
