"""A list read from its lowest number to its greatest, each row once, whatever happens to the shop meanwhile.

Pages are asked for by what lies above the last number, never by page: rows that change move between numbered pages,
and old releases give the last page again to whoever asks for one behind it. Each answer says how many rows there are
from there on, so a row that the store counts and does not give is noticed. A page the store breaks on is asked for
again smaller, down to the one record that breaks it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import NamedTuple

from include.errors import DataError
from include.magento.door import (
    ChangedSince,
    Created,
    Everything,
    Guesses,
    IdRange,
    Ids,
    Record,
    Selection,
    Unnumbered,
    Unreadable,
)
from include.magento.faults import CALL_FAILURES, RecordGone
from include.magento.rest.broken_row import first_broken
from include.magento.rest.criteria import IDS_PER_CALL, Condition, Filter, query
from include.magento.rest.faults import PageTooLarge
from include.magento.rest.reading import RestReading
from include.magento.rest.records import parsed_page, record_of
from include.magento.rest.session import ATTEMPTS, FEW_ATTEMPTS, Session

_NOBODY = 0
_BELOW_ALL = -1
"""The group of visitors who are not logged in has the number 0."""
_GREATEST = 2**32 - 1
"""Ids are unsigned and of four bytes."""
log = logging.getLogger(__name__)


class _Rows(NamedTuple):
    """The next rows, how many there are from there on, and how many were asked for."""

    rows: list[Record]
    total: int
    size: int


class Listing:
    """Reads the list of one entity.

    Args:
        session: the store.
        reading: the entity's declaration.
        page_size: records asked for in one call; fewer where the reading or the store says so.
    """

    def __init__(self, session: Session, reading: RestReading, page_size: int) -> None:
        self._session = session
        self._reading = reading
        self._page_size = min(page_size, reading.most_per_page)

    def rows(self, selection: Selection) -> Iterator[Record | Unreadable]:
        """Each selected row once; unreadable ones in between."""
        match selection:
            case IdRange(low=low, high=high):
                yield from self._above(low, [self._bound(high)], high)
            case Ids(ids=(number,)) if self._reading.single:
                yield from self._single(self._reading.single, number)
            case Ids(ids=ids):
                yield from self._by_ids(sorted(set(ids)))
            case ChangedSince(since=since, until=until):
                yield from self._changed(since, until)
            case Created(since=since, until=until):
                yield from self._created(since, until)
            case Everything():
                yield from self._above(_BELOW_ALL, [])
            case Guesses() | Unnumbered():
                raise TypeError("what can be listed need not be guessed, and has numbers")

    def greatest_number(self) -> int:
        """The greatest number there is, 0 for an empty list."""
        try:
            rows = self._page([], 1, FEW_ATTEMPTS, is_descending=True)[0]
        except CALL_FAILURES:
            self.check()
            return self._greatest_broken()
        return max(map(self.number_of, rows), default=_NOBODY)

    def find(self, name: str, values: Sequence[str]) -> list[Record]:
        """The rows whose field is one of these values, whatever their case."""
        name, told_as = self._reading.found_by.get(name, (name, name))
        wanted = {value.strip().casefold() for value in values}
        asked = [Filter(name, Condition.ONE_OF, tuple(values))]
        if len(values) == 1:  # a value with a comma would be two in a list
            asked = [Filter(name, Condition.EQUAL, values[0])]
        rows = [row for row in self._above(_NOBODY, asked) if not isinstance(row, Unreadable)]
        kept = [row for row in rows if str(row.get(told_as)).strip().casefold() in wanted]
        self._session.tally.unasked += len(rows) - len(kept)
        return kept

    def number_of(self, row: Record) -> int:
        """The number by which rows are asked for.

        Raises:
            DataError: the row has none.
        """
        value = row.get(self._reading.order_by)
        if not isinstance(value, str) or not value.isdecimal():
            raise DataError(
                f"The store sends rows of {self._reading.path} without {self._reading.order_by}: an extension "
                "changes its REST API, look at its plugins.",
            )
        return int(value)

    def check(self) -> None:
        """Ask for nothing; raises where the list cannot be had."""
        self._page([Filter(self._reading.filter_id, Condition.EQUAL, _NOBODY)], 1, ATTEMPTS)

    def _by_ids(self, ids: Iterable[int]) -> Iterator[Record | Unreadable]:
        remaining = iter(ids)
        while chunk := list(islice(remaining, IDS_PER_CALL)):
            some = Filter(self._reading.filter_id, Condition.ONE_OF, tuple(chunk))
            yield from self._above(_NOBODY, [some], chunk[-1])

    def _single(self, path: str, number: int) -> Iterator[Record | Unreadable]:
        try:
            yield record_of(self._session.ask(path.format(id=number), store=self._reading.store))
        except RecordGone:
            return
        except CALL_FAILURES as failure:
            self.check()
            yield Unreadable(id=number, reason=failure.summary)

    def _changed(self, since: datetime, until: datetime | None) -> Iterator[Record | Unreadable]:
        stamp = self._reading.updated_field
        if (
            stamp is None
        ):  # nothing tells what has changed: the newest window reads all, others have nothing to add
            yield from self._above(_NOBODY, []) if until is None else ()
        else:
            yield from self._above(_NOBODY, _between(stamp, since, until))

    def _created(self, since: datetime | None, until: datetime | None) -> Iterator[Record | Unreadable]:
        stamp = self._reading.created_field
        if stamp is None or (since is None and until is None):
            yield from self._above(_NOBODY, [])
            return
        yield from self._above(_NOBODY, _between(stamp, since, until))
        if since is None:
            yield from self._above(_NOBODY, [Filter(stamp, Condition.IS_NULL, 1)])

    def _above(
        self, last: int, filters: Sequence[Filter], high: int | None = None
    ) -> Iterator[Record | Unreadable]:
        """All rows above a number, none of them above `high`.

        A store counts after it has listed. So a count proves neither that nothing is behind a full page (a row of it
        may have left the filter since) nor that something is missing from an empty one (a row may have come): both
        are asked for once more.
        """
        size, is_recounted = self._page_size, False
        while True:
            found = self._next(last, filters, size)
            if isinstance(found, Unreadable):
                yield found
                last, size = int(found.id), self._page_size
                continue
            if not found.rows:
                if not found.total or is_recounted:
                    self._assure_complete(found.total)
                    return
                is_recounted = True
                continue
            yield from found.rows
            last, is_recounted = self._last_of(found.rows, last), False
            is_short = found.total <= len(found.rows) < found.size
            if is_short or last == high:
                return
            size = min(found.size * 2, self._page_size)

    def _next(self, last: int, filters: Sequence[Filter], size: int) -> _Rows | Unreadable:
        """The rows right above a number, as many as the store can give at once, or the one it cannot give."""
        attempts, is_puzzling = ATTEMPTS, False
        asked = [*filters, Filter(self._reading.filter_id, Condition.GREATER, last)]
        while True:
            try:
                return _Rows(*self._page(asked, size, attempts), size)
            except PageTooLarge as limit:
                if limit.most >= size:
                    raise
                self._page_size = size = limit.most
            except CALL_FAILURES as failure:
                self.check()  # a store that is down blames no record
                attempts = FEW_ATTEMPTS
                if size > 1:
                    size //= 2
                    log.warning("%s fails, asking for pages of %d", self._reading.path, size)
                    continue
                number = first_broken(last, partial(self._breaks, last, filters))
                if number is not None:
                    return Unreadable(id=number, reason=failure.summary)
                if is_puzzling:
                    raise
                is_puzzling = True

    def _page(
        self, filters: Sequence[Filter], size: int, attempts: int, *, is_descending: bool = False
    ) -> tuple[list[Record], int]:
        """The first rows that meet all filters, and how many there are in all."""
        asked = query(
            filters,
            sort=self._reading.filter_id,
            size=size,
            is_descending=is_descending,
            fields=self._reading.fields,
        )
        path, store = self._reading.path, self._reading.store
        return page_of(path, self._session.ask(path, asked, store=store, attempts=attempts, read=parsed_page))

    def _breaks(self, low: int, filters: Sequence[Filter], high: int) -> bool:
        """Whether the first row in `low < number <= high` cannot be had."""
        bounds = [Filter(self._reading.filter_id, Condition.GREATER, low), self._bound(high)]
        try:
            self._page([*filters, *bounds], 1, FEW_ATTEMPTS)
        except CALL_FAILURES:
            return True
        return False

    def _greatest_broken(self) -> int:
        """The greatest number where its own row cannot be had."""
        low, step = _NOBODY, 1
        while self._has_above(low + step):
            low, step = low + step, step * 2
            if low > _GREATEST:
                raise DataError(
                    f"The store's list {self._reading.path} breaks or has rows above any number that Magento gives: "
                    "look at its logs, and at extensions that change its REST API."
                )
        high = low + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._has_above(middle) else (low, middle)
        return high

    def _has_above(self, number: int) -> bool:
        try:
            asked = [Filter(self._reading.filter_id, Condition.GREATER, number)]
            return bool(self._page(asked, 1, FEW_ATTEMPTS)[0])
        except CALL_FAILURES:
            return True

    def _bound(self, high: int) -> Filter:
        return Filter(self._reading.filter_id, Condition.AT_MOST, high)

    def _last_of(self, rows: Sequence[Record], last: int) -> int:
        """The number to go on above; a page out of order, or from before it, would lose rows."""
        numbers = list(map(self.number_of, rows))
        if numbers[0] <= last or numbers != sorted(set(numbers)):
            raise DataError(
                f"The store's list {self._reading.path} does not go by {self._reading.filter_id} as it is asked to, "
                "so rows would be lost: an extension changes its REST API, look at its plugins."
            )
        return numbers[-1]

    def _assure_complete(self, total: int) -> None:
        if total:
            raise DataError(
                f"The store counts {total} more records in {self._reading.path} than it lists: an extension leaves "
                "some out, or its tables contradict each other; look at its exception log."
            )


def page_of(path: str, answer: object) -> tuple[list[Record], int]:
    """The rows of a list's answer, and how many there are in all.

    Raises:
        DataError: it is no list.
    """
    told = answer if isinstance(answer, dict) else {}
    items, total = told.get("items"), str(told.get("total_count"))
    if not total.isdecimal():
        raise DataError(
            f"The store answers {path} with something else than a list: look at what stands in front of its REST API."
        )
    return [record_of(item) for item in items or []], int(total)


def _between(stamp: str, since: datetime | None, until: datetime | None) -> list[Filter]:
    """Whole seconds, as the store's stamps are."""
    filters = [] if since is None else [Filter(stamp, Condition.AT_LEAST, since)]
    if until is not None:
        filters.append(
            Filter(stamp, Condition.LESS, until.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1))
        )
    return filters
