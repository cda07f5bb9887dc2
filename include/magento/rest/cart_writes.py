"""Carts of a Magento 2 store, from an empty one to an order, over REST.

Every request goes through the view of its shop, since that is where a cart and its order are booked. What a newcomer
would get wrong: Magento 2 keeps one open cart for each customer. Asked for a new one it answers with that one, so one
that holds something is the buyer's own and is left alone; and giving a guest's cart to a customer pours both together.
"""

from __future__ import annotations

from urllib.parse import quote

from include.magento import cart_changes as carts
from include.magento.door import Record, children
from include.magento.faults import RecordGone, WriteRefused, outcome_unknown
from include.magento.rest.articles import Articles
from include.magento.rest.cart_bodies import Json, known_address, line, number, typed_address
from include.magento.rest.cart_lines import line_of
from include.magento.rest.cart_view import CartView, email_of, shipping_of
from include.magento.rest.criteria import Condition, Filter, query
from include.magento.rest.listing import page_of
from include.magento.rest.session import Session
from include.magento.rest.views import StoreViews

_METHODS = "shipping-methods"


class CartWrites:
    """Changes of carts in one store."""

    def __init__(self, session: Session, views: StoreViews, view: CartView, articles: Articles) -> None:
        self._session = session
        self._views = views
        self._view = view
        self._articles = articles

    def create(self, change: carts.CreateCart) -> str:
        """An empty cart; a customer's own where it is empty."""
        code = self._views.code_of(change.store_id)
        path = "carts" if change.customer_id is None else f"customers/{change.customer_id}/carts"
        if change.customer_id is not None:
            self._refuse_used(change.customer_id, change.store_id)
        made = self._session.write("POST", path, {}, store=code)
        if not isinstance(made, str) or not made.isdecimal():
            raise outcome_unknown(f"POST {path}", "the store's answer names no cart")
        return made

    def add(self, change: carts.AddItems) -> None:
        """One request for each line."""
        for item in change.items:
            sku = self._sku(item)
            article = self._articles.of([sku]).get(sku) if item.options else None
            body = line(item, sku, change.cart.cart_id, article.chooses_by if article else lambda _: False)
            self._write("POST", change.cart, "items", {"cartItem": body})

    def change(self, change: carts.ChangeItems) -> None:
        """One request for each line, by the number it has in the cart."""
        for item, row in self._rows(change.cart, change.items):
            body = {
                "item_id": int(str(row["item_id"])),
                "qty": number(item.qty) if item.qty is not None else 0,
                "quote_id": str(change.cart.cart_id),
            }
            self._write("PUT", change.cart, f"items/{row['item_id']}", {"cartItem": body})

    def remove(self, change: carts.RemoveItems) -> None:
        """One request for each line."""
        for _, row in self._rows(change.cart, change.items):
            self._write("DELETE", change.cart, f"items/{row['item_id']}")

    def give_to_customer(self, change: carts.GiveToCustomer) -> None:
        """A cart of nobody becomes a customer's who has none."""
        self._refuse_used(change.customer_id, change.cart.store_id)
        body = {"customerId": change.customer_id, "storeId": change.cart.store_id}
        self._write("PUT", change.cart, "", body)

    def give_to_guest(self, change: carts.GiveToGuest) -> None:
        """E-mail and name go with the billing address, where a guest's are kept."""
        held = _part(self._raw(change.cart), "billing_address")
        names = {"firstname": change.first_name, "lastname": change.last_name}
        kept = known_address(held, change.email) if held.get("country_id") else {"email": change.email}
        self._write("POST", change.cart, "billing-address", {"address": {**kept, **names}})

    def set_addresses(self, change: carts.SetAddresses) -> None:
        """Shipping first, as the billing address that is used for both, then billing where it is another one."""
        raw = self._raw(change.cart)
        billing, shipping = self._address(change.billing, raw), self._address(change.shipping, raw)
        if raw.get("is_virtual") == "1":
            self._write("POST", change.cart, "billing-address", {"address": billing})
            return
        self._write("POST", change.cart, "billing-address", {"address": shipping, "useForShipping": True})
        if billing != shipping:
            self._write("POST", change.cart, "billing-address", {"address": billing})

    def set_shipping_method(self, change: carts.SetShippingMethod) -> None:
        """With both addresses as the cart has them: they are sent together."""
        raw = self._raw(change.cart)
        email = email_of(raw)
        billing, shipping = _part(raw, "billing_address"), _part(shipping_of(raw), "address")
        carrier, method = self._codes(change)
        information = {
            "shipping_address": known_address(shipping, email),
            "billing_address": known_address(billing, email),
            "shipping_carrier_code": carrier,
            "shipping_method_code": method,
        }
        self._write("POST", change.cart, "shipping-information", {"addressInformation": information})

    def set_payment_method(self, change: carts.SetPaymentMethod) -> None:
        """By a method that needs no card."""
        self._write("PUT", change.cart, "selected-payment-method", {"method": _payment(change)})

    def apply_coupon(self, change: carts.ApplyCoupon) -> None:
        """A code that does not hold is answered like a cart that is not there."""
        try:
            self._write("PUT", change.cart, f"coupons/{_quoted(change.code)}")
        except (RecordGone, WriteRefused):
            raise WriteRefused("The coupon does not hold for this cart.") from None

    def remove_coupon(self, change: carts.RemoveCoupon) -> None:
        """Use no code."""
        self._write("DELETE", change.cart, "coupons")

    def place_order(self, change: carts.PlaceOrder) -> str:
        """The payment goes with it, as it was chosen before; answered with the order's id."""
        payment = self._view.part(change.cart, self._code(change.cart), "selected-payment-method")
        if not payment.get("method"):
            raise WriteRefused("The payment method is not named.")
        told: Json = {name: payment[name] for name in ("method", "po_number") if payment.get(name)}
        if change.agreements:
            told["extension_attributes"] = {"agreement_ids": list(change.agreements)}
        made = self._write("PUT", change.cart, "order", {"paymentMethod": told})
        if not isinstance(made, str) or not made.isdecimal():
            raise outcome_unknown("PUT carts/order", "the store's answer names no order")
        return made

    def _write(self, verb: str, cart: carts.CartRef, what: str, body: object = None) -> object:
        path = f"carts/{cart.cart_id}" + (f"/{what}" if what else "")
        return self._session.write(verb, path, body, store=self._code(cart))

    def _code(self, cart: carts.CartRef) -> str:
        return self._views.code_of(cart.store_id)

    def _raw(self, cart: carts.CartRef) -> Record:
        return self._view.raw(cart, self._code(cart))

    def _sku(self, item: carts.CartItem) -> str:
        return item.sku if item.sku is not None else self._articles.sku_of(item.product_id or 0)

    def _rows(
        self, cart: carts.CartRef, items: tuple[carts.CartItem, ...]
    ) -> list[tuple[carts.CartItem, Record]]:
        """Each item with its line in the cart, found before the first is changed."""
        rows = children(self._view.cart(cart, self._code(cart)), "items")
        return [(item, _found(rows, item)) for item in items]

    def _address(self, address: carts.CartAddress, raw: Record) -> Json:
        email = email_of(raw)
        if address.address_id is None:
            return typed_address(address, email)
        for known in children(_part(raw, "customer"), "addresses"):
            if known.get("id") == str(address.address_id):
                return known_address(known, email, in_book=address.address_id)
        raise WriteRefused("An address for the cart is not in its customer's book.")

    def _codes(self, change: carts.SetShippingMethod) -> tuple[str, str]:
        """Carrier and method apart: either may hold the sign that joins them."""
        path = f"carts/{change.cart.cart_id}/{_METHODS}"
        for row in self._session.ask(path, store=self._code(change.cart)):
            if method_code(row) == change.code:
                return str(row["carrier_code"]), str(row["method_code"])
        raise WriteRefused("The shipping method is not available for this cart.")

    def _refuse_used(self, customer_id: int, store_id: int) -> None:
        """Raise WriteRefused where the customer has an open cart that holds something, or is of another view."""
        mine = [
            Filter("customer_id", Condition.EQUAL, customer_id),
            Filter("is_active", Condition.EQUAL, True),
        ]
        rows, _ = page_of(
            "carts/search", self._session.ask("carts/search", query(mine, sort="entity_id", size=9))
        )
        for row in rows:
            if children(row, "items"):
                raise WriteRefused(
                    f"The customer has cart {row.get('id')} open in the store, and Magento 2 keeps one for each: ask "
                    "for a change of that one."
                )
            if row.get("store_id") != str(store_id):
                raise WriteRefused(
                    f"The customer's open cart {row.get('id')} is of another store view, and Magento 2 keeps one for "
                    "each customer: ask for a change of that one."
                )


def method_code(row: Record) -> str:
    """Code of a way of shipping as orders have it."""
    return f"{row.get('carrier_code')}_{row.get('method_code')}"


def _found(rows: list[Record], item: carts.CartItem) -> Record:
    row = line_of(rows, item)
    if row is None:
        raise WriteRefused("The store does not change a product in the cart: it is not in it.")
    return row


def _payment(change: carts.SetPaymentMethod) -> Json:
    payment = {"method": change.code}
    if change.purchase_order_number is not None:
        payment["po_number"] = change.purchase_order_number
    return payment


def _part(record: Record, name: str) -> Record:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _quoted(code: str) -> str:
    return quote(code, safe="")
