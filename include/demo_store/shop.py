"""The demo shop: which records exist at the clock's instant, and each of them in full on demand.

`Shop.orders()`, `Shop.carts()` and so on are the truth for tests: what the shop's database holds, `parent_item_id`
included. Only the clock and `shop.hand` change anything: two shops with the same seed, sizes and clock are equal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from include.demo_store.api_writes import ApiWrites
from include.demo_store.checkout import Checkout
from include.demo_store.clock import DEFAULT_START, HOUR, ShopClock, sql_time
from include.demo_store.generate import names, products
from include.demo_store.generate.carts import Cart, Carts
from include.demo_store.generate.credit_memos import CreditMemo, credit_memo
from include.demo_store.generate.customers import Customer, People, Row
from include.demo_store.generate.invoices import Invoice, invoice
from include.demo_store.generate.money import sql_amount, text
from include.demo_store.generate.orders import Draft, Order, Orders
from include.demo_store.generate.products import CatalogueProduct
from include.demo_store.generate.shipments import Shipment, shipment
from include.demo_store.interventions import Hand
from include.demo_store.population import Population
from include.demo_store.registers.all import Changes, Registers

_KEPT_ORDERS = 2000
"""Orders kept as made, so that a list and a page over the same window make each only once (about 60 MB)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """What a move of the clock brought."""

    clock: str
    new_customers: int
    changed_customers: int
    deleted_customers: int
    new_orders: int
    changed_orders: int

    def as_json(self) -> dict[str, str | int]:
        """Plain values, as the control endpoint answers them."""
        return asdict(self)


