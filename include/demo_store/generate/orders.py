"""Puts an order together: header, totals, lines, addresses, payment and history, as of an instant.

Columns carry the database's names. Amounts come in pairs (order currency and `base_`), and always
subtotal + tax + shipping + discount = grand total, in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from include.demo_store.chance import base_of, generator, mix
from include.demo_store.clock import sql_time
from include.demo_store.generate import gifts, history, item_rows, lines, oddities, payments, totals
from include.demo_store.generate.customers import People, Row
from include.demo_store.generate.life import STATE_OF_STATUS, Standing
from include.demo_store.generate.lines import Basket, Coupon
from include.demo_store.generate.money import text
from include.demo_store.stores import GLOBAL_CURRENCY, StoreView, store_name_lines

ODD_UPDATED_YEARS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHead:
    """What is known of an order before it is made."""

    order_id: int
    created: int
    store: StoreView
    number: str
    """Increment id."""
    customer_id: int
    """0 for a guest or a deleted customer."""
    was_customer_id: int
    """The customer who bought; stays when the customer is deleted."""
    customer_created: int
    guest: int
    """Guest number, 0 when a customer bought."""
    standing: Standing
    updated: str | None
    edited_from: tuple[int, str] | None = None
    """Id and number of the order this one replaces."""
    edited_into: tuple[int, str] | None = None


@dataclass(slots=True)
class Order:
    """An order as the database holds it: `row` and children keyed by column name, `parent_item_id` included."""

    row: Row
    items: list[Row]
    billing_address: Row
    shipping_address: Row | None
    payment: Row
    history: list[Row]
    """Newest first, as the API gives it."""


@dataclass(slots=True)
class Draft:
    """What was put together before it is written down; `chance` goes on where the drawing stopped."""

    basket: Basket
    coupon: Coupon | None
    chance: Random


@dataclass(slots=True)
class Buyer:
    """Name, mail and address card of who bought."""

    row: Row
    card: Row
    second_card: Row | None


class Orders:
    """Makes the orders of one seed.

    Args:
        seed: of the shop.
        people: who buys.
        subject: whose draws; carts that never become orders are drawn apart.
    """

    def __init__(self, seed: int, people: People, subject: str = "order-detail") -> None:
        self._people = people
        self._details = base_of(seed, subject)

    def draft(self, head: OrderHead, kept: int | None = None) -> Draft:
        """The priced lines of an order; `kept` leaves only so many of what was put in, children not counted."""
        chance = generator(mix(self._details + head.order_id))
        basket = lines.fill(chance, head.store)
        coupon = lines.COUPONS[int(chance.random() * len(lines.COUPONS))] if chance.random() < 0.2 else None
        if kept is not None:
            basket.keep(kept)
        basket.settle(coupon)
        return Draft(basket, coupon, chance)

    def order(self, head: OrderHead, draft: Draft | None = None, buyer: Buyer | None = None) -> Order:
        """The whole order as of the head's standing, from its draft and buyer where they are known."""
        draft = draft or self.draft(head)
        basket, coupon, chance = draft.basket, draft.coupon, draft.chance
        progress = totals.Progress.of(head.standing, basket.lines)
        buyer = buyer or self.buyer(head)
        row = self._header(head, buyer, chance)
        if coupon:
            row |= {
                "coupon_code": coupon.code,
                "discount_description": coupon.code,
                "applied_rule_ids": str(coupon.rule_id),
            }
        if gift := gifts.message(head.order_id):
            row |= {"gift_message_id": str(head.order_id * 2), "gift_message": gift}
        is_virtual = totals.add_up(row, basket, progress)
        if len(head.standing.steps) == 1:
            # Magento writes what is due only when an order is saved again after it was placed.
            row |= {"total_due": None, "base_total_due": None}
        items = item_rows.rows(head, basket.lines, progress, coupon, row["updated_at"])
        billing = self._address(head, buyer.card, "billing")
        shipping = None if is_virtual else self._address(head, buyer.second_card or buyer.card, "shipping")
        _name_addresses(row, billing, shipping)
        payment = payments.row(head.order_id, row, chance)
        return Order(row, items, billing, shipping, payment, history.rows(head.order_id, head.standing, row))

    def buyer(self, head: OrderHead) -> Buyer:
        """Who bought, as they were when they did."""
        if head.was_customer_id:
            customer = self._people.customer(head.was_customer_id, head.customer_created, head.created)
            profile = customer.row
            cards = list(reversed(customer.addresses))
            if not cards:
                who, _ = self._people.guest(head.was_customer_id)
                names = {"firstname": profile["firstname"], "lastname": profile["lastname"]}
                cards = [{**self._people.guest_address(head.was_customer_id, who), **names}]
            return Buyer(profile, cards[0], cards[-1] if len(cards) > 1 else None)
        who, mail = self._people.guest(head.guest)
        if head.guest % 10 == 3:
            mail = self._people.email(head.guest // 10 + 1) or mail
        profile = {"email": mail, "firstname": who.firstname, "lastname": who.lastname}
        card = {
            **self._people.guest_address(head.guest, who),
            "firstname": who.firstname,
            "lastname": who.lastname,
        }
        return Buyer(profile, card, None)

    def _header(self, head: OrderHead, buyer: Buyer, chance: Random) -> Row:
        store, site = head.store, head.store.website
        guest = not head.was_customer_id
        standing, rate, order_id = head.standing, text(site.rate), head.order_id
        row: Row = {
            "increment_id": head.number, "entity_id": str(order_id), "order_id": str(order_id),
            "store_id": None if oddities.ORDER_STORE_NULL.has(order_id) else str(store.store_id),
            "website_id": str(site.website_id), "created_at": sql_time(head.created), "updated_at": head.updated,
            "customer_id": str(head.customer_id) if head.customer_id else None,
            "customer_is_guest": "1" if guest else None,
            "customer_group_id": "0" if guest else buyer.row["group_id"],
            "customer_email": _odd_email(order_id, buyer.row["email"]),
            "store_to_base_rate": rate, "base_to_global_rate": rate,
            "store_to_order_rate": text(store.order_rate), "base_to_order_rate": text(store.order_rate),
            "store_name": store_name_lines(store),
            "remote_ip": f"10.{order_id >> 16 & 255}.{order_id >> 8 & 255}.{order_id & 255}" if order_id % 10 else None,
            "state": standing.state, "status": standing.status or None, "global_currency_code": GLOBAL_CURRENCY,
            "base_currency_code": site.base_currency, "store_currency_code": site.base_currency,
            "order_currency_code": store.order_currency, "quote_id": str(quote_id(order_id)),
            "protect_code": f"{mix(order_id) & 0xFFFFFF:06x}", "paypal_ipn_customer_notified": "0",
        }  # fmt: skip
        if not oddities.ORDER_NAMES_NULL.has(order_id):
            row |= {f"customer_{part}": buyer.row.get(part) for part in
                    ("firstname", "lastname", "middlename", "prefix", "suffix", "taxvat", "dob")}  # fmt: skip
            row["customer_gender"] = buyer.row.get("gender_id")
        if standing.before_hold:
            row |= {
                "hold_before_state": STATE_OF_STATUS[standing.before_hold],
                "hold_before_status": standing.before_hold,
            }
        if chance.random() < 0.04:
            row |= {
                "customer_note_notify": "1",
                "customer_note": "Bitte klingeln! <b>Danke</b> & bis bald ????",
            }
        return row | _edit_columns(head)

    def _address(self, head: OrderHead, card: Row, kind: str) -> Row:
        number = head.order_id * 2 - (kind == "billing")
        return {**card, "parent_id": str(head.order_id), "address_type": kind, "address_id": str(number)}


def quote_id(order_id: int) -> int:
    """The cart an order came from: three carts in four become orders."""
    return order_id * 4 // 3


def _odd_email(order_id: int, email: str | None) -> str | None:
    if oddities.ORDER_EMAIL_NULL.has(order_id):
        return None
    return "" if oddities.ORDER_EMAIL_EMPTY.has(order_id) else email


def _edit_columns(head: OrderHead) -> Row:
    columns: Row = {}
    if head.edited_from:
        parent_id, number = head.edited_from
        columns |= {"relation_parent_id": str(parent_id), "relation_parent_real_id": number,
                    "original_increment_id": number, "edit_increment": "1"}  # fmt: skip
    if head.edited_into:
        child_id, number = head.edited_into
        columns |= {"relation_child_id": str(child_id), "relation_child_real_id": number}
    return columns


def _name_addresses(row: Row, billing: Row, shipping: Row | None) -> None:
    """Fills the columns that Magento joins from the address table into order lists."""
    for kind, address in (("billing", billing), ("shipping", shipping)):
        if address:
            first, last = address["firstname"], address["lastname"]
            row |= {f"{kind}_address_id": address["address_id"], f"{kind}_firstname": first,
                    f"{kind}_lastname": last, f"{kind}_name": f"{first} {last}"}  # fmt: skip
    if shipping:
        row |= {part: shipping[part] for part in ("firstname", "lastname", "telephone", "postcode")}
