"""Carts over the API, from an empty one to an order, with the oddities of a real shop.

An order placed twice is made twice, a coupon that does not hold takes away the one there was, and a cart that the API
made is not active. What a newcomer would get wrong: a cart of a shopper can be written into as well; from then on
nothing happens to it by itself, and the order it would have become never comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from include.demo_store.clock import sql_time
from include.demo_store.generate import written_carts
from include.demo_store.generate.carts import Cart, order_of
from include.demo_store.generate.catalogue import Product
from include.demo_store.generate.customers import Row
from include.demo_store.generate.life import Step, standing
from include.demo_store.generate.lines import COUPONS, Line
from include.demo_store.generate.money import sql_amount
from include.demo_store.generate.orders import Buyer, OrderHead, quote_id
from include.demo_store.generate.totals import Delivery
from include.demo_store.generate.written_carts import FLAT_RATE, Put, Sale, WrittenCart
from include.demo_store.registers.all import Changes
from include.demo_store.stores import StoreView
from include.demo_store.taken_over import taken_over
from include.demo_store.wanted import Wanted, not_addable, put_in

if TYPE_CHECKING:
    from include.demo_store.shop import Shop

FIRST_LINE = 900_000_001
"""Id of the first cart line that was written."""
_LINES_PER_CART = 1000
_OF_CUSTOMER = "email prefix firstname middlename lastname suffix taxvat dob".split()


class Refusal(Exception):
    """The shop does not do it; `code` is the API's number."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Checkout:
    """Writes carts and places orders.

    Args:
        shop: whose.
    """

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._written: dict[int, WrittenCart] = {}
        self.sales: dict[int, Sale] = {}
        """What orders that were placed here are made of, by order."""
        self.sold_pieces: dict[int, int] = {}
        """What has left the stock with them, in ten-thousandths, by product."""

    def cart(self, cart_id: int) -> Cart | None:
        """A cart that was written into; None for any other."""
        written = self._written.get(cart_id)
        return None if written is None else written_carts.cart(written, self._head(written))

    def create(self, store: StoreView, *, is_active: bool = False) -> int:
        """An empty cart; the id."""
        now = self._shop.population.now
        number = self._shop.registers.carts.make(now)
        self._written[number] = WrittenCart(
            cart_id=number,
            store=store,
            created=now,
            updated=now,
            next_line=self._next_line,
            is_active=is_active,
        )
        self._saved(self._written[number])
        return number

    def opened(self, cart_id: int) -> WrittenCart:
        """A cart to write into, which has to be there."""
        if cart_id not in self._written:
            self._written[cart_id] = taken_over(self._shop, cart_id, self._next_line)
            self._shop.population.never.add(order_of(cart_id))
        return self._written[cart_id]

    def add(self, cart_id: int, wanted: list[Wanted]) -> None:
        """Put in products; all of them or none."""
        written = self.opened(cart_id)
        puts = [Put(put.product, put.qty, put.choice, list(put.line_ids)) for put in written.puts]
        problems = []
        for one in wanted:
            if one.product is None:
                problems.append("Product does not exist.")
            elif reason := not_addable(one.product, one):
                problems.append(reason)
            else:
                put_in(puts, one.product, one.qty, one.choice or 0)
        before, written.puts = written.puts, puts
        problems += [] if problems else self._missing(written)
        if problems:
            written.puts = before
            raise Refusal(1022, "\n".join(problems))
        self._saved(written)

    def change(self, cart_id: int, wanted: list[tuple[Product | None, int]]) -> None:
        """Other numbers of pieces; 0 takes a product out."""
        written = self.opened(cart_id)
        before = {id(put): put.qty for put in written.puts}
        for product, qty in wanted:
            self._found(written, product, 1024).qty = qty
        if problems := self._missing(written):
            for put in written.puts:
                put.qty = before[id(put)]
            raise Refusal(1024, "\n".join(problems))
        written.puts = [put for put in written.puts if put.qty > 0]
        self._saved(written)

    def remove(self, cart_id: int, wanted: list[Product | None]) -> None:
        """Take products out."""
        written = self.opened(cart_id)
        found = [self._found(written, product, 1026) for product in wanted]
        written.puts = [put for put in written.puts if not any(put is one for one in found)]
        self._saved(written)

    def set_line(self, cart_id: int, line_id: int, qty: int) -> None:
        """Another number of pieces of the product that has this line; 0 takes it out."""
        written = self.opened(cart_id)
        put = next((one for one in written.puts if line_id in one.line_ids[:1]), None)
        if put is None:
            raise Refusal(1026, "The cart has no such line.")
        before, put.qty = put.qty, qty
        if problems := self._missing(written):
            put.qty = before
            raise Refusal(1024, "\n".join(problems))
        written.puts = [one for one in written.puts if one.qty > 0]
        self._saved(written)

    def give_to_customer(self, cart_id: int, customer_id: int) -> None:
        """The cart is a registered customer's."""
        written, customer = self.opened(cart_id), self._shop.customer(customer_id)
        if customer is None:
            raise Refusal(1042, "Customer not exists.")
        written.buyer = {
            "customer_id": str(customer_id), "checkout_method": "customer", "customer_is_guest": "0",
            "customer_group_id": customer.row["group_id"], "customer_tax_class_id": "3",
            "customer_gender": customer.row.get("gender_id"),
            **{f"customer_{name}": customer.row.get(name) for name in _OF_CUSTOMER},
        }  # fmt: skip
        self._saved(written)

    def give_to_guest(self, cart_id: int, guest: Row) -> None:
        """The cart is somebody's without an account; names and address have to be there."""
        written = self.opened(cart_id)
        if not all(guest.get(name) for name in ("email", "firstname", "lastname")):
            raise Refusal(1044, "The first name cannot be empty.")
        written.buyer = {
            "checkout_method": "guest", "customer_is_guest": "1", "customer_group_id": "0",
            "customer_tax_class_id": "3",
            **{f"customer_{name}": guest.get(name) for name in ("email", "firstname", "lastname")},
        }  # fmt: skip
        self._saved(written)

    def set_addresses(self, cart_id: int, cards: dict[str, Row]) -> None:
        """Billing and shipping address, by kind."""
        written = self.opened(cart_id)
        written.billing, written.shipping = (
            cards.get(kind, old)
            for kind, old in (("billing", written.billing), ("shipping", written.shipping))
        )
        self._saved(written)

    def set_method(self, cart_id: int, method: str) -> None:
        """How it is shipped."""
        written = self.opened(cart_id)
        if not written.shipping:
            raise Refusal(1061, "Can not make operation because of customer shipping address is not set")
        if method != FLAT_RATE:
            raise Refusal(1062, "Shipping method is not available")
        written.method = method
        self._saved(written)

    def set_payment(self, cart_id: int, payment: Row) -> None:
        """How it is paid."""
        written = self.opened(cart_id)
        if not written.billing:
            raise Refusal(1072, "Customer`s billing address is not set. Required for payment method data.")
        if payment.get("method") not in self.payment_methods(cart_id):
            raise Refusal(1074, "Payment method is not allowed")
        written.payment = {name: value for name, value in payment.items() if name in ("method", "po_number")}
        self._saved(written)

    def payment_methods(self, cart_id: int) -> tuple[str, ...]:
        """Codes of what the cart can be paid by; nothing but `free` where nothing is to be paid."""
        written = self.opened(cart_id)
        basket, _ = written.basket()
        if basket.lines and not written.sums(basket, base=True).grand_total:
            return ("free",)
        return ("checkmo", "purchaseorder", "banktransfer", "cashondelivery")

    def set_coupon(self, cart_id: int, code: str) -> None:
        """Another coupon, or none; one that does not hold takes away the one there was."""
        written = self.opened(cart_id)
        if not written.puts:
            raise Refusal(1081, "Coupon could not be applied while cart is empty.")
        written.coupon = next((coupon for coupon in COUPONS if coupon.code == code), None)
        self._saved(written)
        if code and written.coupon is None:
            raise Refusal(1083, "Coupon is not valid.")

    def totals(self, cart_id: int) -> list[tuple[str, int]]:
        """What the cart comes to, line by line, in its own currency."""
        written = self.opened(cart_id)
        basket, _ = written.basket()
        sums = written.sums(basket, base=False)
        code = written.coupon.code if written.coupon else ""
        lines = [("Subtotal", sums.subtotal)]
        lines += [(f"Discount ({code})", -sums.discount)] if sums.discount else []
        lines += [("Shipping & Handling (Flat Rate - Fixed)", sums.shipping)] if written.method else []
        return [*lines, ("Tax", sums.tax), ("Grand Total", sums.grand_total)]

    def shipping_price(self, cart_id: int) -> int:
        """What the flat rate is for this cart."""
        written = self.opened(cart_id)
        if not written.shipping:
            raise Refusal(1061, "Can not make operation because of customer shipping address is not set")
        return Delivery.of(written.basket()[0]).amount

    def flat_rate(self, cart_id: int) -> int:
        """What the flat rate would be, whatever is known of the address."""
        return Delivery.of(self.opened(cart_id).basket()[0]).amount

    def order(self, cart_id: int) -> str:
        """An order of the cart, one more each time; its number."""
        written = self.opened(cart_id)
        self._check(written)
        population, carts = self._shop.population, self._shop.registers.carts
        first = len(population.orders) + 1
        number = population.sell(written.store, written.customer_id)
        for taken in range(first, number + 1):  # the carts of orders whose place it took
            if quote_id(taken) not in self._written:
                carts.remove(quote_id(taken))
        self.sales[number] = Sale(
            cart_id=cart_id, puts=tuple(written.puts), coupon=written.coupon, buyer=self._buyer(written),
            payment=dict(written.payment),
        )  # fmt: skip
        for product_id, qty in written_carts.pieces(written.basket()[0].lines).items():
            self.sold_pieces[product_id] = self.sold_pieces.get(product_id, 0) + qty
        written.puts = [Put(put.product, put.qty, put.choice, list(put.line_ids)) for put in written.puts]
        written.order_numbers.append(population.number_of(number))
        written.is_active = False
        self._saved(written)
        self._shop.tell(Changes(orders=set(range(first, number + 1))))
        return written.order_numbers[-1]

    @property
    def _next_line(self) -> int:
        """Id of the first line of the next cart that is written into."""
        return FIRST_LINE + len(self._written) * _LINES_PER_CART

    def _check(self, written: WrittenCart) -> None:
        basket, _ = written.basket()
        is_virtual = bool(basket.lines) and Delivery.of(basket).is_virtual
        problem = None
        if not basket.lines or not written.billing:
            problem = "Please check billing address information."
        elif not is_virtual and not written.shipping:
            problem = "Please check shipping address information."
        elif not is_virtual and not written.method:
            problem = "Please specify a shipping method."
        elif written.payment.get("method") not in self.payment_methods(written.cart_id):
            problem = "Please select a valid payment method."
        elif self._missing(written):
            problem = "Not all products are available in the requested quantity"
        if problem:
            raise Refusal(1008, problem)

    def _missing(self, written: WrittenCart) -> list[str]:
        """What of the cart is not in stock, in words."""
        lines = written.basket()[0].lines
        return [
            f'The requested quantity for "{_named(product_id, lines)}" is not available.'
            for product_id, qty in written_carts.pieces(lines).items()
            if qty > self._in_stock(product_id)
        ]

    def _in_stock(self, product_id: int) -> int:
        product = self._shop.product(product_id)
        return sql_amount(product.stock["qty"]) if product else 0

    def _found(self, written: WrittenCart, product: Product | None, code: int) -> Put:
        for put in written.puts:
            if product is not None and put.product.product_id == product.product_id:
                return put
        raise Refusal(code, "One item of products is not belong any of quote item")

    def _buyer(self, written: WrittenCart) -> Buyer:
        profile: Row = {name.removeprefix("customer_"): value for name, value in written.buyer.items()}
        profile["gender_id"] = written.buyer.get("customer_gender")
        return Buyer(profile, written.billing, written.shipping or None)

    def _saved(self, written: WrittenCart) -> None:
        written.updated = self._shop.population.now
        self._shop.registers.carts.write(written.cart_id, written.updated)
        self._shop.tell(Changes(carts={written.cart_id}))

    def _head(self, written: WrittenCart) -> OrderHead:
        """What the lines of a cart have to know of an order."""
        return OrderHead(
            order_id=written.cart_id, created=written.created, store=written.store, number="", customer_id=0,
            was_customer_id=0, customer_created=0, guest=0,
            standing=standing([Step(written.created, "placed")], written.created), updated=sql_time(written.updated),
        )  # fmt: skip


def _named(product_id: int, lines: list[Line]) -> str:
    return next(line.product.name for line in lines if line.product.product_id == product_id)
