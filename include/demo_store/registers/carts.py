"""Which carts there are: three in four become orders, and stand open for a while before they do."""

from __future__ import annotations

import heapq
from array import array
from dataclasses import replace

from include.demo_store.chance import base_of, mix
from include.demo_store.clock import ZERO, sql_time
from include.demo_store.columns import DateIndex
from include.demo_store.generate import oddities
from include.demo_store.generate.cart_life import CartStanding, CartStep, bought, left_behind
from include.demo_store.generate.carts import CartHead, never_updated, order_of
from include.demo_store.generate.orders import OrderHead
from include.demo_store.population import Population

_OPEN_FOR = 2.5
"""How many orders are placed between a cart's first line and its order: the ids of carts run ahead of their orders."""


class CartRegister:
    """The carts of one shop up to an instant; `created` and `updated` have one entry per cart, id minus one."""

    def __init__(self, population: Population, seed: int) -> None:
        self.created, self.updated = array("q"), array("q")
        self.by_updated = DateIndex(self.updated)
        self.gone: set[int] = set()
        self.written: set[int] = set()
        """Carts that the API writes into: nothing else happens to them any more."""
        self._population = population
        self._life = base_of(seed, "cart-life")
        self._pending: list[tuple[int, int]] = []
        """Heap of (instant, id): the next thing that will happen to each cart."""

    def __len__(self) -> int:
        return len(self.created)

    def advance(self, now: int) -> set[int]:
        """Lets everything happen up to `now`; returns the ids that were touched."""
        touched: set[int] = set()
        while self._population.sells and (created := self._instant(len(self) + 1)) <= now:
            self.created.append(created)
            self.updated.append(created)
            self._refresh(len(self), now)
            touched.add(len(self))
        while self._pending and self._pending[0][0] <= now:
            _, number = heapq.heappop(self._pending)
            if number not in self.written:
                self._refresh(number, now)
                touched.add(number)
        if touched:
            self.by_updated.forget()
        return touched

    def make(self, now: int) -> int:
        """A cart is made through the API; the id, under which no order is planned.

        The ids before it are left out, as of carts that were cleaned away: orders to come have them.
        """
        while True:
            self.created.append(now)
            self.updated.append(now)
            if not order_of(len(self)):
                break
            self.gone.add(len(self))
        self.write(len(self), now)
        return len(self)

    def write(self, number: int, now: int) -> None:
        """The API writes into a cart."""
        self.written.add(number)
        self.updated[number - 1] = now
        self.by_updated.forget()

    def remove(self, number: int) -> None:
        """Takes a cart out of the shop, as its owner or its cleaning does."""
        self.gone.add(number)

    def _instant(self, number: int) -> int:
        order = order_of(number)
        return self._population.instant_before(order or order_of(number - 1) + 0.5, _OPEN_FOR)

    def _steps(self, number: int) -> list[CartStep]:
        created, order = self.created[number - 1], order_of(number)
        if order:
            return bought(created, self._population.order_instant(order))
        return left_behind(mix(self._life + number), created)

    def _refresh(self, number: int, now: int) -> None:
        steps = self._steps(number)
        stands = CartStanding.of(steps, now)
        self.updated[number - 1] = 0 if never_updated(stands, number) else stands.updated
        if stands.reached("deleted"):
            self.gone.add(number)
        elif len(stands.steps) < len(steps):
            heapq.heappush(self._pending, (steps[len(stands.steps)].at, number))

    def head(self, number: int) -> CartHead:
        """What the cart generator has to know."""
        created, updated = self.created[number - 1], self.updated[number - 1]
        stands = CartStanding.of(self._steps(number), self._population.now)
        order = self._order_head(number, stands)
        owner = order.was_customer_id
        nobody = not owner and not order_of(number) and oddities.CART_WITHOUT_MAIL.has(number)
        not_yet = bool(owner and order.customer_created > created and not stands.reached("placed"))
        return CartHead(
            cart_id=number, created=created, updated=sql_time(updated) if updated else ZERO,
            standing=stands, order=order, becomes_order=bool(order_of(number)), anonymous=nobody or not_yet,
        )  # fmt: skip

    def _order_head(self, number: int, stands: CartStanding) -> OrderHead:
        """The head of the cart's order, its buyer as known when the cart last changed; or that of its like."""
        order = order_of(number)
        head = self._population.head_when_placed(order or order_of(number - 1))
        if stands.reached("placed"):
            return head
        return replace(head, order_id=order or number, created=self.created[number - 1])
