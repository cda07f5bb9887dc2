"""The door to a Magento 2 store, put together: lists, dictionaries, details and what the store says of itself."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from include.errors import ConfigError
from include.magento.batches import batches, everything
from include.magento.door import (
    ChangedSince,
    Everything,
    IdRange,
    Page,
    Reading,
    Record,
    Selection,
    StoreReport,
    Unnumbered,
    Unreadable,
)
from include.magento.faults import CallRefused
from include.magento.rest.beside import BesideList
from include.magento.rest.criteria import Condition, Filter, query
from include.magento.rest.details import Details
from include.magento.rest.dictionaries import list_of, read_whole
from include.magento.rest.listing import Listing
from include.magento.rest.look_ups import LookUps
from include.magento.rest.reading import RestReading, RestSnapshot
from include.magento.rest.report import report_on
from include.magento.rest.session import Session
from include.magento.rest.writer import RestWriter
from include.magento.tally import Tally

if TYPE_CHECKING:
    from include.entities.fields import StoreKind

_CLOCK_SECONDS = 60.0
log = logging.getLogger(__name__)


class RestDoor:
    """An open connection to one Magento 2 store; see `include.magento.door.Door`."""

    def __init__(self, session: Session) -> None:
        self.kind: StoreKind = "magento2"
        self._session = session
        self._refused: dict[str, str | None] = {}

    def __enter__(self) -> RestDoor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def writer(self) -> RestWriter:
        """The side of this door that changes the store."""
        return RestWriter(self._session)

    @property
    def tally(self) -> Tally:
        """What this door has cost so far."""
        return self._session.tally

    def report(self) -> StoreReport:
        """Version, modules, websites and stores, as they were when this was first asked: four calls tell it."""
        return self._report

    @cached_property
    def _report(self) -> StoreReport:
        return report_on(self._session)

    def clock(self) -> datetime:
        """The store's clock (UTC), at most a minute old and never ahead of it."""
        return self._session.store_clock(not_older_than=_CLOCK_SECONDS)

    def greatest_id(self, reading: Reading, *, at_least: int = 0) -> int:
        """The greatest id there is now, never less than one given; 0 when there is none."""
        if not isinstance(reading, RestReading) or not reading.has_ids:
            return 0
        return max(Listing(self._session, reading, page_size=1).greatest_number(), at_least)

    def read(
        self,
        reading: Reading,
        selection: Selection,
        *,
        page_size: int,
        keep: Callable[[Record], bool] | None = None,
    ) -> Iterator[Page]:
        """Pages of whole records; a dictionary is one page with one record."""
        if isinstance(reading, RestSnapshot):
            yield self._whole(reading, page_size)
        elif isinstance(reading, RestReading):
            yield from self._pages(reading, selection, page_size, keep or everything)
        else:
            raise ConfigError(_FOREIGN)

    def rows(
        self, reading: Reading, selection: Selection, *, page_size: int
    ) -> Iterator[Record | Unreadable]:
        """The rows as the list delivers them; a dictionary is one."""
        if isinstance(reading, RestSnapshot):
            yield from self._whole(reading, page_size).records
        elif isinstance(reading, RestReading) and isinstance(selection, Unnumbered):
            if beside := self._beside(reading):
                self._heed_all(beside, reading, page_size)
                yield from beside.rows()
        elif isinstance(reading, RestReading):
            yield from Listing(self._session, reading, page_size).rows(selection)

    def find(self, reading: Reading, name: str, values: Sequence[str]) -> list[Record]:
        """The rows of the list whose field `name` is one of these values; none of a dictionary."""
        if not isinstance(reading, RestReading):
            return []
        return Listing(self._session, reading, reading.most_per_page).find(name, values)

    def delivers(self, reading: Reading) -> str | None:
        """None, or why this store cannot deliver the entity: the list is not there, or the token may not read it.

        Raises:
            ConfigError: the token opens nothing at all.
        """
        if not isinstance(reading, RestReading | RestSnapshot):
            return _FOREIGN
        for path, check in self._checks(reading):
            if path not in self._refused:
                self._refused[path] = self._reason(check)
            if reason := self._refused[path]:
                return reason
        return None

    def close(self) -> None:
        """Give the connections back; never raises."""
        with contextlib.suppress(Exception):
            self._session.close()
        log.info("closed the door to the store: %s", self.tally)

    def _checks(self, reading: RestReading | RestSnapshot) -> Iterator[tuple[str, Callable[[], object]]]:
        """What must be answered for the reading, by path, with the cheapest question."""
        if isinstance(reading, RestReading):
            yield reading.path, Listing(self._session, reading, page_size=1).check
            return
        for key in sorted(reading.required):
            path = reading.lists[key]
            if listed := list_of(reading, key):
                yield path, Listing(self._session, listed, page_size=1).check
            elif per_value := reading.per_value.get(key):
                nothing = query([Filter(per_value.field, Condition.EQUAL, "")], sort=per_value.field, size=1)
                yield path, partial(self._session.ask, path, nothing)
            else:
                yield path, partial(self._session.ask, path)

    def _reason(self, check: Callable[[], object]) -> str | None:
        try:
            check()
        except CallRefused as refusal:
            self._session.ask("store/storeViews")  # a token that does not even open this is wrong, not narrow
            return refusal.summary
        return None

    def _pages(
        self, reading: RestReading, selection: Selection, page_size: int, keep: Callable[[Record], bool]
    ) -> Iterator[Page]:
        listing = Listing(self._session, reading, page_size)
        details = Details(self._session, reading, listing)
        look_ups = LookUps(self._session, reading.look_ups, listing.check)
        beside = self._beside(reading) if _has_all(selection) else None
        if reading.leaves_out and beside is None:
            log.info("%s", reading.leaves_out)
        selected = listing.rows(selection)
        if beside is not None:
            selected = self._with_beside(selected, beside, reading, selection, page_size)
        before = self.tally.bytes_received
        for rows, broken in batches(selected, page_size, keep):
            records, unreadable = details.complete(rows)
            received = self.tally.bytes_received
            yield Page(
                records=look_ups.complete(records),
                unreadable=broken + unreadable,
                bytes_read=received - before,
                remarks=(*details.missing.values(), *look_ups.missing.values()),
            )
            before = received
        if beside is not None and beside.remarks:
            yield Page(records=[], remarks=beside.remarks)

    def _beside(self, reading: RestReading) -> BesideList | None:
        """What comes beside the list; None where nothing does, or the store says that it lacks the extension."""
        if reading.beside is None:
            return None
        report = self.report()
        if report.methods and reading.beside.module not in report.methods:
            return None
        return BesideList(self._session, reading.beside, report.stores)

    def _with_beside(
        self,
        rows: Iterator[Record | Unreadable],
        beside: BesideList,
        reading: RestReading,
        selection: Selection,
        page_size: int,
    ) -> Iterator[Record | Unreadable]:
        """The rows of the list, and behind them what it leaves out."""
        for row in rows:
            if isinstance(row, dict):
                beside.heed(row)
            yield row
        if not isinstance(selection, ChangedSince):  # which has just read all
            self._heed_all(beside, reading, page_size)
        yield from beside.rows_at_best()

    def _heed_all(self, beside: BesideList, reading: RestReading, page_size: int) -> None:
        fields = reading.beside.fields if reading.beside else None
        for row in Listing(self._session, replace(reading, fields=fields), page_size).rows(Everything()):
            if isinstance(row, dict):
                beside.heed(row)

    def _whole(self, reading: RestSnapshot, page_size: int) -> Page:
        before = self.tally.bytes_received
        record = read_whole(self._session, reading, page_size)
        return Page(records=[record], bytes_read=self.tally.bytes_received - before)


def _has_all(selection: Selection) -> bool:
    """Whether what has no id belongs to it: to what has changed up to now, and to the lowest ids."""
    match selection:
        case ChangedSince(until=until):
            return until is None
        case IdRange(low=low):
            return low == 0
    return False


_FOREIGN = "This entity is declared for another kind of store."
