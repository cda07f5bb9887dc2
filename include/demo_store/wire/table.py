"""Finds the ids that filters leave over, without making records that need not be made.

A condition on the id or on an indexed date narrows the candidates; the tests on the remaining columns run in id
order and only as far as the asked page needs, so paging through 200,000 orders does not start over on every page.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator

from include.demo_store.clock import sql_epoch
from include.demo_store.columns import DateIndex
from include.demo_store.shop import Shop
from include.demo_store.wire.filters import Conditions, Kind, Test, as_date, as_number, test_of

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
    "confirmation password_hash gender x_forwarded_for ext_order_id ext_customer_id subscriber_email "
    "subscriber_confirm_code sku name type set url_key code countryCode checkout_method quote_currency_code remote_ip "
    "reserved_order_id order_increment_id".split()
)
_DATE_COLUMNS = frozenset(
    (
        "created_at",
        "updated_at",
        "customer_dob",
        "dob",
        "converted_at",
        "change_status_at",
        "order_created_at",
    )
)
CHEAP_COLUMNS = frozenset(
    (
        "customer_id",
        "order_id",
        "entity_id",
        "created_at",
        "updated_at",
        "store_id",
        "website_id",
        "subscriber_id",
    )
)
"""Columns whose conditions cost so little that the next page may be looked for unasked."""


class UnknownColumn(Exception):
    """A filter names a column that the table does not have."""


class Table:
    """One entity's records as filters see them."""

    id_columns: frozenset[str]
    columns: frozenset[str]
    lowest_id = 1

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self._selections: OrderedDict[str, Selection] = OrderedDict()
        shop.on_change(lambda _: self.forget())

    def forget(self) -> None:
        """Records have changed: what was found is found no longer."""
        self._selections.clear()

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
            (column, test_of(operators, kind_of(column))) for column, operators in conditions.items()
        ]
        for number in self.candidates(conditions):
            if self.exists(number) and all(test(self.value(number, column)) for column, test in tests):
                yield number

    def candidates(self, conditions: Conditions) -> Iterable[int]:
        """Ids among which the matches are, in the order of the list."""
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


def kind_of(column: str) -> Kind:
    """How the database compares a column."""
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