class Shop:
    """A shop of any size; memory grows by about 60 bytes a record.

    Args:
        customers: registered customers at the start of the clock.
        orders: orders at the start of the clock.
        seed: another seed, another shop.
        clock: an ISO instant (UTC), or "now" for a clock that runs with real time.
    """

    def __init__(
        self, *, customers: int = 300, orders: int = 1200, seed: int = 7, clock: str = DEFAULT_START
    ) -> None:
        names.fill_pools()
        self.clock = ShopClock(clock)
        self.lock = threading.RLock()
        self.people = People(seed)
        self.population = Population(self.people, seed, customers, orders, self.clock.start)
        self._orders = Orders(seed, self.people)
        self.registers = Registers(self.population, seed, self._orders)
        self._carts = Carts(seed, self.people, self._orders)
        self.hand = Hand(self.people, self.population, self.registers, self._tell)
        self.checkout = Checkout(self)
        self.api = ApiWrites(self.people, self.population, self.registers, self._tell)
        self._made = lru_cache(maxsize=_KEPT_ORDERS)(self._make_order)
        self._watchers: list[Callable[[Changes], None]] = []
        self._catch_up()

    def on_change(self, watcher: Callable[[Changes], None]) -> None:
        """Calls `watcher(changes)` whenever records became different."""
        self._watchers.append(watcher)

    def now(self) -> int:
        """The clock's instant; records up to it are there."""
        with self.lock:
            self._catch_up()
            return self.population.now

    def tick(self, hours: float) -> Tick:
        """Moves the clock forward and lets happen what happens until then."""
        with self.lock:
            self._catch_up()
            self.clock.move(int(hours * HOUR))
            return self._catch_up()

    def _catch_up(self) -> Tick:
        news = self.population.advance(self.clock.now())
        changes = self.registers.advance(news)
        if any(changes):
            self._tell(changes)
        return Tick(
            clock=sql_time(self.population.now), new_customers=news.new_customers,
            changed_customers=len(news.customers) - news.new_customers, deleted_customers=news.deleted_customers,
            new_orders=news.new_orders, changed_orders=len(news.orders) - news.new_orders,
        )  # fmt: skip

    def _tell(self, changes: Changes) -> None:
        if changes.orders or changes.customers:
            self._made.cache_clear()
        for watcher in self._watchers:
            watcher(changes)

    def customer_ids(self) -> Iterator[int]:
        """Ids of the customers that exist, ascending."""
        columns = self.population.customers
        return (number for number in range(1, len(columns) + 1) if number not in columns.deleted)

    def customer(self, customer_id: int) -> Customer | None:
        """A customer as of now; None when there is none or no more."""
        columns = self.population.customers
        if not 0 < customer_id <= len(columns) or customer_id in columns.deleted:
            return None
        return self.people.customer(customer_id, columns.created[customer_id - 1], self.population.now)

    def customers(self) -> Iterator[Customer]:
        """All customers as of now, by id."""
        return (customer for number in self.customer_ids() if (customer := self.customer(number)))

    def has_other_customer(self, customer_id: int, email: str, website_id: str | None) -> bool:
        """Whether somebody else in the website has the address; 0: whoever has it is somebody else."""
        wanted = email.strip().lower()
        return any(
            (other.row["email"] or "").strip().lower() == wanted
            and other.row["website_id"] == website_id
            and other.row["customer_id"] != str(customer_id)
            for other in self.customers()
        )

    def order_ids(self) -> Sequence[int]:
        """Ids of the orders that exist, ascending."""
        gone = self.population.orders.deleted
        every = range(1, len(self.population.orders) + 1)
        return [number for number in every if number not in gone] if gone else every

    def order(self, order_id: int) -> Order:
        """An order as of now; do not change what you get, it is kept."""
        return self._made(order_id)

    def orders(self) -> Iterator[Order]:
        """All orders as of now, by id."""
        return (self.order(number) for number in self.order_ids())

    def order_by_number(self, number: str) -> Order | None:
        """The order with an increment id, if there is one."""
        order_id = self.population.order_id_of(number)
        if order_id is None or order_id in self.population.orders.deleted:
            return None
        return self.order(order_id)

    def cart(self, cart_id: int) -> Cart | None:
        """A cart as of now; None when there is none or no more."""
        register = self.registers.carts
        if not 0 < cart_id <= len(register) or cart_id in register.gone:
            return None
        return self.checkout.cart(cart_id) or self._carts.cart(register.head(cart_id))

    def carts(self) -> Iterator[Cart]:
        """All carts as of now, by id."""
        every = range(1, len(self.registers.carts) + 1)
        return (cart for number in every if (cart := self.cart(number)))

    def subscriber(self, subscriber_id: int) -> Row | None:
        """A newsletter subscriber as of now; None when there is none or no more."""
        register = self.registers.subscribers
        if not register.exists(subscriber_id):
            return None
        return register.row(subscriber_id, self.people)

    def subscribers(self) -> Iterator[Row]:
        """All newsletter subscribers as of now, by id."""
        every = range(1, len(self.registers.subscribers) + 1)
        return (row for number in every if (row := self.subscriber(number)))

    def credit_memo(self, memo_id: int) -> CreditMemo | None:
        """A credit memo; None when there is none or no more."""
        register = self.registers.credit_memos
        return credit_memo(register.occasion(memo_id)) if register.exists(memo_id) else None

    def credit_memos(self) -> Iterator[CreditMemo]:
        """All credit memos, by id."""
        every = range(1, len(self.registers.credit_memos) + 1)
        return (memo for number in every if (memo := self.credit_memo(number)))

    def invoice(self, invoice_id: int) -> Invoice | None:
        """An invoice; None when there is none or no more."""
        register = self.registers.invoices
        return invoice(register.occasion(invoice_id)) if register.exists(invoice_id) else None

    def invoices(self) -> Iterator[Invoice]:
        """All invoices, by id."""
        every = range(1, len(self.registers.invoices) + 1)
        return (made for number in every if (made := self.invoice(number)))

    def shipment(self, shipment_id: int) -> Shipment | None:
        """A shipment; None when there is none or no more."""
        register = self.registers.shipments
        return shipment(register.occasion(shipment_id)) if register.exists(shipment_id) else None

    def shipments(self) -> Iterator[Shipment]:
        """All shipments, by id."""
        every = range(1, len(self.registers.shipments) + 1)
        return (made for number in every if (made := self.shipment(number)))

    def product(self, product_id: int) -> CatalogueProduct | None:
        """A product as of now; None when there is none or no more."""
        found = products.product(product_id, self.population.now)
        if found and (sold := self.checkout.sold_pieces.get(product_id)):
            left = max(0, sql_amount(found.stock["qty"]) - sold)
            found.stock |= {"qty": text(left), "is_in_stock": str(int(left > 0))}
        return found

    def products(self) -> Iterator[CatalogueProduct]:
        """All products as of now, by id."""
        return (made for number in products.product_ids() if (made := self.product(number)))

    def _make_order(self, order_id: int) -> Order:
        head, sale = self.population.head(order_id), self.checkout.sales.get(order_id)
        return sale.order(self._orders, head) if sale else self._orders.order(head)

    def cart_draft(self, cart_id: int) -> Draft:
        """The priced lines of a cart that nobody has written into."""
        return self._carts.draft(self.registers.carts.head(cart_id))

    def tell(self, changes: Changes) -> None:
        """Says that records became different."""
        self._tell(changes)
