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

from include.errors import DataError
from include.magento.door import (
    ChangedSince,
    Created,
    Everything,
    IdRange,
    Ids,
    Record,
    RecordName,
    Selection,
    Unreadable,
)
from include.magento.faults import CALL_FAILURES
from include.magento.soap.contract import Condition
from include.magento.soap.reading import SoapReading
from include.magento.soap.session import ATTEMPTS, FEW_ATTEMPTS, Session

IDS_PER_CALL = 500
# How far above the greatest id known to look for more: deleted records leave holes.
_HOLES = (0, 5_000, 50_000)
_SECOND = timedelta(seconds=1)
STAMP = "%Y-%m-%d %H:%M:%S"
_NEVER = "9999-12-31 00:00:00"
_NEW_ONES_ONLY = (
    "cannot be asked for changes by date: new records are found, changes of old ones come with a full resync."
)
_FIRST_LOOKBACK = timedelta(days=1)
BEFORE_MAGENTO = datetime(2007, 1, 1, tzinfo=UTC)
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

    def greatest_id(self) -> int:
        """The greatest id now, from ever longer looks back at what was created; 0 for an empty store.

        Raises:
            DataError: the store has rows and none of them has an id.
        """
        greatest = max(map(self.id_of, self._newest_rows()), default=0)
        if greatest:
            greatest = self._leap(greatest)
        while above := self._ask([Condition(self._reading.filter_id, "gt", str(greatest))], ATTEMPTS):
            newer = max(map(self.id_of, above))
            if newer <= greatest:  # a store that ignores the filter must not keep us here
                break
            greatest = newer
        return greatest

    def _leap(self, greatest: int) -> int:
        """Past most of what lies above, in small calls, so that the question for everything above brings little.

        The newest row by date may be an old one that was given a date of today: above it lies the whole store.
        """
        above = next(filter(None, (self._greatest_near(greatest + hole) for hole in _HOLES)), 0)
        step, grows = IDS_PER_CALL, True
        while above and step >= IDS_PER_CALL:
            greatest = max(greatest, above)
            if found := self._greatest_near(greatest + step):
                above = found
            else:
                grows = False
            step = step * 2 if grows else step // 2
        return max(greatest, above)

    def _greatest_near(self, number: int) -> int:
        """The greatest id of a call's worth of ids above this number, 0 when there is none."""
        rows = self._asked_for(list(range(number + 1, number + 1 + IDS_PER_CALL)), (), ATTEMPTS)
        return max(map(self.id_of, rows), default=0)

    def find(self, name: str, values: Sequence[str]) -> list[Record]:
        """The rows whose field is one of these values, whatever their case, as MySQL compares text."""
        asked = (
            Condition(name, "eq", values[0]) if len(values) == 1 else Condition(name, "in", ",".join(values))
        )
        wanted = {value.strip().casefold() for value in values}
        rows = self._ask([asked], ATTEMPTS)
        kept = [row for row in rows if str(row.get(name)).strip().casefold() in wanted]
        self._session.tally.unasked += len(rows) - len(kept)
        return kept

    def has(self, row: Record) -> bool:
        """Whether the list still holds this record."""
        return bool(self._asked_for([self.id_of(row)], (), FEW_ATTEMPTS))

    def answers(self) -> bool:
        """Whether the store answers this very call when no record is asked for."""
        try:
            self._ask([Condition(self._reading.filter_id, "in", "0")], FEW_ATTEMPTS)
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
                yield from self._ask([], ATTEMPTS)

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
        rows = self._ask(
            [Condition(self._reading.filter_id, "in", ",".join(map(str, ids))), *extra], attempts
        )
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
            yield from self._changed(since, until, attempts)
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
        self._stamp, self._doubts_filter = self._reading.created_field, False
        if since is None:
            before = (BEFORE_MAGENTO - _SECOND).strftime(STAMP)
            for undated in (Condition(self._stamp, "to", before), Condition(self._stamp, "null", "1")):
                yield from self._ask([undated], ATTEMPTS)
        yield from self._changed(since or BEFORE_MAGENTO, until, ATTEMPTS)

    def _of_one_second(self, since: datetime, until: datetime | None) -> Iterator[Record | Unreadable]:
        """Where nothing is left to halve in time: all ids, with the same condition, down to the one that breaks."""
        yield from self._by_ids(range(1, self.greatest_id() + 1), self._window(since, until))

    def _in_window(self, since: datetime, until: datetime | None, attempts: int) -> list[Record]:
        rows = self._ask(self._window(since, until), attempts)
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

    def _has_no_update_filter(self) -> bool:
        """Whether the list fails at any filter by the update stamp; from then on it is asked for what is new."""
        if not self._doubts_filter:
            return False
        self._doubts_filter = False
        try:
            self._ask([Condition(self._stamp, "from", _NEVER)], FEW_ATTEMPTS)
        except CALL_FAILURES:
            self._stamp = self._reading.created_field
            self.remarks = (f"{self._reading.spine} {_NEW_ONES_ONLY}",)
            log.warning("%s", *self.remarks)
            return True
        return False

    def _newest_rows(self) -> list[Record]:
        """Rows created last, those of the future among them: they alone say nothing of the newest."""
        now = self._session.store_clock(not_older_than=60)
        lookback = _FIRST_LOOKBACK
        while now - lookback > BEFORE_MAGENTO:
            created = Condition(self._reading.created_field, "from", (now - lookback).strftime(STAMP))
            rows = self._ask([created], ATTEMPTS)
            if any(not self._is_created_after(row, now) for row in rows):
                return rows
            lookback *= 4
        return self._all_rows()

    def _is_created_after(self, row: Record, now: datetime) -> bool:
        stamp = row.get(self._reading.created_field)
        return isinstance(stamp, str) and stamp > now.strftime(STAMP)

    def _all_rows(self) -> list[Record]:
        nameless = self._session.tally.nameless
        rows = self._ask([], ATTEMPTS)
        if not rows and self._session.tally.nameless > nameless:
            raise DataError(
                f"{self._reading.spine} sends no row with {self._reading.id_field}: an extension of the store "
                "changes the call, look at its API rewrites."
            )
        return rows

    def _ask(self, conditions: list[Condition], attempts: int) -> list[Record]:
        rows = self._session.rows(self._reading.spine, {"filters": conditions}, attempts=attempts)
        return sorted(self.with_id(rows, self._reading.spine), key=self.name_of)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and value.strip().isdecimal()


def whole_second(instant: datetime) -> datetime:
    """In UTC and without fractions, as the store's stamps are."""
    return instant.astimezone(UTC).replace(microsecond=0)
