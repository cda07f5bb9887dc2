"""The shop's lists as filters see them: which rows there are, and what stands in a column."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from include.demo_store.clock import ZERO, sql_time
from include.demo_store.columns import MISSING, DateIndex
from include.demo_store.generate import oddities, products
from include.demo_store.generate.customers import Row
from include.demo_store.generate.life import STATE_OF_STATUS, STATUSES
from include.demo_store.population import Population
from include.demo_store.registers.papers import PaperRegister
from include.demo_store.shop import Shop
from include.demo_store.wire.filters import Conditions
from include.demo_store.wire.schema import TYPES
from include.demo_store.wire.table import Selection, Table

_JOINED = frozenset(
    f"{kind}_{part}" for kind in ("billing", "shipping") for part in ("firstname", "lastname", "name")
) | {"firstname", "lastname", "telephone", "postcode"}  # fmt: skip


class Customers(Table):
    """The customer list."""

    id_columns = frozenset(("customer_id", "entity_id"))
    columns = frozenset(field.name for field in TYPES["customerCustomerEntity"]) | {"entity_id", "gender"}

    def indexes(self) -> dict[str, DateIndex]:
        return {"updated_at": self.shop.population.customers.by_updated}

    def highest_id(self) -> int:
        return len(self.shop.population.customers)

    def exists(self, number: int) -> bool:
        return number not in self.shop.population.customers.deleted

    def value(self, number: int, column: str) -> str | None:
        if column in self.id_columns:
            return str(number)
        if column == "updated_at":
            return sql_time(self.shop.population.customers.updated[number - 1])
        customer = self.shop.customer(number)
        return customer.row.get(column) if customer else None


class Orders(Table):
    """The order list of the core."""

    id_columns = frozenset(("order_id", "entity_id"))
    columns = (frozenset(field.name for field in TYPES["salesOrderListEntity"]) - _JOINED) | {"entity_id"}

    def indexes(self) -> dict[str, DateIndex]:
        orders = self.shop.population.orders
        return {"updated_at": orders.by_updated, "created_at": orders.by_created}

    def highest_id(self) -> int:
        return len(self.shop.population.orders)

    def exists(self, number: int) -> bool:
        return number not in self.shop.population.orders.deleted

    def value(self, number: int, column: str) -> str | None:
        quick = _QUICK_ORDER_COLUMNS.get(column)
        return quick(self.shop.population, number) if quick else self.shop.order(number).row.get(column)


def _order_updated(population: Population, number: int) -> str | None:
    updated = population.orders.updated[number - 1]
    if updated == MISSING:
        return None
    return sql_time(updated) if updated else ZERO


def _order_store(population: Population, number: int) -> str | None:
    return None if oddities.ORDER_STORE_NULL.has(number) else str(population.orders.store[number - 1])


def _order_status(population: Population, number: int) -> str | None:
    written = population.written_status.get(number)
    return _led_to(population, number) if written is None else written or None


def _led_to(population: Population, number: int) -> str:
    return STATUSES[population.orders.status[number - 1]]


_QUICK_ORDER_COLUMNS: dict[str, Callable[[Population, int], str | None]] = {
    "order_id": lambda _, number: str(number),
    "entity_id": lambda _, number: str(number),
    "created_at": lambda population, number: sql_time(population.orders.created[number - 1]),
    "updated_at": _order_updated,
    "status": _order_status,
    "state": lambda population, number: STATE_OF_STATUS[_led_to(population, number)],
    "store_id": _order_store,
    "website_id": lambda population, number: str(population.store_of(number).website.website_id),
    "increment_id": lambda population, number: population.number_of(number),
}
"""Columns that are known without making the order."""


class BridgeOrders(Orders):
    """The order list of the bridge: joined with the stores, so orders without a store are not in it."""

    columns = Orders.columns | {"website_id"}

    def exists(self, number: int) -> bool:
        return super().exists(number) and not oddities.ORDER_STORE_NULL.has(number)


class Carts(Table):
    """The bridge's list of carts."""

    id_columns = frozenset(("entity_id",))
    columns = frozenset(field.name for field in TYPES["salesQuoteEntity"])

    def indexes(self) -> dict[str, DateIndex]:
        return {"updated_at": self.shop.registers.carts.by_updated}

    def highest_id(self) -> int:
        return len(self.shop.registers.carts)

    def exists(self, number: int) -> bool:
        return number not in self.shop.registers.carts.gone

    def value(self, number: int, column: str) -> str | None:
        if column in self.id_columns:
            return str(number)
        if column == "updated_at":
            updated = self.shop.registers.carts.updated[number - 1]
            return sql_time(updated) if updated else ZERO
        cart = self.shop.cart(number)
        return cart.row.get(column) if cart else None


