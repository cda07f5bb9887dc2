"""What is kept of every record in memory: a few numbers, 30 bytes or so, from which the rest can be made.

Everything else of a record is generated when someone asks. Times are seconds since 1970 (UTC).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

from include.demo_store.clock import DAY
from include.demo_store.generate import oddities

MISSING = -1
"""`updated` of a record whose `updated_at` is NULL; 0 stands for the zero date."""
_FAR_AHEAD = 20 * 365 * DAY


class DateIndex:
    """Ids ordered by a date column; built when first asked after a change."""

    def __init__(self, column: array[int]) -> None:
        self._column = column
        self._sorted: list[tuple[int, int]] | None = None

    def forget(self) -> None:
        """The column has changed."""
        self._sorted = None

    def count(self, low: float, high: float) -> int:
        """How many records have an instant within both bounds."""
        first, last = self._slice(low, high)
        return last - first

    def between(self, low: float, high: float) -> list[int]:
        """Ascending ids whose instant is within both bounds, NULL left out."""
        first, last = self._slice(low, high)
        return sorted(number for _, number in self._pairs()[first:last])

    def _pairs(self) -> list[tuple[int, int]]:
        if self._sorted is None:
            self._sorted = sorted(
                (at, number) for number, at in enumerate(self._column, start=1) if at != MISSING
            )
        return self._sorted

    def _slice(self, low: float, high: float) -> tuple[int, int]:
        pairs = self._pairs()
        return bisect_left(pairs, (low, 0)), bisect_right(pairs, (high, 1 << 62))


class CustomerColumns:
    """One entry per customer, id minus one."""

    def __init__(self) -> None:
        self.created = array("q")
        self.updated = array("q")
        self.deleted: set[int] = set()
        self.by_updated = DateIndex(self.updated)

    def __len__(self) -> int:
        return len(self.created)


class OrderColumns:
    """One entry per order, id minus one."""

    def __init__(self) -> None:
        self.created = array("q")
        self.updated = array("q")
        self.store = array("b")
        self.status = array("b")
        self.customer = array("i")
        self.guest = array("i")
        self.sequence = array("i")
        self.deleted: set[int] = set()
        """Only by hand: a shop never deletes an order by itself."""
        self.by_updated = DateIndex(self.updated)
        self.by_created = DateIndex(self.created)

    def __len__(self) -> int:
        return len(self.created)


def odd_updated(number: int, updated: int) -> int:
    """What stands in an order's `updated` column: a few are NULL, zero or far in the future."""
    if oddities.ORDER_UPDATED_NULL.has(number):
        return MISSING
    if oddities.ORDER_UPDATED_ZERO.has(number):
        return 0
    return updated + _FAR_AHEAD if oddities.ORDER_UPDATED_FUTURE.has(number) else updated
