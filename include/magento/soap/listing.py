"""The spine of an entity: every id a selection holds, with the row the core list gives.

The core lists know no paging. Ids go in lists of `in`, since `from`/`to` on ids is not safe everywhere and of `gteq`
with `lteq` on one field Magento applies only the first, silently. A call that keeps failing is halved, in ids or in
time, down to the single record the store cannot deliver.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

from include.magento.door import (
    ChangedSince,
    Created,
    Everything,
    Guesses,
    IdRange,
    Ids,
    Record,
    RecordName,
    Selection,
    Unreadable,
)
from include.magento.faults import CALL_FAILURES
from include.magento.soap.contract import Condition
from include.magento.soap.greatest_id import BEFORE_MAGENTO, IDS_PER_CALL, STAMP, GreatestId
from include.magento.soap.reading import SoapReading
from include.magento.soap.session import ATTEMPTS, FEW_ATTEMPTS, Session

_SECOND = timedelta(seconds=1)
_NEVER = "9999-12-31 00:00:00"
_NEW_ONES_ONLY = "new records are found, changes of old ones only where those are read again."
_EVERYTHING = "the newest window reads all records again, one with an end reads none."
log = logging.getLogger(__name__)


class Listing:
    """Lists the spine of one entity."""

    ids_per_call = IDS_PER_CALL

    def __init__(self, session: Session, reading: SoapReading) -> None:
        self._session = session
        self._reading = reading
        self._stamp = reading.updated_field
        self._doubts_filter = reading.is_update_filter_optional
        self.remarks: tuple[str, ...] = ()
        """What the list could not be asked, a sentence each."""

    def rows(self, selection: Selection) -> Iterator[Record | Unreadable]:
        """Each selected row once, ascending by id within a call; unreadable ones in between."""
        seen: set[RecordName] = set()
        for row in self._selected(selection):
            name = row.id if isinstance(row, Unreadable) else self.name_of(row)
            if name in seen:
                self._session.tally.unasked += 1
                continue
            seen.add(name)
            yield row

    def greatest_id(self, at_least: int = 0) -> int:
        """The greatest id now, at least the one given; 0 for an empty store.

        Raises:
            DataError: the store has rows and none of them has an id.
        """
        return GreatestId(self._session, self._reading, self).find(at_least)

    def find(self, name: str, values: Sequence[str]) -> list[Record]:
        """The rows whose field is one of these values, whatever their case, as MySQL compares text."""
        asked = (
            Condition(name, "eq", values[0]) if len(values) == 1 else Condition(name, "in", ",".join(values))
        )
        wanted = {value.strip().casefold() for value in values}
        rows = self.ask([asked], ATTEMPTS)
        kept = [row for row in rows if str(row.get(name)).strip().casefold() in wanted]
        self._session.tally.unasked += len(rows) - len(kept)
        return kept

    def has(self, row: Record) -> bool:
        """Whether the list still holds this record."""
        return bool(self._asked_for([self.id_of(row)], (), FEW_ATTEMPTS))

    def answers(self) -> bool:
        """Whether the store answers this very call when no record is asked for."""
        try:
            self.ask([Condition(self._reading.filter_id, "in", "0")], FEW_ATTEMPTS)
        except CALL_FAILURES:
            return False
        return True

    def id_of(self, row: Record) -> int:
        """Magento's id of a row that has one; see `with_id`."""
        return int(str(row[self._reading.id_field]))

    def name_of(self, row: Record) -> RecordName:
        """What the record is known by."""
        return self.id_of(row)

    def is_named(self, row: Record) -> bool:
        """Whether the row says what the record is known by."""
        return _is_id(row.get(self._reading.id_field))

    def with_id(self, rows: Sequence[Record], method: str) -> list[Record]:
        """The rows of a method that have an id; nothing can be done with the others, and the rest goes on."""
        kept = [row for row in rows if self.is_named(row)]
        if nameless := len(rows) - len(kept):
            log.warning("%s sends rows without %s, left out: %d", method, self._reading.id_field, nameless)
            self._session.tally.nameless += nameless
        return kept

    def _selected(self, selection: Selection) -> Iterator[Record | Unreadable]:
        match selection:
            case IdRange(low=low, high=high):
                yield from self._by_ids(range(low + 1, high + 1))
            case Ids(ids=ids):
                yield from self._by_ids(sorted(set(ids)))
            case ChangedSince(since=since, until=until):
                yield from self._changed(whole_second(since), until and whole_second(until), ATTEMPTS)
            case Created(since=since, until=until):
                yield from self._created(since and whole_second(since), until and whole_second(until))
            case Everything():
                yield from self.ask([], ATTEMPTS)
            case Guesses():
                raise TypeError("what can be listed need not be guessed")

    def _by_ids(self, ids: Iterable[int], extra: Sequence[Condition] = ()) -> Iterator[Record | Unreadable]:
        remaining = iter(ids)
        while chunk := list(islice(remaining, self.ids_per_call)):
            yield from self._halving(chunk, extra, ATTEMPTS)

    def _halving(
        self, ids: list[int], extra: Sequence[Condition], attempts: int
    ) -> Iterator[Record | Unreadable]:
        try:
            rows = self._asked_for(ids, extra, attempts)
        except CALL_FAILURES as failure:
            if not self.answers():
                raise
            if len(ids) == 1:
                yield Unreadable(id=ids[0], reason=failure.summary)
                return
            log.warning("%s fails for %d ids, asking for halves", self._reading.spine, len(ids))
            middle = len(ids) // 2
            yield from self._halving(ids[:middle], extra, FEW_ATTEMPTS)
            yield from self._halving(ids[middle:], extra, FEW_ATTEMPTS)
            return
        yield from rows

    def _asked_for(self, ids: list[int], extra: Sequence[Condition], attempts: int) -> list[Record]:
        wanted = set(ids)
        rows = self.ask([Condition(self._reading.filter_id, "in", ",".join(map(str, ids))), *extra], attempts)
        kept = [row for row in rows if self.id_of(row) in wanted]
        self._session.tally.unasked += len(rows) - len(kept)
        return kept

    def _changed(
        self, since: datetime, until: datetime | None, attempts: int
    ) -> Iterator[Record | Unreadable]:
        try:
            yield from self._in_window(since, until, attempts)
        except CALL_FAILURES:
            if not self.answers():
                raise
        else:
            return
        if self._has_no_update_filter():
            yield from self._without_updates(since, until, attempts)
            return
        end = until or whole_second(self._session.store_clock(not_older_than=60))
        if since >= end:
            yield from self._of_one_second(since, until)
            return
        log.warning("%s fails for changes from %s, asking for halves", self._reading.spine, since)
        middle = whole_second(since + (end - since) / 2)
        yield from self._changed(since, middle, FEW_ATTEMPTS)
        yield from self._changed(middle + _SECOND, until, FEW_ATTEMPTS)

    def _created(self, since: datetime | None, until: datetime | None) -> Iterator[Record | Unreadable]:
        # A list that does not tell the creation has nothing to go by but the change.
        self._stamp = self._reading.created_field or self._reading.updated_field
        self._doubts_filter = False
        if since is None:
            before = (BEFORE_MAGENTO - _SECOND).strftime(STAMP)
            for undated in (Condition(self._stamp, "to", before), Condition(self._stamp, "null", "1")):
                yield from self.ask([undated], ATTEMPTS)
        yield from self._changed(since or BEFORE_MAGENTO, until, ATTEMPTS)

    def _of_one_second(self, since: datetime, until: datetime | None) -> Iterator[Record | Unreadable]:
        """Where nothing is left to halve in time: all ids, with the same condition, down to the one that breaks."""
        yield from self._by_ids(range(1, self.greatest_id() + 1), self._window(since, until))

    def _in_window(self, since: datetime, until: datetime | None, attempts: int) -> list[Record]:
        rows = self.ask(self._window(since, until), attempts)
        kept = [row for row in rows if self._lies_in(row, since, until)]
        self._session.tally.unasked += len(rows) - len(kept)
        return kept

    def _lies_in(self, row: Record, since: datetime, until: datetime | None) -> bool:
        # Magento up to 1.7.0.2 applies only the last of two conditions on one field.
        stamp = row.get(self._stamp)
        if not isinstance(stamp, str):
            return True
        return since.strftime(STAMP) <= stamp and (until is None or stamp <= until.strftime(STAMP))

    def _window(self, since: datetime, until: datetime | None) -> list[Condition]:
        conditions = [Condition(self._stamp, "from", since.strftime(STAMP))]
        if until is not None:
            conditions.append(Condition(self._stamp, "to", until.strftime(STAMP)))
        return conditions

    def _without_updates(
        self, since: datetime, until: datetime | None, attempts: int
    ) -> Iterator[Record | Unreadable]:
        """What is new, of a list that knows when; else everything, once."""
        created = self._reading.created_field
        remark = _NEW_ONES_ONLY if created else _EVERYTHING
        self.remarks = (f"{self._reading.spine} cannot be asked for changes by date: {remark}",)
        log.warning("%s", *self.remarks)
        if created is not None:
            self._stamp = created
            yield from self._changed(since, until, attempts)
        elif until is None:  # the newest window: what the others before it would find comes with it
            yield from self._by_ids(range(1, self.greatest_id() + 1))

    def _has_no_update_filter(self) -> bool:
        """Whether the list fails at any filter by the update stamp; asked once, and only where that can be."""
        if not self._doubts_filter:
            return False
        self._doubts_filter = False
        try:
            self.ask([Condition(self._stamp, "from", _NEVER)], FEW_ATTEMPTS)
        except CALL_FAILURES:
            return True
        return False

    def ask(self, conditions: list[Condition], attempts: int = ATTEMPTS) -> list[Record]:
        """The rows that meet all these conditions, in the order of their ids."""
        rows = self._session.rows(self._reading.spine, {"filters": conditions}, attempts=attempts)
        return sorted(self.with_id(rows, self._reading.spine), key=self.name_of)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and value.strip().isdecimal()


def whole_second(instant: datetime) -> datetime:
    """In UTC and without fractions, as the store's stamps are."""
    return instant.astimezone(UTC).replace(microsecond=0)