class Subscribers(Table):
    """The bridge's list of newsletter subscribers: the newest first, so that new ones shift every page."""

    id_columns = frozenset(("subscriber_id",))
    columns = frozenset(field.name for field in TYPES["newsletterSubscriberEntity"])

    def indexes(self) -> dict[str, DateIndex]:
        return {"change_status_at": self.shop.registers.subscribers.by_changed}

    def highest_id(self) -> int:
        return len(self.shop.registers.subscribers)

    def exists(self, number: int) -> bool:
        return self.shop.registers.subscribers.exists(number)

    def value(self, number: int, column: str) -> str | None:
        if column in self.id_columns:
            return str(number)
        row = self.shop.subscriber(number)
        return row[column] if row else None

    def candidates(self, conditions: Conditions) -> Iterable[int]:
        return reversed(list(super().candidates(conditions)))


class Papers(Table):
    """A list of invoices, shipments or credit memos.

    Args:
        shop: whose.
        kind: name of the register.
        type_: SOAP type of the rows.
        row: makes one.
    """

    def __init__(self, shop: Shop, kind: str, type_: str, row: Callable[[int], Row]) -> None:
        super().__init__(shop)
        self._kind, self._row = kind, row
        own = {"credit_memos": "creditmemo_id", "invoices": "invoice_id", "shipments": "shipment_id"}[kind]
        self.id_columns = frozenset(("entity_id", own))
        self.columns = frozenset(field.name for field in TYPES[type_]) | {"entity_id"}

    @property
    def _register(self) -> PaperRegister:
        register: PaperRegister = getattr(self.shop.registers, self._kind)
        return register

    def indexes(self) -> dict[str, DateIndex]:
        # A paper never changes once it is written, so both dates are one.
        return {"created_at": self._register.by_created, "updated_at": self._register.by_created}

    def highest_id(self) -> int:
        return len(self._register)

    def exists(self, number: int) -> bool:
        return self._register.exists(number)

    def value(self, number: int, column: str) -> str | None:
        if column in self.id_columns:
            return str(number)
        if column in ("created_at", "updated_at"):
            return sql_time(self._register.created[number - 1])
        if column == "order_id":
            return str(self._register.order[number - 1])
        return self._row(number).get(column)


class Products(Table):
    """The product list; filters take any attribute, whether or not the list shows it."""

    id_columns = frozenset(("product_id", "entity_id"))
    columns = frozenset(field.name for field in TYPES["catalogProductReturnEntity"]) | {"entity_id"}

    def select(self, conditions: Conditions) -> Selection:
        """Looked for anew: products change with the clock, and nobody tells."""
        self.forget()
        return super().select(conditions)

    def indexes(self) -> dict[str, DateIndex]:
        return {}

    def highest_id(self) -> int:
        return products.product_ids()[-1]

    def exists(self, number: int) -> bool:
        return self.shop.product(number) is not None

    def value(self, number: int, column: str) -> str | None:
        if column in self.id_columns:
            return str(number)
        product = self.shop.product(number)
        return product.row.get(column) if product else None


class Rows(Table):
    """A list that never changes.

    Args:
        shop: whose.
        rows: all of them by id.
        id_column: its name.
    """

    def __init__(self, shop: Shop, rows: dict[int, Row], id_column: str) -> None:
        super().__init__(shop)
        self._rows = rows
        self.id_columns = frozenset((id_column,))
        self.columns = frozenset(next(iter(rows.values())))

    def indexes(self) -> dict[str, DateIndex]:
        return {}

    def highest_id(self) -> int:
        return max(self._rows)

    def exists(self, number: int) -> bool:
        return number in self._rows

    def value(self, number: int, column: str) -> str | None:
        return self._rows[number][column]
