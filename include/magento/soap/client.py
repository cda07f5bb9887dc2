"""The door to a Magento 1 store, put together: listing, completion and what the store says of itself."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from include.magento.batches import batches, everything
from include.magento.door import Guesses, Ids, Page, Reading, Record, Selection, StoreReport, Unreadable
from include.magento.faults import CallRefused
from include.magento.soap.completion import Completion
from include.magento.soap.dictionaries import read_whole
from include.magento.soap.offer import Offer
from include.magento.soap.paging import listing_of
from include.magento.soap.probing import Probing
from include.magento.soap.reading import Dictionary, ProbeReading, SnapshotReading, SoapReading
from include.magento.soap.report import report_on
from include.magento.soap.row_by_row import add_row_by_row
from include.magento.soap.session import Session
from include.magento.soap.writer import SoapWriter
from include.magento.tally import Tally

if TYPE_CHECKING:
    from include.entities.fields import StoreKind

_CLOCK_SECONDS = 60.0
log = logging.getLogger(__name__)


class SoapDoor:
    """An open connection to one Magento 1 store; see `include.magento.door.Door`."""

    def __init__(self, session: Session) -> None:
        self.kind: StoreKind = "magento1"
        self._session = session
        self._offer = Offer(session)

    def __enter__(self) -> SoapDoor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def writer(self) -> SoapWriter:
        """The side of this door that changes the store."""
        return SoapWriter(self._session)

    @property
    def tally(self) -> Tally:
        """What this door has cost so far."""
        return self._session.tally

    def report(self) -> StoreReport:
        """Versions, capabilities, websites and stores."""
        return report_on(self._session)

    def clock(self) -> datetime:
        """The store's clock (UTC), at most a minute old and never ahead of it."""
        return self._session.store_clock(not_older_than=_CLOCK_SECONDS)

    def greatest_id(self, reading: Reading, *, at_least: int = 0) -> int:
        """The greatest id there is now, never less than one given; 0 when there is none."""
        if not isinstance(reading, SoapReading):
            return 0
        return listing_of(self._session, reading, page_size=1).greatest_id(at_least)

    def read(
        self,
        reading: Reading,
        selection: Selection,
        *,
        page_size: int,
        keep: Callable[[Record], bool] | None = None,
    ) -> Iterator[Page]:
        """Pages of whole records; a dictionary is one page with one record."""
        self._refuse_undeliverable(reading)
        if isinstance(reading, Dictionary):
            yield self._whole(reading)
        elif isinstance(reading, ProbeReading) and isinstance(selection, Guesses):
            yield from self._guessed(reading, selection, page_size, keep or everything)
        elif isinstance(reading, ProbeReading) and isinstance(selection, Ids):
            yield from self._named(reading, selection, page_size, keep or everything)
        elif isinstance(reading, SoapReading):
            yield from self._pages(reading, selection, page_size, keep or everything)

    def rows(
        self, reading: Reading, selection: Selection, *, page_size: int
    ) -> Iterator[Record | Unreadable]:
        """The rows as the list delivers them; a dictionary is one."""
        self._refuse_undeliverable(reading)
        if isinstance(reading, Dictionary):
            yield from self._whole(reading).records
        elif isinstance(reading, SoapReading):
            yield from listing_of(self._session, reading, page_size).rows(selection)

    def find(self, reading: Reading, name: str, values: Sequence[str]) -> list[Record]:
        """The rows of the list whose field `name` is one of these values; none of a dictionary."""
        self._refuse_undeliverable(reading)
        if not isinstance(reading, SoapReading):
            return []
        return listing_of(self._session, reading, page_size=1).find(name, values)

    def delivers(self, reading: Reading) -> str | None:
        """None, or why this store cannot deliver the entity: by its WSDL and the version of its bridge."""
        methods = self._offer.methods
        if isinstance(reading, Dictionary):
            missing = sorted(reading.needed - methods)
        elif isinstance(reading, SoapReading):
            missing = sorted(_spine_and_stock(reading) - methods)
            if reading.bridge is not None and reading.bridge in methods:
                missing = sorted({reading.spine} - methods)
            elif reading.bridge is not None and not reading.stock:
                missing = [reading.bridge]
        elif isinstance(reading, ProbeReading):
            missing = sorted({reading.method} - methods)
        else:
            return "This entity is declared for another kind of store."
        if not missing:
            return None
        is_unlisted = missing[0] not in self._session.contract.methods
        if is_unlisted and isinstance(reading, SoapReading | SnapshotReading) and reading.without:
            return reading.without
        return self._offer.why_not(missing[0])

    def close(self) -> None:
        """End the session; never raises."""
        with contextlib.suppress(Exception):
            self._session.close()
        log.info("closed the door to the store: %s", self.tally)

    def _refuse_undeliverable(self, reading: Reading) -> None:
        if reason := self.delivers(reading):
            raise CallRefused(reason)

    def _pages(
        self, reading: SoapReading, selection: Selection, page_size: int, keep: Callable[[Record], bool]
    ) -> Iterator[Page]:
        listing = listing_of(self._session, reading, page_size)
        completion = Completion(self._session, reading, listing, self._offer)
        before = self.tally.bytes_received
        for rows, broken in batches(listing.rows(selection), page_size, keep):
            records, unreadable = completion.complete(rows)
            received = self.tally.bytes_received
            yield Page(
                records=records,
                unreadable=broken + unreadable,
                bytes_read=received - before,
                is_partial=bool(completion.missing),
                remarks=(*listing.remarks, *completion.missing.values()),
            )
            before = received

    def _guessed(
        self, reading: ProbeReading, guesses: Guesses, page_size: int, keep: Callable[[Record], bool]
    ) -> Iterator[Page]:
        for page in Probing(self._session, reading, guesses).pages(page_size):
            yield replace(page, records=[record for record in page.records if keep(record)])

    def _named(
        self, reading: ProbeReading, selection: Ids, page_size: int, keep: Callable[[Record], bool]
    ) -> Iterator[Page]:
        """Records whose numbers are known, in whichever store view they are."""
        views = tuple(view.store_id for view in self.report().stores)
        known = tuple((number, views[0]) for number in selection.ids if views)
        guesses = Guesses(low=0, high=0, known=known, store_views=views, most_calls=len(known) * len(views))
        for page in Probing(self._session, reading, guesses).pages(page_size, only_known=True):
            yield replace(page, records=[record for record in page.records if keep(record)])

    def _whole(self, reading: Dictionary) -> Page:
        before = self.tally.bytes_received
        record = read_whole(self._session, self._offer, reading)
        missing = add_row_by_row(self._session, self._offer, reading, record)
        received = self.tally.bytes_received - before
        return Page(records=[record], bytes_read=received, is_partial=bool(missing), remarks=missing)


def _spine_and_stock(reading: SoapReading) -> set[str]:
    return {reading.spine} | {call.method for call in reading.stock if not call.is_optional}
