"""Records that no list tells, found by asking for one number after the other.

Stock Magento shows a cart to those who know its number and its store view, and says "not there" to all others. Every
guess is a call, so there is a bound: the sure numbers first, then what may be new, last what is known and may have
changed. What a newcomer would get wrong: a number that is not found proves nothing, unless it was found before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from include.magento.door import Guesses, Page, Record, Unreadable
from include.magento.faults import CALL_FAILURES, RecordGone
from include.magento.soap.reading import ProbeReading
from include.magento.soap.session import FEW_ATTEMPTS, Session

PATIENCE = 20
"""Numbers in a row without a record, after which there seem to be no more."""
_FOR_SURE, _WITH_NEW = 0.5, 0.75
_FEW = 5


class Probing:
    """Asks one store for the records of one reading.

    Args:
        session: the store.
        reading: which call, and how its parameters are named.
        guesses: which numbers, where, and how many calls at most.
    """

    def __init__(self, session: Session, reading: ProbeReading, guesses: Guesses) -> None:
        self._session, self._reading, self._guesses = session, reading, guesses
        self._views = list(guesses.store_views)
        self._left = self._found = 0
        self._absent: list[int] = []

    def pages(self, page_size: int, *, only_known: bool = False) -> Iterator[Page]:
        """What is found, some records at a time; the last page says what is known and no longer there.

        Args:
            page_size: records in a page.
            only_known: ask for no other numbers.
        """
        records: list[Record] = []
        unreadable: list[Unreadable] = []
        before = self._session.tally.bytes_received
        for found in self._all(only_known=only_known):
            if isinstance(found, Unreadable):
                unreadable.append(found)
            else:
                records.append(found)
            if len(records) >= page_size:
                read = self._session.tally.bytes_received
                yield Page(records=records, unreadable=unreadable, bytes_read=read - before)
                records, unreadable, before = [], [], read
        read = self._session.tally.bytes_received - before
        yield Page(records=records, unreadable=unreadable, bytes_read=read, absent=self._believed())

    def _believed(self) -> tuple[int, ...]:
        """What is gone, unless all is: then it is rather another store, or one that lost its tables."""
        return tuple(self._absent) if self._found or len(self._absent) < _FEW else ()

    def _all(self, *, only_known: bool) -> Iterator[Record | Unreadable]:
        most = self._guesses.most_calls
        if only_known:
            self._left = most
            yield from self._again()
            return
        self._left = int(most * _FOR_SURE)
        yield from self._sure()
        self._left += int(most * _WITH_NEW) - int(most * _FOR_SURE)
        yield from self._new()
        self._left += most - int(most * _WITH_NEW)
        yield from self._again()

    def _sure(self) -> Iterator[Record | Unreadable]:
        for number in range(self._guesses.low + 1, self._guesses.high + 1):
            if self._left < len(self._views):
                return
            if found := self._sought(number, self._views):
                yield found

    def _new(self) -> Iterator[Record | Unreadable]:
        number, misses = self._guesses.high, 0
        while misses < PATIENCE and self._left >= len(self._views):
            number += 1
            if found := self._sought(number, self._views):
                misses = 0
                yield found
            else:
                misses += 1

    def _again(self) -> Iterator[Record | Unreadable]:
        """Each in its own store view first; it may have been moved, but is gone only if no view has it."""
        for number, view in self._guesses.known:
            if self._left < len(self._views):
                return
            others = [other for other in self._views if other != view]
            if found := self._sought(number, [view, *others]):
                yield found
            else:
                self._absent.append(number)

    def _sought(self, number: int, views: Sequence[int]) -> Record | Unreadable | None:
        """The record with this number in the first of these views that has it."""
        for view in views:
            self._left -= 1
            try:
                record = self._asked(number, view)
            except RecordGone:
                continue
            except CALL_FAILURES as failure:
                self._assure_answers()
                return Unreadable(id=number, reason=failure.summary)
            if record is not None:
                self._found += 1
                self._prefer(view)
                return record
        return None

    def _asked(self, number: int, view: int) -> Record | None:
        """The record, None when the answer is about another one."""
        reading = self._reading
        asked = {reading.id_argument: number, reading.store_argument: str(view)}
        record = dict(self._session.call(reading.method, asked, attempts=FEW_ATTEMPTS).record)
        if record.pop(reading.answered_as, None) != str(number):
            return None
        return {**record, reading.id_field: str(number)}

    def _prefer(self, view: int) -> None:
        """Neighbours are often of the same view: asking there first saves calls."""
        if view in self._views:
            self._views.remove(view)
            self._views.insert(0, view)

    def _assure_answers(self) -> None:
        """Raise unless the store answers something: one that is down blames no record."""
        self._session.call("storeList", attempts=FEW_ATTEMPTS)
