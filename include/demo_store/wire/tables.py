"""Finds the ids that filters leave over, without making records that need not be made.

A condition on the id or on an indexed date narrows the candidates; the tests on the remaining columns run in id
order and only as far as the asked page needs, so paging through 200,000 orders does not start over on every page.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator

from include.demo_store.clock import ZERO, sql_epoch, sql_time
from include.demo_store.columns import MISSING, DateIndex
from include.demo_store.generate import oddities
from include.demo_store.generate.life import STATE_OF_STATUS, STATUSES
from include.demo_store.population import Population
from include.demo_store.shop import Shop
from include.demo_store.wire.filters import Conditions, Kind, Test, as_date, as_number, test_of
from include.demo_store.wire.schema import TYPES

_END_OF_TIME = 1 << 60
_KEPT_SELECTIONS = 16
_NARROWING = {
    "eq": "both", "from": "low", "gteq": "low", "moreq": "low", "gt": "low", "to": "high", "lteq": "high", "lt": "high",
}  # fmt: skip
"""Operators that bound a column, and on which side."""
_TEXT_COLUMNS = frozenset(
    "increment_id store_name remote_ip status state applied_rule_ids global_currency_code base_currency_code "
    "store_currency_code order_currency_code shipping_method shipping_description customer_email customer_firstname "
    "customer_lastname coupon_code protect_code customer_middlename customer_prefix customer_suffix customer_taxvat "
    "discount_description hold_before_state hold_before_status original_increment_id relation_child_real_id "
    "relation_parent_real_id customer_note created_in email firstname middlename lastname prefix suffix taxvat "
    "confirmation password_hash gender x_forwarded_for ext_order_id ext_customer_id".split()
)
_DATE_COLUMNS = frozenset(("created_at", "updated_at", "customer_dob", "dob"))
_JOINED = frozenset(
    f"{kind}_{part}" for kind in ("billing", "shipping") for part in ("firstname", "lastname", "name")
) | {"firstname", "lastname", "telephone", "postcode"}  # fmt: skip


CHEAP_COLUMNS = frozenset(
    ("customer_id", "order_id", "entity_id", "created_at", "updated_at", "store_id", "website_id")
)
"""Columns whose conditions cost so little that the next page may be looked for unasked."""


class UnknownColumn(Exception):
    """A filter names a column that the table does not have."""


class Table:
    """One entity's records as filters see them."""

    id_columns: frozenset[str]
    columns: frozenset[str]

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._selections: OrderedDict[str, Selection] = OrderedDict()
        shop.on_change(lambda _customers, _orders: self._selections.clear())

    def indexes(self) -> dict[str, DateIndex]:
        """Date columns that can be looked up."""
        raise NotImplementedError

    def highest_id(self) -> int:
        """The greatest id there is."""
        raise NotImplementedError

    def exists(self, number: int) -> bool:
        """Whether the list shows this record at all."""
        raise NotImplementedError

    def value(self, number: int, column: str) -> str | None:
        """A record's value in a column."""
        raise NotImplementedError

    def select(self, conditions: Conditions) -> Selection:
        """The ids that match; kept while nothing changes, so that the next page goes on where this one ends."""
        unknown = next((column for column in conditions if column not in self.columns), None)
        if unknown is not None:
            raise UnknownColumn(unknown)
        key = repr(conditions)
        if key not in self._selections:
            self._selections[key] = Selection(self._matching(conditions))
            while len(self._selections) > _KEPT_SELECTIONS:
                self._selections.popitem(last=False)
        return self._selections[key]

    def _matching(self, conditions: Conditions) -> Iterator[int]:
        tests: list[tuple[str, Test]] = [
            (column, test_of(operators, _kind(column))) for column, operators in conditions.items()
        ]
        for number in self._candidates(conditions):
            if self.exists(number) and all(test(self.value(number, column)) for column, test in tests):
                yield number

    def _candidates(self, conditions: Conditions) -> Iterable[int]:
        low, high = 1, self.highest_id()
        for column in self.id_columns & conditions.keys():
            if bounds := _bounds(conditions[column], as_number, high):
                low, high = max(low, int(bounds[0])), min(high, int(bounds[1]))
        for column in self.indexes().keys() & conditions.keys():
            bounds = _bounds(conditions[column], _epoch, _END_OF_TIME)
            index = self.indexes()[column]
            if bounds and index.count(*bounds) < high - low + 1:
                return (number for number in index.between(*bounds) if low <= number <= high)
        return range(low, high + 1)


class Selection:
    """Ids that match, found as far as someone asked."""

    def __init__(self, matching: Iterator[int]) -> None:
        self._matching = matching
        self._found: list[int] = []

    def page(self, page: int, size: int) -> list[int]:
        """The ids of a page; page or size below 1 means all of them, as in the bridge."""
        if page < 1 or size < 1:
            self._found.extend(self._matching)
            return self._found
        wanted = page * size
        while len(self._found) < wanted:
            number = next(self._matching, None)
            if number is None:
                break
            self._found.append(number)
        return self._found[wanted - size : wanted]


def _kind(column: str) -> Kind:
    if column in _DATE_COLUMNS:
        return Kind.DATE
    return Kind.TEXT if column in _TEXT_COLUMNS else Kind.NUMBER


def _epoch(text: str) -> int:
    return sql_epoch(as_date(text))


def _bounds(
    operators: dict[str, str], read: Callable[[str], float], highest: int
) -> tuple[float, float] | None:
    """The range in which matches must lie, ends included; None when the operators give none."""
    low, high = 0.0, float(highest)
    counting = [name for name in ("from", "to") if name in operators] or list(operators)[:1]
    if not counting or not all(name in _NARROWING for name in counting):
        return None
    for name in counting:
        limit = read(operators[name])
        low = limit if _NARROWING[name] != "high" else low
        high = limit if _NARROWING[name] != "low" else high
    return low, high


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
        return True

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


def _order_status(population: Population, number: int) -> str:
    return STATUSES[population.orders.status[number - 1]]


_QUICK_ORDER_COLUMNS: dict[str, Callable[[Population, int], str | None]] = {
    "order_id": lambda _, number: str(number),
    "entity_id": lambda _, number: str(number),
    "created_at": lambda population, number: sql_time(population.orders.created[number - 1]),
    "updated_at": _order_updated,
    "status": _order_status,
    "state": lambda population, number: STATE_OF_STATUS[_order_status(population, number)],
    "store_id": _order_store,
    "website_id": lambda population, number: str(population.store_of(number).website.website_id),
    "increment_id": lambda population, number: population.number_of(number),
}
"""Columns that are known without making the order."""


class BridgeOrders(Orders):
    """The order list of the bridge: joined with the stores, so orders without a store are not in it."""

    columns = Orders.columns | {"website_id"}

    def exists(self, number: int) -> bool:
        return not oddities.ORDER_STORE_NULL.has(number)
