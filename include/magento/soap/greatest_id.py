"""The greatest id of a list, in a few small calls: a list without paging must not be asked for everything.

By date where the list can be asked for what was created lately; else, and from there on, by ids alone, in ever longer
steps. Deleted records leave holes, so a step that finds nothing does not mean that there is nothing above.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from include.errors import DataError
from include.magento.door import Ids, Record, Unreadable
from include.magento.faults import CALL_FAILURES
from include.magento.soap.contract import Condition
from include.magento.soap.reading import SoapReading
from include.magento.soap.session import Session

if TYPE_CHECKING:
    from include.magento.soap.listing import Listing

IDS_PER_CALL = 500
STAMP = "%Y-%m-%d %H:%M:%S"
BEFORE_MAGENTO = datetime(2007, 1, 1, tzinfo=UTC)
_FIRST_LOOKBACK = timedelta(days=1)
# How far above the greatest id known to look for more.
_HOLES = (0, 5_000, 50_000)


class GreatestId:
    """Finds the greatest id of one list."""

    def __init__(self, session: Session, reading: SoapReading, listing: Listing) -> None:
        self._session = session
        self._reading = reading
        self._listing = listing

    def find(self, at_least: int = 0) -> int:
        """The greatest id now, at least the one given; 0 for an empty store.

        Raises:
            DataError: the store has rows and none of them has an id.
        """
        created = self._reading.created_field
        greatest = at_least
        is_dated = bool(created)
        if created and not at_least:
            try:
                greatest = max(map(self._listing.id_of, self._newest_rows(created)), default=0)
            except CALL_FAILURES:
                is_dated = (
                    False  # the day of an import, say: more was created lately than one answer may hold
                )
        if greatest or not is_dated:
            greatest = self._leap(greatest)
        while above := self._listing.ask([Condition(self._reading.filter_id, "gt", str(greatest))]):
            newer = max(map(self._listing.id_of, above))
            if newer <= greatest:  # a store that ignores the filter must not keep us here
                break
            greatest = newer
        return greatest

    def _leap(self, greatest: int) -> int:
        """Past most of what lies above, in small calls, so that the question for everything above brings little.

        The newest row by date may be an old one that was given a date of today: above it lies the whole store.
        """
        above = next(filter(None, (self._near(greatest + hole) for hole in _HOLES)), 0)
        step, grows = IDS_PER_CALL, True
        while above and step >= IDS_PER_CALL:
            greatest = max(greatest, above)
            if found := self._near(greatest + step):
                above = found
            else:
                grows = False
            step = step * 2 if grows else step // 2
        return max(greatest, above)

    def _near(self, number: int) -> int:
        """The greatest id of a call's worth of ids above this number, 0 when there is none.

        One that the list breaks on counts as well: it is there, and waits in quarantine when its turn comes.
        """
        found = self._listing.rows(Ids(ids=tuple(range(number + 1, number + 1 + IDS_PER_CALL))))
        return max(map(self._id, found), default=0)

    def _id(self, row: Record | Unreadable) -> int:
        return int(row.id) if isinstance(row, Unreadable) else self._listing.id_of(row)

    def _newest_rows(self, created_field: str) -> list[Record]:
        """Rows created last, those of the future among them: they alone say nothing of the newest."""
        now = self._session.store_clock(not_older_than=60)
        lookback = _FIRST_LOOKBACK
        while now - lookback > BEFORE_MAGENTO:
            created = Condition(created_field, "from", (now - lookback).strftime(STAMP))
            rows = self._listing.ask([created])
            if any(not _is_after(row.get(created_field), now) for row in rows):
                return rows
            lookback *= 4
        return self._all_rows()

    def _all_rows(self) -> list[Record]:
        nameless = self._session.tally.nameless
        rows = self._listing.ask([])
        if not rows and self._session.tally.nameless > nameless:
            raise DataError(
                f"{self._reading.spine} sends no row with {self._reading.id_field}: an extension of the store "
                "changes the call, look at its API rewrites."
            )
        return rows


def _is_after(stamp: object, now: datetime) -> bool:
    return isinstance(stamp, str) and stamp > now.strftime(STAMP)
