"""Carts as the quote tables hold them: a cart that becomes an order holds what the order will hold, to the cent.

`qty` of a child line counts per piece of its parent, unlike on orders. A cart keeps the id of a customer who was
deleted; an order loses it.
"""

from __future__ import annotations

from dataclasses import dataclass

from include.demo_store.clock import sql_time
from include.demo_store.generate import cart_lines, oddities
from include.demo_store.generate.cart_life import CartStanding
from include.demo_store.generate.customers import People, Row
from include.demo_store.generate.item_rows import LINES_PER_ORDER, QUOTE_ITEM_OFFSET
from include.demo_store.generate.money import text
from include.demo_store.generate.orders import Buyer, Draft, Order, OrderHead, Orders

_FIRST_LEFT_BEHIND = 40
"""Lines of a cart left behind take the numbers from here on of the order before it, which has fewer lines."""
_SAME = (
    "is_virtual base_currency_code store_currency_code global_currency_code grand_total base_grand_total "
    "store_to_base_rate base_to_global_rate subtotal base_subtotal customer_note applied_rule_ids coupon_code "
    "gift_message_id gift_message"
).split()
_OF_CUSTOMER = "firstname lastname middlename prefix suffix taxvat dob".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class CartHead:
    """What is known of a cart before it is made."""

    cart_id: int
    created: int
    updated: str
    standing: CartStanding
    order: OrderHead
    """The order it becomes; for a cart left behind, the order that it would have become, under the cart's id."""
    becomes_order: bool
    anonymous: bool
    """Nobody has logged in or typed an address yet."""


@dataclass(slots=True)
class Cart:
    """A cart as the database holds it, `parent_item_id` included; no payment before a method is chosen."""

    row: Row
    items: list[Row]
    billing_address: Row
    shipping_address: Row
    payment: Row


def order_of(cart_id: int) -> int:
    """The order that a cart becomes; 0 for every fourth, which is left behind."""
    return 0 if cart_id % 4 == 3 else cart_id - cart_id // 4


class Carts:
    """Makes the carts of one seed."""

    def __init__(self, seed: int, people: People, orders: Orders) -> None:
        self._orders = orders
        self._left_behind = Orders(seed, people, "cart")

    def draft(self, head: CartHead) -> Draft:
        """The priced lines as of the head's standing."""
        maker = self._orders if head.becomes_order else self._left_behind
        return maker.draft(head.order, head.standing.kept)

    def cart(self, head: CartHead) -> Cart:
        """The whole cart as of the head's standing."""
        maker = self._orders if head.becomes_order else self._left_behind
        draft = maker.draft(head.order, head.standing.kept)
        lines = draft.basket.lines
        order = maker.order(head.order, draft)
        buyer = maker.buyer(head.order)
        row = _header(head, order, buyer, draft)
        items = cart_lines.rows(_first_item(head), head, draft)
        billing = _address(head, row, buyer.card, "billing")
        shipping = _address(head, row, buyer.second_card or buyer.card, "shipping")
        if lines and row["is_virtual"] == "0":
            shipping |= {"shipping_method": "flatrate_flatrate", "shipping_description": "Flat Rate - Fixed"}
        shipping["weight"] = order.row["weight"]
        return Cart(row, items, billing, shipping, _payment(head, order))


def _first_item(head: CartHead) -> int:
    if head.becomes_order:
        return head.order.order_id * LINES_PER_ORDER + QUOTE_ITEM_OFFSET
    return order_of(head.cart_id - 1) * LINES_PER_ORDER + _FIRST_LEFT_BEHIND


