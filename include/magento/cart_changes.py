"""Changes of a cart, from an empty one to an order, and what a store tells about a cart that is being built.

What a newcomer would get wrong: `PlaceOrder` is not safe to repeat. Asked twice for the same cart, a Magento 1 store
made two orders; and `ApplyCoupon` with a code that does not hold takes away the coupon the cart had.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class CartRef:
    """A cart, which is known by its id in its own store view only."""

    cart_id: int
    store_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CartItem:
    """A product and how many of it.

    Attributes:
        product_id, sku: one of the two.
        qty: None to remove it.
        options: values of the product's own options, by option id.
        bundle_options, bundle_qtys: choices of a bundle and how many of each, by option id.
        links: ids of downloads.
    """

    product_id: int | None = None
    sku: str | None = None
    qty: Decimal | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    bundle_options: Mapping[str, str] = field(default_factory=dict)
    bundle_qtys: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCart:
    """An empty cart in a store view; answered with its id.

    Attributes:
        customer_id: whose it shall be, where the store makes carts for customers (Magento 2, which keeps one open cart
            for each); None: a guest's.
    """

    store_id: int
    customer_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItems:
    """Put products into a cart."""

    cart: CartRef
    items: tuple[CartItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeItems:
    """Other quantities for products in a cart."""

    cart: CartRef
    items: tuple[CartItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveItems:
    """Take products out of a cart."""

    cart: CartRef
    items: tuple[CartItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveToCustomer:
    """The cart is this registered customer's."""

    cart: CartRef
    customer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveToGuest:
    """The cart is of somebody without an account."""

    cart: CartRef
    email: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    website_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CartAddress:
    """Where the bill or the parcel goes: `fields` as of a customer's address, or the id of one in the book."""

    fields: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    address_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAddresses:
    """Both addresses of a cart."""

    cart: CartRef
    billing: CartAddress
    shipping: CartAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class SetShippingMethod:
    """Ship by a method the store offers for this cart, by its code (`flatrate_flatrate`)."""

    cart: CartRef
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPaymentMethod:
    """Pay by a method that needs no card, by its code (`checkmo`); card numbers never pass through here."""

    cart: CartRef
    code: str
    purchase_order_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyCoupon:
    """Use this code; one that does not hold takes away the code the cart had."""

    cart: CartRef
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveCoupon:
    """Use no code."""

    cart: CartRef


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Turn the cart into an order; answered with the order's number. Asked twice, it makes two."""

    cart: CartRef
    agreements: tuple[str, ...] = ()


CartChange: TypeAlias = (
    CreateCart
    | AddItems
    | ChangeItems
    | RemoveItems
    | GiveToCustomer
    | GiveToGuest
    | SetAddresses
    | SetShippingMethod
    | SetPaymentMethod
    | ApplyCoupon
    | RemoveCoupon
    | PlaceOrder
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way to ship or to pay that the store offers for a cart; `price` in the cart's currency, None for payments."""

    code: str
    title: str
    price: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CartTotal:
    """One line of a cart's totals, in the cart's currency."""

    title: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Terms to agree to before an order; `agreement_id` is what `PlaceOrder` takes."""

    agreement_id: str
    name: str
    content: str
