"""Carts as JSON, and their totals in an answer of their own.

What a newcomer would get wrong: only an active cart has lines and totals, the price of a line is in base currency, and
`grand_total` of the totals leaves the tax out; that of the segments does not.
"""

from __future__ import annotations

from include.demo_store.generate.carts import Cart
from include.demo_store.generate.customers import Row
from include.demo_store.generate.money import sql_amount, text
from include.demo_store.rest import addresses, order_lines
from include.demo_store.rest.customers import CustomerAnswers
from include.demo_store.rest.shapes import Json, Shape, number, without_nulls

_HEADER = Shape(
    sources={"id": "entity_id"},
    i="id items_count orig_order_id customer_tax_class_id store_id",
    n="items_qty",
    b="is_active is_virtual customer_note_notify",
    s="created_at updated_at reserved_order_id customer_note",
)
_CURRENCY = Shape(
    s="global_currency_code base_currency_code store_currency_code quote_currency_code",
    n="base_to_global_rate base_to_quote_rate",
)
_LINE = Shape(sources={"price": "base_price"}, i="item_id", n="qty price", s="sku name product_type")
_TOTALS_LINE = Shape(
    i="item_id",
    n="price base_price qty row_total base_row_total row_total_with_discount tax_amount base_tax_amount tax_percent "
    "discount_amount base_discount_amount discount_percent price_incl_tax base_price_incl_tax row_total_incl_tax "
    "base_row_total_incl_tax",
    s="name",
)
_NOTHING_OF = """shipping_discount_amount base_shipping_discount_amount shipping_tax_amount
    base_shipping_tax_amount""".split()


class CartAnswers:
    """Writes carts out.

    Args:
        customers: writes their buyers out.
    """

    def __init__(self, customers: CustomerAnswers) -> None:
        self._customers = customers

    def listed(self, cart: Cart) -> Json:
        """A whole cart."""
        row = cart.row
        customer = self._customers.listed(int(row.get("customer_id") or 0))
        found = _HEADER.fill(row) | {
            "customer": customer,
            "billing_address": addresses.of_cart(cart.billing_address),
            "currency": _CURRENCY.fill(row) | {"store_to_base_rate": 0, "store_to_quote_rate": 0},
            "customer_is_guest": not int(row.get("customer_id") or 0),
        }
        if row["is_active"] == "1":
            shipping = {
                "address": addresses.of_cart(cart.shipping_address),
                "method": cart.shipping_address.get("shipping_method"),
            }
            lines = items(cart)
            assigned = [] if found["is_virtual"] else [{"shipping": shipping, "items": lines}]
            found |= {"items": lines, "extension_attributes": {"shipping_assignments": assigned}}
        return found


def items(cart: Cart) -> list[Json]:
    """The lines that a shopper sees."""
    return [
        _LINE.fill(row) | {"quote_id": cart.row["entity_id"]} | without_nulls(product_option=_option(row))
        for row in _visible(cart)
    ]


def totals(cart: Cart) -> Json:
    """What a cart comes to."""
    row = cart.row
    found: Json = dict.fromkeys(_NOTHING_OF, 0)
    sums = {base: Sums(cart, base) for base in ("", "base_")}
    for base, one in sums.items():
        found |= {f"{base}{name}": number(text(amount)) for name, amount in one.amounts.items()}
    found["grand_total"] = number(text(sums[""].grand_total - sums[""].tax))
    del found["base_subtotal_incl_tax"]
    return found | without_nulls(coupon_code=row.get("coupon_code")) | {
        "weee_tax_applied_amount": None,
        "base_currency_code": row["base_currency_code"],
        "quote_currency_code": row["quote_currency_code"],
        "items_qty": number(row["items_qty"] or "0"),
        "items": [_totals_line(line) for line in _visible(cart)],
        "total_segments": _segments(sums[""], row.get("coupon_code")),
    }  # fmt: skip


class Sums:
    """What a cart comes to in one currency, in ten-thousandths."""

    def __init__(self, cart: Cart, base: str) -> None:
        row = cart.row
        self.grand_total, self.subtotal, discounted = (
            sql_amount(row.get(f"{base}{name}"))
            for name in ("grand_total", "subtotal", "subtotal_with_discount")
        )
        self.tax = sum(sql_amount(line.get(f"{base}tax_amount")) for line in _visible(cart))
        self.discount = self.subtotal - discounted
        self.shipping = self.grand_total - self.tax - discounted

    @property
    def amounts(self) -> dict[str, int]:
        """By the names of the totals."""
        return {
            "grand_total": self.grand_total,
            "subtotal": self.subtotal,
            "discount_amount": -self.discount,
            "subtotal_with_discount": self.subtotal - self.discount,
            "shipping_amount": self.shipping,
            "shipping_incl_tax": self.shipping,
            "tax_amount": self.tax,
            "subtotal_incl_tax": self.subtotal + self.tax,
        }


def _segments(sums: Sums, coupon: str | None) -> list[Json]:
    discount = [("discount", f"Discount ({coupon})", -sums.discount)] if sums.discount else []
    lines = [
        ("subtotal", "Subtotal", sums.subtotal),
        *discount,
        ("shipping", "Shipping & Handling", sums.shipping),
        ("tax", "Tax", sums.tax),
        ("grand_total", "Grand Total", sums.grand_total),
    ]
    more: dict[str, Json] = {
        "tax": {"extension_attributes": {"tax_grandtotal_details": []}},
        "grand_total": {"area": "footer"},
    }
    return [
        {"code": code, "title": title, "value": number(text(amount)), **more.get(code, {})}
        for code, title, amount in lines
    ]


def _visible(cart: Cart) -> list[Row]:
    """Lines without those that belong to another one."""
    return [row for row in cart.items if row["parent_item_id"] is None]


def _totals_line(row: Row) -> Json:
    return _TOTALS_LINE.fill(row) | {
        "options": "[]",
        "weee_tax_applied_amount": None,
        "weee_tax_applied": None,
    }


def _option(row: Row) -> Json | None:
    option = order_lines.option_of(row["product_id"], row["sku"], row["product_type"])
    return None if option is None else {"extension_attributes": option}
