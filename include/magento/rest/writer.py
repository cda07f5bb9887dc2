"""The writing side of the door to a Magento 2 store; see `include.magento.writing.WritingDoor`.

It shares session and credentials of the reading side. What a newcomer would get wrong: some changes are several
requests (a line each, an address each). Once the first is out, a failure of the next is not "nothing happened".
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from include.errors import TransientError
from include.magento import cart_changes as carts
from include.magento import writing
from include.magento.cart_changes import Agreement, CartRef, CartTotal, Method
from include.magento.door import Record, children
from include.magento.faults import CallRefused, OutcomeUnknown, RecordGone, WriteRefused
from include.magento.rest.articles import Articles
from include.magento.rest.cart_view import CartView
from include.magento.rest.cart_writes import CartWrites, method_code
from include.magento.rest.customer_writes import CustomerWrites
from include.magento.rest.faults import Unaccepted, has_no_route
from include.magento.rest.order_writes import OrderWrites
from include.magento.rest.records import record_of
from include.magento.rest.session import Session
from include.magento.rest.views import StoreViews
from include.magento.writing import Change, Leaving, at_once

_CUSTOMER = (
    "The store refuses the customer's data: most often another customer of the website has the e-mail address; change "
    "it, then ask again."
)
_ADDRESS = (
    "The store refuses the address: names, street, city, country and telephone have to be filled in, postcode and "
    "region where the country has them."
)
_REFUSALS: dict[type, str] = {
    writing.CreateCustomer: _CUSTOMER,
    writing.UpdateCustomer: _CUSTOMER,
    writing.CreateAddress: _ADDRESS,
    writing.UpdateAddress: _ADDRESS,
    carts.CreateCart: "The store did not make a cart: look at its exception log.",
    carts.AddItems: (
        "The store does not put a product into the cart: it is gone, out of stock, or its options are not chosen."
    ),
    carts.ChangeItems: "The store does not change a product in the cart: it is not in it, or not in stock.",
    carts.RemoveItems: "The store does not take a product out of the cart: it is not in it.",
    carts.GiveToCustomer: (
        "The store refuses the cart's customer: most often it has an open cart already, or the website does not share "
        "its customers with that store view."
    ),
    carts.SetAddresses: "The store refuses an address of the cart: a required field is empty.",
    carts.SetShippingMethod: "The shipping method is not available for this cart.",
    carts.SetPaymentMethod: "The payment method is not available for this cart.",
    carts.PlaceOrder: (
        "The store did not place the order: most often something in the cart is out of stock, or an address, the "
        "shipping or the payment method is not accepted."
    ),
}
"""What it means that the store does not accept a change: its own words may hold data."""
_NOT_THERE = (carts.AddItems, carts.ChangeItems, carts.RemoveItems)
"""Changes to which "not found" is said of a product, not of the cart."""


class RestWriter:
    """Changes one Magento 2 store."""

    def __init__(self, session: Session) -> None:
        articles = Articles(session)
        self._session = session
        self._views = StoreViews(session)
        self._view = CartView(session, articles)
        customers = CustomerWrites(session, self._views)
        orders = OrderWrites(session)
        cart = CartWrites(session, self._views, self._view, articles)
        self._ways: dict[type, Callable[[Any], str | None]] = {
            writing.CreateCustomer: customers.create,
            writing.UpdateCustomer: customers.update,
            writing.CreateAddress: customers.create_address,
            writing.UpdateAddress: customers.update_address,
            writing.DeleteAddress: customers.delete_address,
            writing.CreateSubscription: customers.subscribe,
            writing.SetSubscription: customers.set_subscription,
            writing.CommentOrder: orders.comment,
            writing.HoldOrder: orders.hold,
            writing.UnholdOrder: orders.unhold,
            writing.CancelOrder: orders.cancel,
            carts.CreateCart: cart.create,
            carts.AddItems: cart.add,
            carts.ChangeItems: cart.change,
            carts.RemoveItems: cart.remove,
            carts.GiveToCustomer: cart.give_to_customer,
            carts.GiveToGuest: cart.give_to_guest,
            carts.SetAddresses: cart.set_addresses,
            carts.SetShippingMethod: cart.set_shipping_method,
            carts.SetPaymentMethod: cart.set_payment_method,
            carts.ApplyCoupon: cart.apply_coupon,
            carts.RemoveCoupon: cart.remove_coupon,
            carts.PlaceOrder: cart.place_order,
        }

    def write(self, change: Change, *, leaving: Leaving = at_once) -> str | None:
        """Make one change, each of its requests sent once; what the store calls the new record."""
        before = self._session.changes
        try:
            with self._session.before_each_change(leaving):
                return self._ways[type(change)](change)
        except Unaccepted as refusal:
            sentence = _REFUSALS.get(type(change), refusal.summary)
            raise WriteRefused(sentence, details=refusal.details) from None
        except RecordGone:
            if isinstance(change, _NOT_THERE):
                raise WriteRefused(_REFUSALS[type(change)]) from None
            raise
        except OutcomeUnknown:
            raise
        except TransientError as failure:
            if self._session.changes == before:
                raise
            raise OutcomeUnknown(
                "Part of the change was done when the store failed: it is looked up before the rest is tried.",
                details=failure.details,
            ) from None

    def accepts(self, kind: type[Change]) -> str | None:
        """Every Magento 2 store has the calls for all changes; whether the token may use them shows when it does."""
        return None

    def cart(self, cart: CartRef) -> Record:
        """The cart as it is now."""
        return self._view.cart(cart, self._code(cart))

    def shipping_methods(self, cart: CartRef) -> list[Method]:
        """What the store would ship this cart by."""
        return [
            Method(
                code=method_code(row),
                title=" - ".join(str(row[n]) for n in ("carrier_title", "method_title") if row.get(n)),
                price=_money(row.get("amount")),
            )
            for row in self._rows(f"carts/{cart.cart_id}/shipping-methods", cart)
            if row.get("available") == "1"
        ]

    def payment_methods(self, cart: CartRef) -> list[Method]:
        """What this cart can be paid by."""
        rows = self._rows(f"carts/{cart.cart_id}/payment-methods", cart)
        return [Method(code=str(row["code"]), title=str(row.get("title") or row["code"])) for row in rows]

    def totals(self, cart: CartRef) -> list[CartTotal]:
        """What the cart comes to, line by line; the last is the whole."""
        rows = children(self._view.totals(cart, self._code(cart)), "total_segments")
        lines = [(str(row.get("title") or row.get("code") or ""), _money(row.get("value"))) for row in rows]
        return [CartTotal(title=title, amount=amount) for title, amount in lines if amount is not None]

    def agreements(self, cart: CartRef) -> list[Agreement]:
        """Terms that have to be agreed to before the order is placed; none where the shop has no such module."""
        try:
            rows = self._rows("carts/licence", cart)
        except CallRefused as refusal:
            if has_no_route(refusal):
                return []
            raise
        return [
            Agreement(
                agreement_id=str(row["agreement_id"]),
                name=str(row.get("name") or ""),
                content=str(row.get("content") or ""),
            )
            for row in rows
            if row.get("is_active") != "0"
        ]

    def _rows(self, path: str, cart: CartRef) -> list[Record]:
        answer = self._session.ask(path, store=self._code(cart))
        return [record_of(row) for row in answer] if isinstance(answer, list) else []

    def _code(self, cart: CartRef) -> str:
        return self._views.code_of(cart.store_id)


def _money(value: object) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
