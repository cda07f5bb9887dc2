"""What somebody does to the shop by hand: deletions and edits that do not follow from seed and clock.

Deletions leave no trace on the wire, and an address edit moves neither the customer's `updated_at` nor any order's:
that is why a sync needs sweeps. A tick cannot be undone, and neither can these.
"""

from __future__ import annotations

from collections.abc import Callable

from include.demo_store.generate.customers import Edit, People, Row
from include.demo_store.generate.newsletter import STATUSES
from include.demo_store.population import News, Population
from include.demo_store.registers.all import Changes, Registers

_FIRST_BY_HAND = 3000
"""Edits by hand are numbered from here on, apart from the planned ones."""


class Hand:
    """Changes single records now.

    Args:
        people, population, registers: of the shop.
        tell: told what became different.
    """

    def __init__(
        self, people: People, population: Population, registers: Registers, tell: Callable[[Changes], None]
    ) -> None:
        self._people, self._population, self._registers, self._tell = people, population, registers, tell

    def delete_customer(self, customer_id: int) -> None:
        """Deletes a customer: orders lose the id and keep their date, carts keep both, the subscription goes."""
        customers = self._population.customers
        _must_exist("customer", 0 < customer_id <= len(customers) and customer_id not in customers.deleted)
        news = News(customers={customer_id})
        self._population.delete_customer(customer_id, news)
        self._tell(Changes(customers=news.customers, orders=news.orders))

    def delete_order(self, order_id: int) -> None:
        """Deletes an order with its papers, as extensions do; its cart stays."""
        orders = self._population.orders
        _must_exist("order", 0 < order_id <= len(orders) and order_id not in orders.deleted)
        orders.deleted.add(order_id)
        self._tell(Changes(orders={order_id}))

    def delete_cart(self, cart_id: int) -> None:
        """Deletes a cart; an order that came from it keeps its `quote_id`."""
        carts = self._registers.carts
        _must_exist("cart", 0 < cart_id <= len(carts) and cart_id not in carts.gone)
        carts.remove(cart_id)
        self._tell(Changes(carts={cart_id}))

    def edit_address(self, customer_id: int) -> None:
        """Changes street and telephone of one of a customer's addresses: only the address's date moves."""
        population = self._population
        customers = population.customers
        there = 0 < customer_id <= len(customers) and customer_id not in customers.deleted
        _must_exist("customer with an address", there and self._people.address_count(customer_id) > 0)
        edits = self._people.by_hand.setdefault(customer_id, [])
        edits.append(Edit(population.now, _FIRST_BY_HAND + len(edits), of_address=True))
        self._tell(Changes(customers={customer_id}))

    def update_customer(self, customer_id: int, fields: Row) -> None:
        """Gives fields of a customer other values now, as the API does: the customer's date moves."""
        population = self._population
        customers = population.customers
        _must_exist("customer", 0 < customer_id <= len(customers) and customer_id not in customers.deleted)
        self._people.written.setdefault(customer_id, []).append((population.now, fields))
        customers.updated[customer_id - 1] = max(customers.updated[customer_id - 1], population.now)
        customers.by_updated.forget()
        self._tell(Changes(customers={customer_id}))

    def change_subscription(self, subscriber_id: int, status: int) -> None:
        """Sets a subscriber's status (1 to 4) and with it `change_status_at`."""
        if status not in STATUSES:
            raise ValueError("A subscriber's status is 1, 2, 3 or 4.")
        subscribers = self._registers.subscribers
        _must_exist("subscriber", subscribers.exists(subscriber_id))
        subscribers.change(subscriber_id, status, self._population.now)
        self._tell(Changes(subscribers={subscriber_id}))


def _must_exist(what: str, there: bool) -> None:
    if not there:
        raise ValueError(f"There is no such {what} in the shop: look up an id that its list shows.")
