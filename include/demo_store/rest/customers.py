"""Customers as JSON, with their whole address book and whether they are subscribed.

A list finds the subscription by e-mail, over all websites; only the single answer asks for the customer's own.
"""

from __future__ import annotations

import hashlib

from include.demo_store.generate import newsletter
from include.demo_store.generate.customers import Customer
from include.demo_store.registers.all import Changes
from include.demo_store.rest import addresses
from include.demo_store.rest.shapes import Json, Shape
from include.demo_store.shop import Shop

NOBODY: Json = {"email": None, "firstname": None, "lastname": None}
"""The customer of a cart whose buyer is a guest or was deleted."""
_SUBSCRIBED = str(newsletter.SUBSCRIBED)
_PROFILE = Shape(
    required="email firstname lastname",
    sources={"id": "customer_id", "gender": "gender_id"},
    i="id group_id store_id website_id gender",
    s="created_at updated_at created_in email firstname lastname middlename prefix suffix taxvat",
)


class CustomerAnswers:
    """Writes customers out.

    Args:
        shop: whose.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._subscribed: set[str] | None = None
        shop.on_change(self._forget)

    def listed(self, customer_id: int) -> Json:
        """A customer as lists and carts have it."""
        customer = self._shop.customer(customer_id)
        if customer is None:
            return NOBODY
        return _written(customer, is_subscribed=_mailbox(customer.row["email"]) in self._mailboxes())

    def single(self, customer_id: int) -> Json | None:
        """A customer asked for by id; None where there is none."""
        customer = self._shop.customer(customer_id)
        if customer is None:
            return None
        entry = subscription_of(self._shop, customer_id)
        row = self._shop.subscriber(entry) if entry else None
        return _written(customer, is_subscribed=row is not None and row["subscriber_status"] == _SUBSCRIBED)

    def _mailboxes(self) -> set[str]:
        if self._subscribed is None:
            rows = (row for row in self._shop.subscribers() if row["subscriber_status"] == _SUBSCRIBED)
            self._subscribed = {mailbox for row in rows if (mailbox := _mailbox(row["subscriber_email"]))}
        return self._subscribed

    def _forget(self, changes: Changes) -> None:
        if changes.subscribers or changes.customers:
            self._subscribed = None


def subscription_of(shop: Shop, customer_id: int) -> int | None:
    """The newsletter entry of a customer."""
    register = shop.registers.subscribers
    for made, row in register.made.items():
        if row["customer_id"] == str(customer_id):
            return made
    number = newsletter.entry_of(customer_id)
    return number if number and register.exists(number) else None


def _written(customer: Customer, *, is_subscribed: bool) -> Json:
    row = customer.row
    number = row["customer_id"] or "0"
    found = _PROFILE.fill(row)
    for kind in ("billing", "shipping"):
        default = next((c for c in customer.addresses if c.get(f"is_default_{kind}") == "true"), None)
        if default:
            found[f"default_{kind}"] = default["customer_address_id"]
    if row.get("dob"):
        found["dob"] = (row["dob"] or "")[:10]
    if row.get("confirmation"):
        found["confirmation"] = hashlib.md5(number.encode(), usedforsecurity=False).hexdigest()
    return found | {
        "addresses": [addresses.in_book(card, number) for card in reversed(customer.addresses)],
        "disable_auto_group_change": 0,
        "extension_attributes": {"is_subscribed": is_subscribed},
    }


def _mailbox(email: str | None) -> str:
    return (email or "").strip().casefold()
