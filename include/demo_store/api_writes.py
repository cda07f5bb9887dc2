"""What the API writes into the shop: people, address books, newsletter entries and the lives of orders.

It takes the next id of its kind, so that ids go on ascending with time; what seed and clock would have made under that
id never comes. What a newcomer would get wrong: who is made here does nothing by
themselves, neither edits nor signs up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from include.demo_store.clock import sql_time
from include.demo_store.generate.address_book import FIRST_WRITTEN, BookChange
from include.demo_store.generate.customers import People, Row
from include.demo_store.generate.life import Remark, Step
from include.demo_store.population import Population
from include.demo_store.registers.all import Changes, Registers

_BLANK_PROFILE = (
    "increment_id email firstname lastname middlename prefix suffix dob taxvat confirmation password_hash gender_id "
    "gender"
).split()


class ApiWrites:
    """Writes single records now.

    Args:
        people, population, registers: of the shop.
        tell: told what became different.
    """

    def __init__(
        self, people: People, population: Population, registers: Registers, tell: Callable[[Changes], None]
    ) -> None:
        self._people, self._population, self._registers, self._tell = people, population, registers, tell
        self._owner_of: dict[int, int] = {}
        """Whose book an address that was written is in."""

    def create_customer(self, fields: Row) -> int:
        """A new customer, whatever the fields hold; the id."""
        at = sql_time(self._population.now)
        number = len(self._population.customers) + 1
        row: Row = dict.fromkeys(_BLANK_PROFILE)
        row |= {"store_id": "0", "website_id": "0", "created_in": "Admin", "group_id": "1", **fields}
        row |= {"customer_id": str(number), "entity_id": str(number), "created_at": at, "updated_at": at}
        self._people.made[number] = row
        self._population.add_customer()
        self._tell(Changes(customers={number}))
        return number

    def write_address(self, customer_id: int, fields: Row, address_id: int | None = None) -> int:
        """Fields of an address in a customer's book, or a new one; the id."""
        number = address_id or FIRST_WRITTEN + len(self._owner_of)
        if address_id is None:
            self._owner_of[number] = customer_id
        self._change_book(customer_id, BookChange(self._population.now, number, fields))
        return number

    def delete_address(self, customer_id: int, address_id: int) -> None:
        """An address leaves the book."""
        self._change_book(customer_id, BookChange(self._population.now, address_id, None))

    def owner_of(self, address_id: int) -> int:
        """Whose book an address is in or was; 0 for nobody's."""
        return self._owner_of.get(address_id, address_id // 4 if address_id < FIRST_WRITTEN else 0)

    def _change_book(self, customer_id: int, change: BookChange) -> None:
        self._people.books.setdefault(customer_id, []).append(change)
        given = change.fields or {}
        if "true" in (given.get("is_default_billing"), given.get("is_default_shipping")):
            # The defaults are the customer's own, so that writing them moves the customer's date.
            customers = self._population.customers
            self._people.written.setdefault(customer_id, []).append((self._population.now, {}))
            customers.updated[customer_id - 1] = max(customers.updated[customer_id - 1], self._population.now)
            customers.by_updated.forget()
        self._tell(Changes(customers={customer_id}))

    def create_subscriber(self, fields: Row, status: int) -> int:
        """A new newsletter entry; the id."""
        register = self._registers.subscribers
        code = hashlib.md5(str(len(register)).encode(), usedforsecurity=False).hexdigest()
        number = register.make({**fields, "subscriber_confirm_code": code}, status, self._population.now)
        self._tell(Changes(subscribers={number}))
        return number

    def change_order(self, order_id: int, kind: str, said: Remark | None = None) -> None:
        """Something happens to an order now: held, unheld, canceled, or a remark with what was said."""
        self._population.write_step(order_id, Step(self._population.now, kind, said))
        self._tell(Changes(orders={order_id}))
