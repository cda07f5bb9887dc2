"""Lists in pages, as `searchCriteria` asks for them: each row written once, and the next page prepared meanwhile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from include.demo_store.registers.all import Changes
from include.demo_store.rest.criteria import Criteria
from include.demo_store.rest.problems import ApiProblem, OutOfMemory, internal_error
from include.demo_store.rest.selections import Selections
from include.demo_store.rest.shapes import Json
from include.demo_store.settings import StoreSettings
from include.demo_store.wire.fragments import Fragments

_RECORDS_AHEAD = 5
_SIZE_UNDER_A_CAP = 20
"""Rows on a page whose size is not said, where the shop caps pages."""
Touched = Callable[[Changes], set[int]]
_ALL = ""


class RestList:
    """One list.

    Args:
        selections: finds its rows.
        make: writes one.
        settings: caps and misbehaviour.
        kind: what its records are called among the fatal ones.
        touched: ids of rows that a change makes stale; None where rows are written anew every time.
    """

    def __init__(
        self,
        selections: Selections,
        make: Callable[[int], Json],
        settings: StoreSettings,
        *,
        kind: str = _ALL,
        touched: Touched | None = None,
    ) -> None:
        self._selections, self._make, self._settings = selections, make, settings
        self._fatal = settings.fatal_ids().get(kind, set())
        self._touched = touched
        self._fragments = Fragments(settings.kept_megabytes << 20)
        self._ahead: Iterator[int] = iter(())

    def answer(self, criteria: Criteria) -> bytes:
        """The page as it is sent.

        Raises:
            ApiProblem: the criteria cannot be met, or a row cannot be had.
            OutOfMemory: the page is too large for the shop.
        """
        rows = self._selections.ids(criteria.groups, criteria.sorts)
        start, size = self._slice(criteria, len(rows))
        page = rows[start : start + size]
        self._survive(page)
        self._ahead = iter(rows[start + size : start + 2 * size]) if self._touched else iter(())
        told = json.dumps(criteria.echo(), ensure_ascii=False).encode()
        items = b",".join(map(self._fragment, page))
        return b'{"items":[%s],"search_criteria":%s,"total_count":%d}' % (items, told, len(rows))

    def row(self, number: int) -> Json | None:
        """A single row; None where there is none."""
        if not 0 < number <= self._selections.table.highest_id():
            return None
        if not self._selections.table.exists(number):
            return None
        self._survive([number])
        return self._make(number)

    def work_ahead(self) -> bool:
        """Writes a few rows of the next page; False when there are none."""
        ahead = [self._fragment(number) for number in islice(self._ahead, _RECORDS_AHEAD)]
        return bool(ahead)

    def forget(self, changes: Changes) -> None:
        """Throws out what has changed."""
        self._ahead = iter(())
        if self._touched:
            self._fragments.forget((_ALL,), self._touched(changes))

    def _slice(self, criteria: Criteria, total: int) -> tuple[int, int]:
        """First row and number of rows of a page."""
        size, cap = criteria.size, self._settings.page_cap
        if cap and size is None:
            size = min(cap, _SIZE_UNDER_A_CAP)
        if cap and size is not None and size > cap:
            raise ApiProblem(400, "Maximum SearchCriteria pageSize is %max", {"max": cap})
        if not size:
            return 0, total
        if size < 0:  # a real shop gives one row
            return 0, 1
        page = max(criteria.page or 1, 1)
        if self._settings.last_page_repeats:
            page = min(page, max(1, -(-total // size)))
        return (page - 1) * size, size

    def _survive(self, page: Sequence[int]) -> None:
        if self._settings.max_rows and len(page) > self._settings.max_rows:
            raise OutOfMemory
        if self._fatal and not self._fatal.isdisjoint(page):
            raise internal_error()

    def _fragment(self, number: int) -> bytes:
        if self._touched is None:
            return self._written(number).encode()
        return self._fragments.get(_ALL, number, self._written)

    def _written(self, number: int) -> str:
        return json.dumps(self._make(number), ensure_ascii=False, separators=(",", ":"))
