"""The ids that searchCriteria leave over, in the order asked for.

Kept until something changes: who pages by number or by id asks for the same rows again and again. Bounds on the id are
found in what is kept, and bounds on an indexed date are looked up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence

from include.demo_store.clock import sql_epoch
from include.demo_store.rest.conditions import bound_of, test_of
from include.demo_store.rest.criteria import Filter, Sort
from include.demo_store.rest.problems import ApiProblem, internal_error
from include.demo_store.shop import Shop
from include.demo_store.wire.filters import Kind, Test, as_date, as_number
from include.demo_store.wire.table import Table, kind_of

_KEPT = 16
_END_OF_TIME = 1 << 60
_LOWEST = (0, "")
Bounds = tuple[int, int]


class Selections:
    """Finds rows of one table.

    Args:
        shop: whose.
        table: its rows.
        aliases: columns by the names that filters use, where they differ.
        is_eav: whether an unknown name is told instead of breaking the statement.
        is_told: whether rows change only when the shop tells so.
    """

    def __init__(
        self,
        shop: Shop,
        table: Table,
        *,
        aliases: Mapping[str, str] | None = None,
        is_eav: bool = False,
        is_told: bool = True,
    ) -> None:
        self.table = table
        self._aliases = aliases or {}
        self._is_eav, self._is_told = is_eav, is_told
        self._kept: OrderedDict[str, list[int]] = OrderedDict()
        shop.on_change(lambda _: self._kept.clear())

    def ids(self, groups: Sequence[Sequence[Filter]], sorts: Sequence[Sort]) -> Sequence[int]:
        """All that match.

        Raises:
            ApiProblem: a name is unknown.
        """
        for one in (f for group in groups for f in group):
            self._column(one.field)
        by = [(self._column(sort.field), sort.direction == "DESC") for sort in sorts]
        bounds = [group[0] for group in groups if self._is_of_id(group)]
        others = [group for group in groups if not self._is_of_id(group)]
        found = _within(self._matching(others), bounds)
        if by and self.table.id_columns.isdisjoint({by[0][0]}):
            return self._sorted(found, by)
        return found[::-1] if by and by[0][1] else found

    def _matching(self, groups: Sequence[Sequence[Filter]]) -> list[int]:
        """In the order of their ids."""
        key = repr(groups)
        if key in self._kept and self._is_told:
            return self._kept[key]
        found = list(self._found(groups))
        self._kept[key] = found
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return found

    def _found(self, groups: Sequence[Sequence[Filter]]) -> Iterable[int]:
        candidates, rest = self._candidates(groups)
        tests = [[(self._column(f.field), self._test(f)) for f in group] for group in rest]
        table = self.table
        for number in candidates:
            if table.exists(number) and all(
                any(test(table.value(number, column)) for column, test in group) for group in tests
            ):
                yield number

    def _candidates(self, groups: Sequence[Sequence[Filter]]) -> tuple[Iterable[int], list[Sequence[Filter]]]:
        """Ids among which the matches are, and the groups that are not met by all of them."""
        for group in groups:
            if len(group) == 1 and self._lists_ids(group[0]):
                ids = {int(as_number(part)) for part in group[0].value.split(",")}
                there = (number for number in sorted(ids) if 0 < number <= self.table.highest_id())
                return there, [g for g in groups if g is not group]
        for column, index in self.table.indexes().items():
            bounding = [g for g in groups if self._is_bound(g) and self._column(g[0].field) == column]
            if bounding:
                low, high = _bounds((group[0] for group in bounding), _epoch)
                return index.between(low, high), [g for g in groups if g not in bounding]
        return range(self.table.lowest_id, self.table.highest_id() + 1), list(groups)

    def _lists_ids(self, one: Filter) -> bool:
        return one.condition_type == "in" and self._column(one.field) in self.table.id_columns

    def _is_of_id(self, group: Sequence[Filter]) -> bool:
        return self._is_bound(group) and self._column(group[0].field) in self.table.id_columns

    def _is_bound(self, group: Sequence[Filter]) -> bool:
        return len(group) == 1 and bound_of(group[0]) is not None

    def _test(self, one: Filter) -> Test:
        return test_of(one, kind_of(self._column(one.field)))

    def _sorted(self, found: Sequence[int], by: Sequence[tuple[str, bool]]) -> list[int]:
        rows = list(found)
        for column, is_descending in reversed(by):
            rows.sort(key=self._sort_key(column), reverse=is_descending)
        return rows

    def _sort_key(self, column: str) -> Callable[[int], tuple[float, str]]:
        is_number = kind_of(column) is Kind.NUMBER

        def key(number: int) -> tuple[float, str]:
            value = self.table.value(number, column)
            if value is None:
                return _LOWEST
            return (1 + as_number(value), "") if is_number else (1, value.casefold())

        return key

    def _column(self, name: str) -> str:
        column = self._aliases.get(name, name).replace("discount_tax_compensation", "hidden_tax")
        if column in self.table.columns or column in self.table.id_columns:
            return column
        if self._is_eav:
            said = 'The "%1" attribute name is invalid. Reset the name and try again.'
            raise ApiProblem(400, said, [name])
        raise internal_error()


def _within(ids: list[int], bounds: Sequence[Filter]) -> Sequence[int]:
    low, high = _bounds(bounds, lambda value: int(as_number(value)))
    return ids[bisect_left(ids, low) : bisect_right(ids, high)]


def _bounds(filters: Iterable[Filter], read: Callable[[str], int]) -> Bounds:
    """The range that filters on a whole number leave, ends included."""
    low, high = 0, _END_OF_TIME
    for one in filters:
        side, limit = bound_of(one), read(one.value)
        if side in ("low", "above", "both"):
            low = max(low, limit + (side == "above"))
        if side in ("high", "below", "both"):
            high = min(high, limit - (side == "below"))
    return low, high


def _epoch(value: str) -> int:
    return sql_epoch(as_date(value))
