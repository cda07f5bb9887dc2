"""Who and what exists: fills the columns up to an instant and finds what changed on the way.

Customers and orders come at an even pace (with quiet nights), the pace that spreads the wanted number over the shop's
past; after the start it simply goes on. Ids ascend with time.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple

from include.demo_store.chance import base_of, mix
from include.demo_store.clock import DAY, sql_time, unwarp, warp
from include.demo_store.clock import ZERO as ZERO_DATE
from include.demo_store.columns import MISSING, CustomerColumns, OrderColumns, odd_updated
from include.demo_store.generate import oddities
from include.demo_store.generate.customers import People
from include.demo_store.generate.life import STATUSES, Step, life, standing, with_written
from include.demo_store.generate.orders import OrderHead
from include.demo_store.stores import STORE_BY_ID, STORE_BY_LOT, StoreView

_ORDERS_PER_DAY, _LONGEST, _SHORTEST = 4, 540, 30
"""A small shop has a short past: better four orders a day for ten months than two a day for eighteen."""
_HEAD_START = 30 * DAY
_US_NUMBERS_FROM = 15
"""From here on one store numbers its orders with letters, as after an extension was installed."""


@dataclass(slots=True)
class News:
    """Ids touched by a move of the clock."""

    customers: set[int] = field(default_factory=set)
    orders: set[int] = field(default_factory=set)
    new_customers: int = 0
    new_orders: int = 0
    deleted_customers: int = 0


class Buying(NamedTuple):
    """Where an order is placed and by whom: a customer's id or a guest's number, the other is 0."""

    store: int
    customer: int
    guest: int


class Population:
    """The records of one shop up to `now`.

    Args:
        people: makes customers; decides about their stores, edits and deletion.
        seed: decides about the rest.
        customers: how many there are at `start`.
        orders: how many there are at `start`.
        start: the clock's first instant.
    """

    def __init__(self, people: People, seed: int, customers: int, orders: int, start: int) -> None:
        self.now = start
        self.customers = CustomerColumns()
        self.orders = OrderColumns()
        self._people = people
        self._bits = base_of(seed, "order")
        self._life = base_of(seed, "life")
        self._times = base_of(seed, "creation")
        self._start, self._wanted_customers, self._wanted_orders = unwarp(start), customers, orders
        self._span = min(_LONGEST, max(_SHORTEST, orders // _ORDERS_PER_DAY)) * DAY
        self._order_gap = self._span / max(orders, 1)
        self._customer_gap = (self._span + _HEAD_START) / max(customers, 1)
        self._numbers: dict[int, list[int]] = {store: [] for store in STORE_BY_ID}
        self.sold: dict[int, Buying] = {}
        """Orders that were placed through the API, by id."""
        self.never: set[int] = set()
        """Orders that will not be: their carts were bought through the API."""
        self.written_steps: dict[int, list[Step]] = {}
        """What somebody did to orders through the API, by order."""
        self.written_status: dict[int, str] = {}
        """Statuses that a comment wrote and no step leads to, by order."""
        self._pending: list[tuple[int, str, int]] = []
        """Heap of (instant, subject, id): the next thing that will happen to each living record."""

    @property
    def sells(self) -> bool:
        """Whether this shop has orders at all."""
        return bool(self._wanted_orders)

    def advance(self, now: int) -> News:
        """Lets everything happen up to `now`; returns what was touched."""
        news = News()
        self.now = now
        self._grow_customers(news)
        self._grow_orders(news)
        while self._pending and self._pending[0][0] <= now:
            _, subject, number = heapq.heappop(self._pending)
            if subject == "order":
                self._refresh_order(number)
                news.orders.add(number)
            elif number not in self.customers.deleted:
                self._refresh_customer(number, news)
        if news.orders:
            self.orders.by_updated.forget()
            self.orders.by_created.forget()
        if news.customers:
            self.customers.by_updated.forget()
        return news

    def _instant(self, number: int, wanted: int, gap: float, salt: int) -> int:
        return warp(self._start - (wanted - number + self._jitter(number, salt)) * gap)

    def _jitter(self, number: int, salt: int) -> float:
        return (mix(self._times + number * 2 + salt) >> 11) / (1 << 53)

    def order_instant(self, number: int) -> int:
        """When an order is placed; also of orders to come."""
        return self._instant(number, self._wanted_orders, self._order_gap, 1)

    def instant_before(self, number: float, gaps: float) -> int:
        """An instant that many order gaps before an order's turn; 2.5 stands between the orders 2 and 3."""
        whole = int(number)
        late = self._jitter(whole, 1) if whole == number else 0.5
        return warp(self._start - (self._wanted_orders - number + late + gaps) * self._order_gap)

    def _customer_instant(self, number: int) -> int:
        base = number
        place = oddities.CUSTOMER_SAME_SECOND
        if 0 <= number % place.step - place.place < oddities.SAME_SECOND_SIZE:
            base = number - (number % place.step - place.place)
        return self._instant(base, self._wanted_customers, self._customer_gap, 0)

    def _grow_customers(self, news: News) -> None:
        if not self._wanted_customers:
            return
        while (created := self._customer_instant(len(self.customers) + 1)) <= self.now:
            self.customers.created.append(created)
            self.customers.updated.append(created)
            news.new_customers += 1
            self._refresh_customer(len(self.customers), news)

    def _refresh_customer(self, number: int, news: News) -> None:
        created = self.customers.created[number - 1]
        news.customers.add(number)
        deleted = self._people.deleted_at(number, created)
        if deleted is not None and deleted <= self.now:
            self.delete_customer(number, news)
            return
        edits = self._people.edits(number, created, self.now)
        self.customers.updated[number - 1] = max(
            created, self._people.last_write(number), *(edit.at for edit in edits if not edit.of_address)
        )
        upcoming = self._people.next_edit(number, created, edits[-1] if edits else None).at
        heapq.heappush(self._pending, (min(upcoming, deleted or upcoming), "customer", number))

    def add_customer(self) -> int:
        """Somebody is made through the API now, before the next one registers; the id."""
        self.customers.created.append(self.now)
        self.customers.updated.append(self.now)
        self.customers.by_updated.forget()
        return len(self.customers)

    def has_no_signs(self, number: int) -> bool:
        """Whether a customer is on no list by themselves: deleted, or made through the API."""
        return number in self.customers.deleted or number in self._people.made

    def delete_customer(self, number: int, news: News) -> None:
        """Deletes a customer now; the orders are touched without a new date."""
        self.customers.deleted.add(number)
        news.deleted_customers += 1
        news.orders |= {index for index, owner in enumerate(self.orders.customer, start=1) if owner == number}

    def _grow_orders(self, news: News) -> None:
        if not self._wanted_orders:
            return
        number = len(self.orders) + 1
        while (created := self.order_instant(number)) <= self.now:
            self._place_order(number, created)
            news.orders.add(number)
            news.new_orders += 1
            if number in self.never:
                self.orders.deleted.add(number)
            if oddities.ORDER_EDITED.has(number) and number > 1:
                self._refresh_order(number - 1)
                news.orders.add(number - 1)
            number += 1

    def _place_order(self, number: int, created: int) -> None:
        orders = self.orders
        store, customer, guest = self.buying(number)
        if not (oddities.ORDER_EDITED.has(number) and number > 1):
            self._numbers[store].append(number)
        for column, value in ((orders.created, created), (orders.updated, created), (orders.store, store),
                              (orders.status, 0), (orders.customer, customer), (orders.guest, guest),
                              (orders.sequence, len(self._numbers[store]))):  # fmt: skip
            column.append(value)
        self._refresh_order(number)

    def sell(self, store: StoreView, customer: int) -> int:
        """An order is placed through the API now, in the place of the next one with nothing odd about it; the id."""
        while oddities.is_odd_order(len(self.orders) + 1):
            self._place_order(len(self.orders) + 1, self.now)
            self.orders.deleted.add(len(self.orders))
        number = len(self.orders) + 1
        self.sold[number] = Buying(store.store_id, customer, 0)
        self._place_order(number, self.now)
        self.orders.by_updated.forget()
        self.orders.by_created.forget()
        return number

    def buying(self, number: int) -> Buying:
        """Who buys where; also of orders to come, so that their carts can be there first."""
        if number in self.sold:
            return self.sold[number]
        orders, index = self.orders, number - 1
        if number <= len(orders):
            return Buying(orders.store[index], orders.customer[index], orders.guest[index])
        if oddities.ORDER_EDITED.has(number) and number > 1:
            return self.buying(number - 1)
        bits = mix(self._bits + number)
        if (bits >> 8 & 15) >= 4 and (
            customer := self._choose_customer(bits >> 16, self.order_instant(number))
        ):
            return Buying(self._people.store_of(customer).store_id, customer, 0)
        # Half as many guests as guest orders: some buy twice.
        return Buying(STORE_BY_LOT[bits & 63].store_id, 0, 1 + (bits >> 16) % max(1, number // 8))

    def _choose_customer(self, bits: int, created: int) -> int:
        """A customer who exists by then, older ones more often; 0 when there is none."""
        known = self._customers_by(created)
        if not known:
            return 0
        chosen = 1 + int(((bits & 0xFFFFFF) / (1 << 24)) ** 1.6 * known)
        deleted = self._people.deleted_at(chosen, self.customer_created(chosen))
        return 0 if deleted is not None and deleted <= created else chosen

    def _customers_by(self, instant: int) -> int:
        """How many customers have registered by an instant, which may be still to come."""
        known = bisect_right(self.customers.created, instant)
        while (
            known >= len(self.customers)
            and self._wanted_customers
            and self._customer_instant(known + 1) <= instant
        ):
            known += 1
        return known

    def customer_created(self, number: int) -> int:
        """When a customer registers; also of customers to come."""
        if number <= len(self.customers):
            return self.customers.created[number - 1]
        return self._customer_instant(number)

    def steps(self, number: int) -> list[Step]:
        """The whole life of an order, future included."""
        # Known from the start: else the order would have been paid before and its papers would vanish.
        edited_at = self.order_instant(number + 1) if oddities.ORDER_EDITED.has(number + 1) else None
        created = self.orders.created[number - 1]
        planned = [Step(created, "placed")] if number in self.sold else life(
            number, mix(self._life + number), created, edited_at=edited_at, mass_update_at=self._mass_update(number),
        )  # fmt: skip
        return with_written(planned, self.written_steps.get(number, []))

    def write_step(self, number: int, step: Step) -> None:
        """Something happens to an order now, by somebody's hand."""
        self.written_steps.setdefault(number, []).append(step)
        self._refresh_order(number)
        self.orders.by_updated.forget()

    def _mass_update(self, number: int) -> int | None:
        place = oddities.ORDER_MASS_UPDATE
        offset = number % place.step - place.place
        if not 0 <= offset < oddities.MASS_UPDATE_SIZE:
            return None
        first = self.order_instant(number - offset)
        return int(first + oddities.MASS_UPDATE_SIZE * self._order_gap + 6 * DAY) // 60 * 60

    def _refresh_order(self, number: int) -> None:
        steps = self.steps(number)
        stands = standing(steps, self.now)
        self.orders.status[number - 1] = STATUSES.index(stands.led_to)
        self.written_status.pop(number, None)
        if stands.status != stands.led_to:
            self.written_status[number] = stands.status
        self.orders.updated[number - 1] = odd_updated(number, stands.updated)
        upcoming = len(stands.steps)
        if upcoming < len(steps):
            heapq.heappush(self._pending, (steps[upcoming].at, "order", number))

    def head(self, number: int) -> OrderHead:
        """What the order generator has to know."""
        orders, index = self.orders, number - 1
        buyer, updated = orders.customer[index], orders.updated[index]
        edited = oddities.ORDER_EDITED.has(number) and number > 1
        replaced = oddities.ORDER_EDITED.has(number + 1) and number < len(orders)
        return OrderHead(
            order_id=number, created=orders.created[index], store=self.store_of(number),
            number=self.number_of(number), customer_id=0 if buyer in self.customers.deleted else buyer,
            was_customer_id=buyer, customer_created=self.customers.created[buyer - 1] if buyer else 0,
            guest=orders.guest[index], standing=standing(self.steps(number), self.now),
            updated=None if updated == MISSING else sql_time(updated) if updated else ZERO_DATE,
            edited_from=(number - 1, self.number_of(number - 1)) if edited else None,
            edited_into=(number + 1, self.number_of(number + 1)) if replaced else None,
        )  # fmt: skip

    def head_when_placed(self, number: int) -> OrderHead:
        """What an order is made of when it is placed; also of orders to come, which have no number yet."""
        created = self.order_instant(number)
        store, customer, guest = self.buying(number)
        return OrderHead(
            order_id=number, created=created, store=STORE_BY_ID[store], customer_id=customer, was_customer_id=customer,
            number=self.number_of(number) if number <= len(self.orders) else "", guest=guest,
            customer_created=self.customer_created(customer) if customer else 0,
            standing=standing([Step(created, "placed")], created), updated=sql_time(created),
        )  # fmt: skip

    def store_of(self, number: int) -> StoreView:
        """The store view an order was placed in, whatever its row says of it."""
        return STORE_BY_ID[self.orders.store[number - 1]]

    def number_of(self, number: int) -> str:
        """The increment id of an order."""
        if oddities.ORDER_EDITED.has(number) and number > 1:
            return self.number_of(number - 1) + "-1"
        store, sequence = self.orders.store[number - 1], self.orders.sequence[number - 1]
        if store == 3 and sequence >= _US_NUMBERS_FROM:
            return f"US-{sequence:08d}"
        return f"{store}{sequence:08d}"

    def order_id_of(self, text: str) -> int | None:
        """The order with an increment id; None when there is none."""
        base = text.removesuffix("-1")
        if base.startswith("US-"):
            store, digits = 3, base[3:]
        else:
            store, digits = int(base[0]) if base[:1].isdecimal() else 0, base[1:]
        numbers = self._numbers.get(store, [])
        if not digits.isdecimal() or not 0 < int(digits) <= len(numbers):
            return None
        found = numbers[int(digits) - 1] + (text != base)
        return found if found <= len(self.orders) and self.number_of(found) == text else None
