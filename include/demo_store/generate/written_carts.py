"""Carts that the API has written into, and the orders that came of them.

The products are laid out as lines, priced and taxed by the same code as everybody's, so that they add up in the same
way. What a newcomer would get wrong: a cart that the API made is not active from the start, and nothing says that it
became an order but its `reserved_order_id`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from include.demo_store.chance import generator
from include.demo_store.clock import sql_time
from include.demo_store.generate import cart_lines, totals
from include.demo_store.generate.carts import Cart
from include.demo_store.generate.catalogue import Product
from include.demo_store.generate.customers import Row
from include.demo_store.generate.lines import Basket, Coupon, Line
from include.demo_store.generate.money import text
from include.demo_store.generate.orders import Buyer, Draft, Order, OrderHead, Orders
from include.demo_store.stores import GLOBAL_CURRENCY, StoreView

_UNEVENTFUL = 1
"""Bits whose draws add nothing to an order."""
_OF_PAYMENT = (
    "payment_id parent_id amount_ordered base_amount_ordered shipping_amount base_shipping_amount".split()
)
FLAT_RATE = "flatrate_flatrate"


@dataclass(slots=True)
class Put:
    """A product in a cart, and the ids of the lines it makes."""

    product: Product
    qty: int
    choice: int = 0
    line_ids: list[int] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class WrittenCart:
    """What has been written into a cart."""

    cart_id: int
    store: StoreView
    created: int
    updated: int
    next_line: int
    is_active: bool = False
    puts: list[Put] = field(default_factory=list)
    buyer: Row = field(default_factory=dict)
    """Columns of the cart that tell the buyer, as `customer_email`."""
    billing: Row = field(default_factory=dict)
    shipping: Row = field(default_factory=dict)
    method: str | None = None
    payment: Row = field(default_factory=dict)
    coupon: Coupon | None = None
    order_numbers: list[str] = field(default_factory=list)

    def basket(self) -> tuple[Basket, list[int]]:
        """The priced lines and their ids; a line keeps its id whatever else leaves the cart."""
        basket, ids = Basket(self.store), []
        for put in self.puts:
            first = len(basket.lines)
            basket.put(put.product, put.qty, put.choice)
            for _ in range(first + len(put.line_ids), len(basket.lines)):
                put.line_ids.append(self.next_line)
                self.next_line += 1
            ids += put.line_ids[: len(basket.lines) - first]
        basket.settle(self.coupon)
        return basket, ids

    def shipping_price(self, basket: Basket) -> tuple[int, int]:
        """What sending costs in base and in order currency, once a way is chosen."""
        delivery = totals.Delivery.of(basket)
        return (delivery.base, delivery.amount) if self.method else (0, 0)

    def sums(self, basket: Basket, *, base: bool) -> totals.Sums:
        """What the cart comes to."""
        whole = frozenset(range(len(basket.lines)))
        return totals.sums_of(basket.lines, whole, base, self.shipping_price(basket)[0 if base else 1])

    @property
    def customer_id(self) -> int:
        """Whose cart it is; 0 for a guest's and for nobody's."""
        return int(self.buyer.get("customer_id") or 0)


def pieces(lines: list[Line]) -> dict[int, int]:
    """How many of each product leave the stock, in ten-thousandths: the parts of what has parts."""
    parents = {line.parent for line in lines}
    found: dict[int, int] = {}
    for index, line in enumerate(lines):
        if index not in parents:
            found[line.product.product_id] = found.get(line.product.product_id, 0) + line.qty
    return found


def cart(written: WrittenCart, head: OrderHead) -> Cart:
    """The cart as the database holds it; of the head only store and instant count."""
    basket, ids = written.basket()
    items = cart_lines.rows(0, _Begun(written.created, head), Draft(basket, written.coupon, generator(0)))
    for row, number in zip(items, ids, strict=True):
        parent = row["parent_item_id"]
        row |= {"item_id": str(number), "parent_item_id": None if parent is None else str(ids[int(parent)])}
        row["updated_at"] = sql_time(written.updated)
    weight = text(sum((line.weight or 0) * line.qty // 10000 for line in basket.lines if line.parent is None))
    shipping = _address(written, written.shipping, "shipping")
    if written.shipping:
        shipping["weight"] = weight
    if written.method:
        shipping |= {"shipping_method": written.method, "shipping_description": "Flat Rate - Fixed"}
    payment: Row = {}
    if written.payment:
        at = sql_time(written.updated)
        payment = {
            "payment_id": str(written.cart_id), "created_at": at, "updated_at": at, "cc_exp_month": "0",
            "cc_exp_year": "0", "cc_ss_start_month": "0", "cc_ss_start_year": "0", "additional_information": "a:0:{}",
            **written.payment,
        }  # fmt: skip
    return Cart(
        _header(written, basket), items, _address(written, written.billing, "billing"), shipping, payment
    )


@dataclass(frozen=True, slots=True)
class _Begun:
    created: int
    order: OrderHead


def _header(written: WrittenCart, basket: Basket) -> Row:
    store, site = written.store, written.store.website
    top = [line for line in basket.lines if line.parent is None]
    rate = text(site.rate)
    row: Row = {
        "entity_id": str(written.cart_id), "store_id": str(store.store_id), "created_at": sql_time(written.created),
        "updated_at": sql_time(written.updated), "is_active": str(int(written.is_active)),
        "is_virtual": str(int(bool(top) and totals.Delivery.of(basket).is_virtual)), "is_multi_shipping": "0",
        "items_count": str(len(top)), "items_qty": text(sum(line.qty for line in top)), "orig_order_id": "0",
        "store_to_base_rate": rate, "base_to_global_rate": rate, "store_to_quote_rate": text(store.order_rate),
        "base_to_quote_rate": text(store.order_rate), "base_currency_code": site.base_currency,
        "store_currency_code": site.base_currency, "quote_currency_code": store.order_currency,
        "global_currency_code": GLOBAL_CURRENCY, "grand_total": "0.0000", "base_grand_total": "0.0000",
        "customer_id": "0", "customer_tax_class_id": "0", "customer_group_id": "0", "customer_note_notify": "1",
        "customer_is_guest": "0", "is_changed": "1", "trigger_recollect": "0", "is_persistent": "0",
        "reserved_order_id": written.order_numbers[-1] if written.order_numbers else None, **written.buyer,
    }  # fmt: skip
    if written.coupon:
        row |= {"coupon_code": written.coupon.code, "applied_rule_ids": str(written.coupon.rule_id)}
    for prefix in ("", "base_") if top else ():
        sums = written.sums(basket, base=bool(prefix))
        row |= {
            f"{prefix}grand_total": text(sums.grand_total), f"{prefix}subtotal": text(sums.subtotal),
            f"{prefix}subtotal_with_discount": text(sums.subtotal - sums.discount),
        }  # fmt: skip
    return row


def _address(written: WrittenCart, card: Row, kind: str) -> Row:
    if not card:
        return {"address_type": kind}
    at = sql_time(written.updated)
    buyer = {"customer_id": written.buyer.get("customer_id"), "email": written.buyer.get("customer_email")}
    return {
        **card, **buyer, "address_id": str(written.cart_id * 2 - (kind == "billing")), "created_at": at,
        "updated_at": at, "save_in_address_book": "0", "address_type": kind,
        "same_as_billing": str(int(kind == "shipping")), "free_shipping": "0", "weight": "0.0000",
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """What an order was made of when it was placed."""

    cart_id: int
    puts: tuple[Put, ...]
    coupon: Coupon | None
    buyer: Buyer
    payment: Row

    def order(self, maker: Orders, head: OrderHead) -> Order:
        """The order as of the head's standing."""
        written = WrittenCart(
            cart_id=self.cart_id, store=head.store, created=head.created, updated=head.created, next_line=0,
            puts=[Put(put.product, put.qty, put.choice, list(put.line_ids)) for put in self.puts], coupon=self.coupon,
        )  # fmt: skip
        basket, ids = written.basket()
        made = maker.order(head, Draft(basket, self.coupon, generator(_UNEVENTFUL)), self.buyer)
        made.row |= {"quote_id": str(self.cart_id), "remote_ip": None}
        for row, number in zip(made.items, ids, strict=True):
            row["quote_item_id"] = str(number)
        made.payment = {name: made.payment[name] for name in _OF_PAYMENT} | self.payment
        return made
