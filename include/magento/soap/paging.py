"""The spine of entities that only the bridge lists: in pages, each row a complete record.

Pages are asked for by id ("above the last one", "below" where the list runs downwards), never by number: rows that
change while they are paged move between numbered pages. A page the store breaks on is asked for in smaller pages, and
the row right behind the last good one is then looked for by id, so that one fatal record costs itself alone.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator, Sequence
from datetime import datetime

from include.errors import DataError
from include.magento.door import Record, Unreadable
from include.magento.faults import CALL_FAILURES
from include.magento.soap.contract import Condition
from include.magento.soap.dated import DatedListing
from include.magento.soap.listing import Listing
from include.magento.soap.reading import SoapReading
from include.magento.soap.session import FEW_ATTEMPTS, Session

_IDS_LOOKED_THROUGH = 2_000
"""In one call, with the window's condition: few of them are in it."""
_GREATEST_POSSIBLE = 2**32
log = logging.getLogger(__name__)


class PagedListing(Listing):
    """Lists the spine of one entity page by page.

    Args:
        session: the store.
        reading: the entity's declaration.
        page_size: records, and ids, asked for in one call.
    """

    def __init__(self, session: Session, reading: SoapReading, page_size: int) -> None:
        super().__init__(session, reading)
        self._page_size = page_size
        self.ids_per_call = page_size

    def greatest_id(self, at_least: int = 0) -> int:
        """The greatest id now, by asking what lies above ever greater numbers; 0 for an empty store.

        Not by date as the core lists are: a third of all subscribers have none.
        """
        low, step = self._above(at_least), 1
        while low and (above := self._above(low + step)):
            low, step = above, step * 2
        high = low + step if low else 0
        while low < high:
            middle = (low + high) // 2
            if above := self._above(middle):
                low = above
            else:
                high = middle
        return low or at_least

    def _above(self, number: int) -> int:
        """A number that some id above this one reaches, 0 when there is none above."""
        condition = Condition(self._reading.filter_id, "gt", str(number))
        try:
            rows = self._page([condition], 1, FEW_ATTEMPTS)
        except CALL_FAILURES:
            if number >= _GREATEST_POSSIBLE or not self.answers():
                raise
            return number + 1  # what breaks the call is there
        found = max(map(self.id_of, rows), default=0)
        if 0 < found <= number:
            raise self._deaf()
        return found

    def _changed(
        self, since: datetime, until: datetime | None, attempts: int
    ) -> Iterator[Record | Unreadable]:
        window, last, size = self._window(since, until), self._beginning(), self._page_size
        while True:
            try:
                rows = self._page([*window, self._behind(last)], size, attempts)
            except CALL_FAILURES:
                if not self.answers():
                    raise
                attempts = FEW_ATTEMPTS
                if size > 1:
                    size //= 2
                    log.warning("%s fails, asking for pages of %d", self._reading.spine, size)
                    continue
                reached = yield from self._past_the_broken(last, window)
                if reached == last:
                    return
                last, size = reached, self._page_size
                continue
            if not rows:
                return
            last = self._last_of(rows, last)
            kept = [row for row in rows if self._lies_in(row, since, until)]
            self._session.tally.unasked += len(rows) - len(kept)
            yield from kept

    def _past_the_broken(
        self, last: int, window: Sequence[Condition]
    ) -> Generator[Record | Unreadable, None, int]:
        """The next rows of the window, found by their ids, the broken one among them; the last id looked for."""
        for ids in self._ids_behind(last):
            found = list(self._halving(ids, window, FEW_ATTEMPTS))
            yield from found
            last = ids[0] if self._reading.is_descending else ids[-1]
            if found:
                break
        return last

    def _ids_behind(self, last: int) -> Iterator[list[int]]:
        if self._reading.is_descending:
            for high in range(min(last - 1, self.greatest_id()), 0, -_IDS_LOOKED_THROUGH):
                yield list(range(max(high - _IDS_LOOKED_THROUGH, 0) + 1, high + 1))
        else:
            greatest = self.greatest_id()
            for low in range(last, greatest, _IDS_LOOKED_THROUGH):
                yield list(range(low + 1, min(low + _IDS_LOOKED_THROUGH, greatest) + 1))

    def _beginning(self) -> int:
        return _GREATEST_POSSIBLE if self._reading.is_descending else 0

    def _behind(self, last: int) -> Condition:
        return Condition(self._reading.filter_id, "lt" if self._reading.is_descending else "gt", str(last))

    def _last_of(self, rows: Sequence[Record], last: int) -> int:
        """The id to go on behind; a page that is not in order, or not behind the last one, would lose rows."""
        ids = list(map(self.id_of, rows))
        if self._reading.is_descending:
            goes_on = ids[0] < last and ids == sorted(ids, reverse=True)
        else:
            goes_on = ids[0] > last and ids == sorted(ids)
        if not goes_on:
            raise self._deaf()
        return ids[-1]

    def _deaf(self) -> DataError:
        return DataError(
            f"{self._reading.spine} does not go by id as it is asked to, so rows would be lost: an extension of the "
            "store changes the call, look at its API rewrites."
        )

    def _page(self, conditions: list[Condition], size: int, attempts: int) -> list[Record]:
        asked = {"filters": conditions, "pager": {"page": 1, "pageSize": size}}
        rows = self._session.rows(self._reading.spine, asked, attempts=attempts)
        return self.with_id(rows, self._reading.spine)


def listing_of(session: Session, reading: SoapReading, page_size: int) -> Listing:
    """The listing that fits the reading."""
    if not reading.has_ids:
        return DatedListing(session, reading)
    return PagedListing(session, reading, page_size) if reading.is_paged else Listing(session, reading)