def _header(head: CartHead, order: Order, buyer: Buyer, draft: Draft) -> Row:
    store, top = head.order.store, [line for line in draft.basket.lines if line.parent is None]
    placed = head.standing.reached("placed")
    stays = placed is not None and oddities.CART_STAYS_ACTIVE.has(head.cart_id)
    row: Row = {
        "entity_id": str(head.cart_id), "store_id": str(store.store_id), "created_at": sql_time(head.created),
        "updated_at": head.updated, "converted_at": None if placed is None else sql_time(placed),
        "is_active": "1" if head.standing.active or stays else "0", "items_count": str(len(top)),
        "items_qty": text(sum(line.qty for line in top)), "orig_order_id": "0",
        "is_multi_shipping": str(int(not head.becomes_order and oddities.CART_MULTI_SHIPPING.has(head.cart_id))),
        "quote_currency_code": order.row["order_currency_code"],
        "store_to_quote_rate": order.row["store_to_order_rate"],
        "base_to_quote_rate": order.row["base_to_order_rate"],
        "reserved_order_id": None if placed is None else head.order.number,
        "remote_ip": f"10.{head.cart_id >> 16 & 255}.{head.cart_id >> 8 & 255}.{head.cart_id & 255}",
        "customer_tax_class_id": "3", "customer_note_notify": "1", "is_changed": "1", "trigger_recollect": "0",
        "is_persistent": "0",
    }  # fmt: skip
    row |= {name: order.row.get(name) for name in _SAME}
    for prefix in ("", "base_"):
        sums = (line.base_discount if prefix else line.discount for line in draft.basket.lines if line.pays)
        whole = sum(line.base_row if prefix else line.row for line in top)
        row[f"{prefix}subtotal_with_discount"] = text(whole - sum(sums))
    if not top:
        row["is_virtual"] = "0"
    if row["gift_message_id"] and not head.becomes_order:
        row["gift_message_id"] = str(head.cart_id * 2 + 1)
    return row | _customer(head, buyer)


def _customer(head: CartHead, buyer: Buyer) -> Row:
    if head.anonymous:
        return {"customer_group_id": "0", "customer_is_guest": "0"}
    guest = not head.order.was_customer_id
    return {
        "customer_id": None if guest else str(head.order.was_customer_id),
        "checkout_method": "guest" if guest else None, "customer_is_guest": "1" if guest else "0",
        "customer_group_id": "0" if guest else buyer.row["group_id"],
        "customer_email": buyer.row["email"], "customer_gender": buyer.row.get("gender_id"),
        **{f"customer_{part}": buyer.row.get(part) for part in _OF_CUSTOMER},
    }  # fmt: skip


def _address(head: CartHead, cart: Row, card: Row, kind: str) -> Row:
    at = sql_time(head.created)
    row: Row = {
        "address_id": str(head.cart_id * 2 - (kind == "billing")), "created_at": at, "updated_at": at,
        "save_in_address_book": "0", "address_type": kind, "same_as_billing": str(int(kind == "shipping")),
        "free_shipping": "0", "weight": "0.0000",
    }  # fmt: skip
    if head.anonymous:
        return row
    ours = {
        name: value
        for name, value in card.items()
        if name not in ("is_default_billing", "is_default_shipping")
    }
    return {
        **ours, **row, "customer_id": cart["customer_id"], "customer_address_id": card.get("customer_address_id"),
        "email": cart["customer_email"],
    }  # fmt: skip


def _payment(head: CartHead, order: Order) -> Row:
    if not head.becomes_order and (not order.items or head.cart_id % 8 < 4):
        return {}
    at = sql_time(head.created)
    row: Row = {
        "payment_id": str(head.cart_id), "created_at": at, "updated_at": at, "cc_exp_month": "0", "cc_exp_year": "0",
        "cc_ss_start_month": "0", "cc_ss_start_year": "0", "additional_information": "a:0:{}",
    }  # fmt: skip
    row |= {name: value for name, value in order.payment.items() if name.startswith(("method", "cc_", "po_"))}
    return row


def never_updated(standing: CartStanding, cart_id: int) -> bool:
    """Whether `updated_at` is the zero date: nothing happened since the cart was made."""
    return len(standing.steps) == 1 and order_of(cart_id) == 0 and oddities.CART_NEVER_UPDATED.has(cart_id)
