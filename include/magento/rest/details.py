"""The calls that complete a record: a cart's totals, one call each, since no list tells them.

Made only for records that have what is asked for. A store without the call still gives the rest, and the page says so.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence

from include.magento.door import Record, Unreadable
from include.magento.faults import CALL_FAILURES, CallRefused, RecordGone
from include.magento.rest.listing import Listing
from include.magento.rest.reading import DetailCall, RestReading
from include.magento.rest.records import record_of
from include.magento.rest.session import Session

log = logging.getLogger(__name__)
_PLACE = re.compile(r"\{(\w+)\}")


class Details:
    """Completes the records of one reading."""

    def __init__(self, session: Session, reading: RestReading, listing: Listing) -> None:
        self._session = session
        self._reading = reading
        self._listing = listing
        self.missing: dict[str, str] = {}
        """What the store does not give, a sentence by path."""

    def complete(self, records: Sequence[Record]) -> tuple[list[Record], list[Unreadable]]:
        """The records with all that can be had, and those whose calls break."""
        whole: list[Record] = []
        broken: list[Unreadable] = []
        for record in records:
            found = self._completed(record)
            if isinstance(found, Unreadable):
                broken.append(found)
            else:
                whole.append(found)
        return whole, broken

    def _completed(self, record: Record) -> Record | Unreadable:
        for call in self._reading.details:
            if call.path in self.missing or not call.is_about(record):
                continue
            try:
                answer = self._session.ask(_filled(call, record), store=self._reading.store)
            except RecordGone:  # bought meanwhile: what is bought has no totals any more
                continue
            except CallRefused as refusal:
                said = refusal.summary.replace(_filled(call, record), call.path)
                self.missing[call.path] = f"{said} Records come without what it adds."
                log.warning("%s", self.missing[call.path])
                continue
            except CALL_FAILURES as failure:
                self._listing.check()
                return Unreadable(id=self._listing.number_of(record), reason=failure.summary)
            record = {**record, call.into: record_of(answer)}
        return record


def _filled(call: DetailCall, record: Record) -> str:
    return _PLACE.sub(lambda found: str(record.get(found[1])), call.path)
