"""Carts over REST, from an empty one to an order: an account's own, and guests' under a masked id.

What a newcomer would get wrong: a cart is booked to the store view in the URL it was made through, the `quote_id` in a
line's body says which cart it goes to, and nothing can be repeated. A customer has one active cart, which whoever asks
for a new one is given.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from include.demo_store.checkout import Checkout, Refusal
from include.demo_store.generate import products
from include.demo_store.generate.carts import Cart
from include.demo_store.generate.catalogue import SIZES, Product
from include.demo_store.generate.customers import Row
from include.demo_store.generate.money import sql_amount, text
from include.demo_store.rest import addresses, carts
from include.demo_store.rest.access import OPEN
from include.demo_store.rest.orders import TITLES
from include.demo_store.rest.problems import ApiProblem, no_entity, required
from include.demo_store.rest.reading import Reading
from include.demo_store.rest.routing import Asked, Route, route
from include.demo_store.rest.shapes import Json, number
from include.demo_store.shop import Shop
from include.demo_store.wanted import Wanted
from include.demo_store.wire.answers.customer_changes import address_fields, missing_in

_MANAGE = "Magento_Cart::manage"
_COLUMNS = """firstname lastname middlename prefix suffix company street city region region_id postcode country_id
    telephone fax customer_address_id""".split()
_NO_COUPON = "The coupon code isn't valid. Verify the code and try again."
_NO_PRODUCT = "The product that was requested doesn't exist. Verify the product and try again."
_SIZES = [option for option, _ in SIZES]
OfCart = Callable[[int, Asked], Any]


class CartChanges:
    """Builds carts and places orders.

    Args:
        shop: whose.
        reading: writes carts out.
    """

    def __init__(self, shop: Shop, reading: Reading) -> None:
        self._shop, self._reading = shop, reading
        self._masked: dict[str, int] = {}

    @property
    def _checkout(self) -> Checkout:
        return self._shop.checkout

    def routes(self) -> list[Route]:
        """What it answers."""
        acts: list[tuple[str, str, OfCart]] = [
            ("POST", "/items", self._add), ("PUT", "/items/{id}", self._change),
            ("DELETE", "/items/{id}", self._take_out),
            ("POST", "/billing-address", self._billing), ("GET", "/billing-address", self._billing_now),
            ("POST", "/shipping-information", self._shipping), ("POST", "/estimate-shipping-methods", self._methods),
            ("GET", "/shipping-methods", self._methods), ("GET", "/payment-methods", self._payment_methods),
            ("GET", "/selected-payment-method", self._payment_now), ("PUT", "/selected-payment-method", self._pay),
            ("PUT", "/coupons/{text}", self._coupon), ("GET", "/coupons", self._coupon_now),
            ("DELETE", "/coupons", self._no_coupon), ("PUT", "/order", self._order),
        ]  # fmt: skip
        own = [route(verb, f"carts/{{id}}{path}", _MANAGE, self._of(act)) for verb, path, act in acts]
        guests = [
            route(verb, f"guest-carts/{{text}}{path}", OPEN, self._of(act))
            for verb, path, act in [*acts, ("POST", "/payment-information", self._pay_and_order)]
        ]
        return [
            route("POST", "carts", _MANAGE, self._create),
            route("POST", "customers/{id}/carts", _MANAGE, self._create_for),
            route("POST", "guest-carts", OPEN, self._create_masked),
            route("PUT", "carts/{id}", _MANAGE, self._of(self._assign)),
            route("GET", "guest-carts/{text}", OPEN, self._of(self._whole)),
            route("GET", "guest-carts/{text}/items", OPEN, self._of(lambda n, _: carts.items(self._cart(n)))),
            route("GET", "guest-carts/{text}/totals", OPEN, self._of(lambda n, _: self._totals(n))),
            *own,
            *guests,
        ]

    def _of(self, act: OfCart) -> Callable[[Asked], Any]:
        """With the number of an active cart; refusals in Magento 2's words."""

        def acted(asked: Asked) -> Any:
            key = asked.keys[0]
            found = int(key) if key.isdecimal() else self._masked.get(key, 0)
            cart = self._shop.cart(found)
            if cart is None or cart.row["is_active"] != "1":
                raise no_entity("cartId", key)
            try:
                return act(found, asked)
            except Refusal as refusal:
                raise ApiProblem(400, str(refusal)) from None

        return acted

    def _cart(self, cart_id: int) -> Cart:
        cart = self._shop.cart(cart_id)
        if cart is None:
            raise no_entity("cartId", cart_id)
        return cart

    def _create(self, asked: Asked) -> str:
        return str(self._checkout.create(asked.store, is_active=True))

    def _create_masked(self, asked: Asked) -> str:
        mask = secrets.token_hex(16)
        self._masked[mask] = self._checkout.create(asked.store, is_active=True)
        return mask

    def _create_for(self, asked: Asked) -> int:
        if self._shop.customer(asked.number) is None:
            raise no_entity("customerId", asked.number)
        known = self._open_of(asked.number)
        if known is not None:
            return known
        made = self._checkout.create(asked.store, is_active=True)
        self._checkout.give_to_customer(made, asked.number)
        return made

    def _open_of(self, customer_id: int) -> int | None:
        """The customer's own active cart."""
        for cart in self._shop.carts():
            if cart.row["is_active"] == "1" and cart.row.get("customer_id") == str(customer_id):
                return int(cart.row["entity_id"] or 0)
        return None

    def _assign(self, cart_id: int, asked: Asked) -> bool:
        customer_id = int(asked.body.get("customerId") or 0)
        if self._shop.customer(customer_id) is None:
            raise no_entity("customerId", customer_id)
        if int(self._cart(cart_id).row.get("customer_id") or 0):
            raise ApiProblem(
                400, "The customer can't be assigned to the cart because the cart isn't anonymous."
            )
        if self._open_of(customer_id) is not None:
            said = (
                "The customer can't be assigned to the cart because the customer already has an active cart."
            )
            raise ApiProblem(400, said)
        self._checkout.give_to_customer(cart_id, customer_id)
        return True

    def _whole(self, cart_id: int, _: Asked) -> Json:
        return self._reading.carts.listed(self._cart(cart_id))

    def _totals(self, cart_id: int) -> Json:
        return carts.totals(self._cart(cart_id))

    def _add(self, cart_id: int, asked: Asked) -> Json:
        given = _part(asked.body, "cartItem")
        key = str(given.get("quote_id") or "")
        cart_id = self._masked.get(key) or (int(key) if key.isdecimal() else cart_id)
        sku, qty = str(given.get("sku") or ""), sql_amount(str(given.get("qty") or 1))
        product = products.on_sale(sku=sku)
        if product is None:
            raise ApiProblem(404, _NO_PRODUCT)
        chosen = _part(_part(given, "product_option"), "extension_attributes")
        wanted = Wanted(product, qty, is_chosen=bool(chosen), choice=_choice(product, chosen))
        self._checkout.add(cart_id, [wanted])
        put = next(p for p in self._checkout.opened(cart_id).puts if _is_of(p.product, p.choice, wanted))
        return self._line(cart_id, put.line_ids[0])

    def _change(self, cart_id: int, asked: Asked) -> Json:
        qty = sql_amount(str(_part(asked.body, "cartItem").get("qty") or 0))
        self._set(cart_id, int(asked.keys[1]), qty)
        return self._line(cart_id, int(asked.keys[1]))

    def _take_out(self, cart_id: int, asked: Asked) -> bool:
        self._set(cart_id, int(asked.keys[1]), 0)
        return True

    def _set(self, cart_id: int, line_id: int, qty: int) -> None:
        if not any(line["item_id"] == line_id for line in carts.items(self._cart(cart_id))):
            said = "The %1 Cart doesn't contain the %2 item."
            raise ApiProblem(404, said, [cart_id, line_id])
        self._checkout.set_line(cart_id, line_id, qty)

    def _line(self, cart_id: int, line_id: int) -> Json:
        return next((line for line in carts.items(self._cart(cart_id)) if line["item_id"] == line_id), {})

    def _billing(self, cart_id: int, asked: Asked) -> str:
        given = _part(asked.body, "address")
        self._name(cart_id, given)
        cards = {"billing": _card(given)}
        if asked.body.get("useForShipping"):
            cards["shipping"] = _card(given)
        self._checkout.set_addresses(cart_id, cards)
        return str(cart_id * 2 - 1)

    def _billing_now(self, cart_id: int, _: Asked) -> Json:
        return addresses.of_cart(self._cart(cart_id).billing_address)

    def _name(self, cart_id: int, given: Json) -> None:
        """A guest's e-mail and name are told with the billing address."""
        is_guest = not int(self._cart(cart_id).row.get("customer_id") or 0)
        if is_guest and all(given.get(name) for name in ("email", "firstname", "lastname")):
            self._checkout.give_to_guest(
                cart_id, {n: str(given[n]) for n in ("email", "firstname", "lastname")}
            )

    def _shipping(self, cart_id: int, asked: Asked) -> Json:
        given = _part(asked.body, "addressInformation")
        shipping, billing = _part(given, "shipping_address"), _part(given, "billing_address")
        cards = {"shipping": _card(shipping)}
        if missing_in(cards["shipping"]):
            raise ApiProblem(400, "The shipping address is missing. Set the address and try again.")
        if billing:
            self._name(cart_id, billing)
            cards["billing"] = _card(billing)
        self._checkout.set_addresses(cart_id, cards)
        method = f"{given.get('shipping_carrier_code')}_{given.get('shipping_method_code')}"
        self._checkout.set_method(cart_id, method)
        return {"payment_methods": self._payment_methods(cart_id, asked), "totals": self._totals(cart_id)}

    def _methods(self, cart_id: int, _: Asked) -> list[Json]:
        if not self._cart(cart_id).items:
            return []
        amount = number(text(self._checkout.flat_rate(cart_id)))
        return [{
            "carrier_code": "flatrate", "method_code": "flatrate", "carrier_title": "Flat Rate",
            "method_title": "Fixed", "amount": amount, "base_amount": amount, "available": True, "error_message": "",
            "price_excl_tax": amount, "price_incl_tax": amount,
        }]  # fmt: skip

    def _payment_methods(self, cart_id: int, _: Asked) -> list[Json]:
        return [{"code": code, "title": TITLES[code]} for code in self._checkout.payment_methods(cart_id)]

    def _payment_now(self, cart_id: int, _: Asked) -> Any:
        payment = self._cart(cart_id).payment
        told = {name: payment[name] for name in ("method", "po_number") if payment.get(name)}
        return told or []

    def _pay(self, cart_id: int, asked: Asked) -> str:
        self._checkout.set_payment(cart_id, _payment(_part(asked.body, "method")))
        return str(cart_id)

    def _coupon(self, cart_id: int, asked: Asked) -> bool:
        try:
            self._checkout.set_coupon(cart_id, asked.keys[1])
        except Refusal:
            raise ApiProblem(404, _NO_COUPON) from None
        return True

    def _coupon_now(self, cart_id: int, _: Asked) -> Any:
        return self._cart(cart_id).row.get("coupon_code") or []

    def _no_coupon(self, cart_id: int, _: Asked) -> bool:
        self._checkout.set_coupon(cart_id, "")
        return True

    def _order(self, cart_id: int, asked: Asked) -> str:
        if given := _part(asked.body, "paymentMethod"):
            self._checkout.set_payment(cart_id, _payment(given))
        written = self._checkout.opened(cart_id)
        if missing_in(written.billing):
            raise ApiProblem(400, "Please check the billing address information.")
        number = self._checkout.order(cart_id)
        return str(self._shop.population.order_id_of(number))

    def _pay_and_order(self, cart_id: int, asked: Asked) -> str:
        if not asked.body.get("email"):
            raise required("email")
        billing = _part(asked.body, "billingAddress")
        self._name(cart_id, billing | {"email": asked.body["email"]})
        if billing:
            self._checkout.set_addresses(cart_id, {"billing": _card(billing)})
        return self._order(cart_id, asked)


def _choice(product: Product, chosen: Json) -> int | None:
    """The variant that was chosen, by the value of its option."""
    if product.kind != "configurable":
        return None
    told = {int(one.get("option_value") or 0) for one in chosen.get("configurable_item_options") or []}
    return next((_SIZES.index(option) for option in _SIZES if option in told), None)


def _is_of(product: Product, choice: int, wanted: Wanted) -> bool:
    return product is wanted.product and choice == (wanted.choice or 0)


def _card(given: Json) -> Row:
    """An address as it was sent, which is all there is of it afterwards."""
    told = {name: value for name, value in given.items() if name in _COLUMNS and value is not None}
    blank: Row = dict.fromkeys(_COLUMNS)
    return blank | {name: value or None for name, value in address_fields(told).items()}


def _payment(given: Json) -> Row:
    return {name: str(given[name]) for name in ("method", "po_number") if given.get(name)}


def _part(body: Json, name: str) -> Json:
    part = body.get(name)
    return part if isinstance(part, dict) else {}
