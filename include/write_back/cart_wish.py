"""What somebody wants a cart to be, out of a request: lines, addresses, methods, coupon, buyer.

What a newcomer would get wrong: a field that was not asked for is not the same as one that shall be emptied, so what is
wished is kept by name; only the coupon can be taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from include.magento.cart_changes import CartItem
from include.write_back import cart_addresses
from include.write_back.cart_addresses import KINDS, Card
from include.write_back.cart_content import CartContent, as_number


@dataclass(frozen=True, slots=True, kw_only=True)
class CartWish:
    """What is wished; `fields` holds coupon_code, shipping_method and payment_method where they were asked for."""

    items: tuple[CartItem, ...] = ()
    addresses: Mapping[str, Card] = field(default_factory=dict, repr=False)
    fields: Mapping[str, str | None] = field(default_factory=dict)
    purchase_order_number: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, wanted: Mapping[str, Any]) -> CartWish:
        """Of the fields of a request, as crm.request_change let them in."""
        asked = {kind: wanted[f"{kind}_address"] for kind in KINDS if wanted.get(f"{kind}_address")}
        names = ("coupon_code", "shipping_method", "payment_method")
        return cls(
            items=tuple(_item(one) for one in wanted.get("items") or ()),
            addresses={kind: cart_addresses.wished(one) for kind, one in asked.items()},
            fields={name: wanted[name] for name in names if name in wanted},
            purchase_order_number=wanted.get("purchase_order_number"),
        )

    def texts(self) -> dict[str, str | None]:
        """What can be merged with what others did meanwhile, as `CartContent.held` names it."""
        lines = {key_of(item): as_number(item.qty) if item.qty else None for item in self.items}
        addresses = {
            name: value
            for kind, card in self.addresses.items()
            for name, value in cart_addresses.wanted_texts(kind, card).items()
        }
        return {**lines, **addresses, **self.fields}

    def only(self, names: Mapping[str, str | None], holds: CartContent) -> CartWish:
        """Without the lines and fields that are not among these; addresses with what the store has in the others."""
        addresses = {
            kind: cart_addresses.completed(kind, names, cart_addresses.told(holds.address(kind)), card)
            for kind, card in self.addresses.items()
        }
        return CartWish(
            items=tuple(item for item in self.items if key_of(item) in names),
            addresses={kind: card for kind, card in addresses.items() if card is not None},
            fields={name: value for name, value in self.fields.items() if name in names},
            purchase_order_number=self.purchase_order_number,
        )


def key_of(item: CartItem) -> str:
    """What a line is known by."""
    return f"item {item.sku}" if item.sku is not None else f"item #{item.product_id}"


def _item(one: Mapping[str, Any]) -> CartItem:
    product_id = one.get("product_id")
    return CartItem(
        product_id=None if product_id is None else int(product_id),
        sku=one.get("sku"),
        qty=Decimal(str(one["qty"])),
        options=_texts(one.get("options")),
        bundle_options=_texts(one.get("bundle_options")),
        bundle_qtys=_texts(one.get("bundle_qtys")),
        links=tuple(str(link) for link in one.get("links") or ()),
    )


def _texts(chosen: Mapping[str, Any] | None) -> dict[str, str]:
    return {str(key): str(value) for key, value in (chosen or {}).items()}
