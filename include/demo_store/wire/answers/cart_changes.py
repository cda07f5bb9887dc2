"""The calls that build a cart and place its order, as a real shop answers them.

What a newcomer would get wrong: a cart is known in its own store view only, and every refusal is a fault with HTTP 200
whose number says what was refused.
"""

from __future__ import annotations

from collections.abc import Callable

from include.demo_store.checkout import Checkout, Refusal
from include.demo_store.generate import oddities, products
from include.demo_store.generate.catalogue import Product
from include.demo_store.generate.customers import Row
from include.demo_store.generate.money import ONE, sql_amount, text
from include.demo_store.shop import Shop
from include.demo_store.stores import STORE_BY_ID
from include.demo_store.wanted import Wanted
from include.demo_store.wire import envelope, render
from include.demo_store.wire.answers.customer_changes import address_fields, missing_in
from include.demo_store.wire.envelope import SoapFault
from include.demo_store.wire.lists import whole_list
from include.demo_store.wire.request import Call, Value

STORE_NOT_EXISTS = SoapFault("1001", "Can not make operation because store is not exists")
_TITLES = {
    "checkmo": "Check / Money order", "purchaseorder": "Purchase Order", "banktransfer": "Bank Transfer Payment",
    "cashondelivery": "Cash On Delivery", "free": "No Payment Information Required",
}  # fmt: skip
_NO_CARDS = '<cc_types xsi:nil="true" xsi:type="ns1:associativeArray"/>\n'
Answer = Callable[[Call], list[bytes]]


