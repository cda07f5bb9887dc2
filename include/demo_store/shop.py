"""The demo shop: which records exist at the clock's instant, and each of them in full on demand.

`Shop.orders()` and `Shop.customers()` are the truth for tests: what the shop's database holds, `parent_item_id`
included. Nothing changes but by the clock, so two shops with the same seed, sizes and clock are equal.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache

from include.demo_store.clock import DEFAULT_START, HOUR, ShopClock, sql_time
from include.demo_store.generate import names
from include.demo_store.generate.customers import Customer, People
from include.demo_store.generate.orders import Order, Orders
from include.demo_store.population import Population

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
        self._made = lru_cache(maxsize=_KEPT_ORDERS)(self._make_order)
        self._watchers: list[Callable[[set[int], set[int]], None]] = []
        self._catch_up()

    def on_change(self, watcher: Callable[[set[int], set[int]], None]) -> None:
        """Calls `watcher(customer ids, order ids)` whenever records became different."""
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
        if news.orders or news.customers:
            self._made.cache_clear()
            for watcher in self._watchers:
                watcher(news.customers, news.orders)
        return Tick(
            clock=sql_time(self.population.now), new_customers=news.new_customers,
            changed_customers=len(news.customers) - news.new_customers, deleted_customers=news.deleted_customers,
            new_orders=news.new_orders, changed_orders=len(news.orders) - news.new_orders,
        )  # fmt: skip

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

    def order_ids(self) -> range:
        """Ids of all orders, ascending; orders are never deleted."""
        return range(1, len(self.population.orders) + 1)

    def order(self, order_id: int) -> Order:
        """An order as of now; do not change what you get, it is kept."""
        return self._made(order_id)

    def orders(self) -> Iterator[Order]:
        """All orders as of now, by id."""
        return (self.order(number) for number in self.order_ids())

    def order_by_number(self, number: str) -> Order | None:
        """The order with an increment id, if there is one."""
        order_id = self.population.order_id_of(number)
        return None if order_id is None else self.order(order_id)

    def _make_order(self, order_id: int) -> Order:
        return self._orders.order(self.population.head(order_id))