class CartChanges:
    """Methods that write carts.

    Args:
        shop: whose.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @property
    def _checkout(self) -> Checkout:
        return self._shop.checkout

    def methods(self) -> dict[str, Answer]:
        """The methods by name."""
        found: dict[str, Answer] = {
            "Create": self._create,
            "Order": self._order,
            "Totals": self._totals,
            "License": lambda call: whole_list(call.method, []) if self._number(call) else [],
            "ProductAdd": self._add,
            "ProductUpdate": self._change,
            "ProductRemove": self._remove,
            "CustomerSet": self._customer,
            "CustomerAddresses": self._addresses,
            "ShippingList": self._shipping_list,
            "ShippingMethod": self._shipping_method,
            "PaymentList": self._payment_list,
            "PaymentMethod": self._payment_method,
            "CouponAdd": lambda call: self._coupon(call, call.text.get("couponCode", "")),
            "CouponRemove": lambda call: self._coupon(call, ""),
        }
        return {f"shoppingCart{name}": _refusing(answer) for name, answer in found.items()}

    def _number(self, call: Call) -> int:
        """The cart's id; a fault where it is not in that store view."""
        number = call.whole_number("quoteId")
        cart = self._shop.cart(number)
        store = call.text.get("storeId", call.text.get("store", "")).strip()
        is_hidden = oddities.CART_HIDDEN.has(number) and self._checkout.cart(number) is None
        if cart is None or cart.row["store_id"] != store or is_hidden:
            raise envelope.QUOTE_NOT_EXISTS
        return number

    def _create(self, call: Call) -> list[bytes]:
        store = STORE_BY_ID.get(int(sql_amount(call.text.get("storeId", "").strip() or "0") / ONE))
        if store is None:
            raise STORE_NOT_EXISTS
        return [f'<quoteId xsi:type="xsd:int">{self._checkout.create(store)}</quoteId>\n'.encode()]

    def _order(self, call: Call) -> list[bytes]:
        number = self._checkout.order(self._number(call))
        return [f'<result xsi:type="xsd:string">{number}</result>\n'.encode()]

    def _totals(self, call: Call) -> list[bytes]:
        lines: list[Row] = [
            {"title": title, "amount": text(amount)}
            for title, amount in self._checkout.totals(self._number(call))
        ]
        return whole_list(call.method, render.plain_rows("shoppingCartTotalsEntity", lines))

    def _add(self, call: Call) -> list[bytes]:
        wanted = [Wanted(_product(item), _qty(item), _is_chosen(item)) for item in _records(call, "products")]
        self._checkout.add(self._number(call), wanted)
        return envelope.YES

    def _change(self, call: Call) -> list[bytes]:
        wanted = [(_product(item), _qty(item)) for item in _records(call, "products")]
        self._checkout.change(self._number(call), wanted)
        return envelope.YES

    def _remove(self, call: Call) -> list[bytes]:
        self._checkout.remove(self._number(call), [_product(item) for item in _records(call, "products")])
        return envelope.YES

    def _customer(self, call: Call) -> list[bytes]:
        number, given = self._number(call), call.records.get("customer", {})
        if given.get("mode") == "customer":
            self._checkout.give_to_customer(number, int(given.get("customer_id") or 0))
        else:
            self._checkout.give_to_guest(number, dict(given))
        return envelope.YES

    def _addresses(self, call: Call) -> list[bytes]:
        number, given = self._number(call), _records(call, "customer")
        if not given:
            raise Refusal(1051, "Customer address data is empty.")
        self._checkout.set_addresses(number, {str(one.get("mode")): self._card(number, one) for one in given})
        return envelope.YES

    def _card(self, number: int, given: dict[str, Value]) -> Row:
        """An address as it was typed, or taken out of the customer's book."""
        if not given.get("address_id"):
            row = address_fields(given)
            if problems := missing_in(row):
                raise Refusal(1052, "\n".join(problems))
            return _blank() | {name: value for name, value in row.items() if name in _blank()}
        wanted = str(given["address_id"])
        owner = self._shop.api.owner_of(int(wanted))
        cart, customer = self._shop.cart(number), self._shop.customer(owner)
        for card in customer.addresses if customer else ():
            if card["customer_address_id"] == wanted:
                if cart is None or cart.row["customer_id"] != str(owner):
                    raise Refusal(1055, "Address is not belong customer")
                return {name: card.get(name) for name in _blank()} | {"customer_address_id": wanted}
        raise Refusal(1053, "Address not exists.")

    def _shipping_list(self, call: Call) -> list[bytes]:
        row: Row = {
            "code": "flatrate_flatrate", "carrier": "flatrate", "carrier_title": "Flat Rate", "method": "flatrate",
            "method_title": "Fixed", "price": text(self._checkout.shipping_price(self._number(call))),
        }  # fmt: skip
        return whole_list(call.method, render.plain_rows("shoppingCartShippingMethodEntity", [row]))

    def _shipping_method(self, call: Call) -> list[bytes]:
        self._checkout.set_method(self._number(call), call.text.get("method", ""))
        return envelope.YES

    def _payment_list(self, call: Call) -> list[bytes]:
        codes = self._checkout.payment_methods(self._number(call))
        rows: list[Row] = [{"code": code, "title": _TITLES[code]} for code in codes]
        items = render.plain_rows("shoppingCartPaymentMethodResponseEntity", rows)
        return whole_list(call.method, [item.replace("</item>", f"{_NO_CARDS}</item>") for item in items])

    def _payment_method(self, call: Call) -> list[bytes]:
        self._checkout.set_payment(self._number(call), dict(call.records.get("method", {})))
        return envelope.YES

    def _coupon(self, call: Call, code: str) -> list[bytes]:
        self._checkout.set_coupon(self._number(call), code)
        return envelope.YES


def _refusing(answer: Answer) -> Answer:
    """Tells refusals as faults."""

    def told(call: Call) -> list[bytes]:
        try:
            return answer(call)
        except Refusal as refusal:
            raise SoapFault(str(refusal.code), str(refusal)) from None

    return told


def _blank() -> Row:
    return dict.fromkeys(
        "firstname lastname middlename prefix suffix company street city region region_id postcode country_id "
        "telephone fax".split()
    )


def _records(call: Call, name: str) -> list[dict[str, Value]]:
    """The records of an array in a call."""
    given = call.values.get(name, [])
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _product(item: dict[str, Value]) -> Product | None:
    wanted = str(item.get("product_id") or "")
    if wanted:
        return products.on_sale(product_id=int(wanted)) if wanted.isdecimal() else None
    if not item.get("sku"):
        raise Refusal(1021, "One item of products do not have identifier or sku")
    return products.on_sale(sku=str(item["sku"]))


def _qty(item: dict[str, Value]) -> int:
    return sql_amount(str(item["qty"])) if item.get("qty") else ONE


def _is_chosen(item: dict[str, Value]) -> bool:
    return bool(item.get("options") or item.get("bundle_option"))
