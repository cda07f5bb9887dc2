"""Rows of the spine made whole: children and the fields only the detail has.

With the bridge that is one call a page; rows it leaves out (orders without a store) and rows it breaks on are completed
by stock Magento's calls, one record each. A value the spine has is never hidden by an empty one of the detail.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from include.magento.door import Record, RecordName, Unreadable
from include.magento.faults import CALL_FAILURES, CallRefused, RecordGone
from include.magento.soap.contract import Condition
from include.magento.soap.listing import Listing
from include.magento.soap.offer import Offer
from include.magento.soap.reading import InfoCall, SoapReading
from include.magento.soap.session import ATTEMPTS, FEW_ATTEMPTS, Session

log = logging.getLogger(__name__)


class Completion:
    """Completes the rows of one entity."""

    def __init__(self, session: Session, reading: SoapReading, listing: Listing, offer: Offer) -> None:
        self._session = session
        self._reading = reading
        self._listing = listing
        self._bridge = reading.bridge if reading.bridge in offer.methods else None
        self._offer = offer
        self.missing: dict[str, str] = {}
        """Optional calls the store does not answer, each with a sentence that says so."""
        for call in reading.stock:
            if call.is_optional and call.method not in offer.methods:
                self._do_without(call.method, f"The store has no call {call.method}.")

    def complete(self, rows: Sequence[Record]) -> tuple[list[Record], list[Unreadable]]:
        """These rows as whole records; those deleted meanwhile are left out."""
        details = self._from_bridge([self._listing.name_of(row) for row in rows], ATTEMPTS)
        records: list[Record] = []
        unreadable: list[Unreadable] = []
        for row in rows:
            detail = details.get(self._listing.name_of(row))
            whole = merged(row, detail) if detail is not None else self._one_by_one(row)
            if isinstance(whole, Unreadable):
                unreadable.append(whole)
            elif whole is not None:
                records.append(whole)
        return records, unreadable

    def _from_bridge(self, ids: list[RecordName], attempts: int) -> dict[RecordName, Record]:
        """What the bridge has of these ids; halved when the page fails, empty for a record it breaks on."""
        if self._bridge is None or not ids:
            return {}
        try:
            return self._bridge_page(self._bridge, ids, attempts)
        except CALL_FAILURES:
            if not self._listing.answers():
                raise
        if not self._bridge_answers(self._bridge):
            log.warning("%s is out of order, reading record by record", self._bridge)
            self._bridge = None
        if self._bridge is None or len(ids) == 1:
            return {}
        log.warning("%s fails for %d ids, asking for halves", self._bridge, len(ids))
        middle = len(ids) // 2
        return self._from_bridge(ids[:middle], FEW_ATTEMPTS) | self._from_bridge(ids[middle:], FEW_ATTEMPTS)

    def _bridge_answers(self, bridge: str) -> bool:
        try:
            self._bridge_page(bridge, [0], FEW_ATTEMPTS)
        except CALL_FAILURES:
            return False
        return True

    def _bridge_page(self, bridge: str, ids: list[RecordName], attempts: int) -> dict[RecordName, Record]:
        condition = Condition(self._reading.filter_id, "in", ",".join(map(str, ids)))
        pager = {"page": 1, "pageSize": len(ids)}
        rows = self._session.rows(bridge, {"filters": [condition], "pager": pager}, attempts=attempts)
        wanted = set(ids)
        details: dict[RecordName, Record] = {}
        for record in self._listing.with_id(rows, bridge):
            number = self._listing.name_of(record)
            if number in details or number not in wanted:
                self._session.tally.unasked += 1
            else:
                details[number] = self._trusted(record)
        return details

    def _trusted(self, record: Record) -> Record:
        """The bridge's row less what its version is known to fill with something else."""
        for path, least in self._reading.trusted_from.items():
            if not self._offer.bridge_is(least):
                *parents, name = path.split(".")
                children = record.get(parents[0]) if parents else [record]
                for row in children if isinstance(children, list) else []:
                    if isinstance(row, dict):
                        row.pop(name, None)
        return record

    def _one_by_one(self, row: Record) -> Record | Unreadable | None:
        """A row completed by stock calls: whole, unreadable, or None when it is gone from the store."""
        try:
            return self._from_stock(row)
        except CALL_FAILURES as failure:
            if not self._listing.answers():
                raise
            return Unreadable(id=self._listing.name_of(row), reason=failure.summary)

    def _from_stock(self, row: Record) -> Record | Unreadable | None:
        record, number = row, self._listing.name_of(row)
        for call in self._reading.stock:
            if call.method in self.missing:
                continue
            try:
                completed = self._completed(record, call)
            except CallRefused as refusal:
                if not call.is_optional:
                    raise
                self._do_without(call.method, refusal.summary)
                continue
            except RecordGone:
                if self._listing.has(row):
                    return Unreadable(
                        id=number, reason=f"{call.method} knows nothing of a record the list has."
                    )
                self._session.tally.gone += 1
                return None
            if completed is None:
                return Unreadable(
                    id=number, reason=f"{call.method} cannot be asked or answers for another record."
                )
            record = completed
        return record

    def _do_without(self, method: str, reason: str) -> None:
        self.missing[method] = (
            f"{reason} Records come without what it adds, and what is known of that is kept."
        )
        log.warning("%s", self.missing[method])

    def _completed(self, record: Record, call: InfoCall) -> Record | None:
        key = record.get(call.value_field)
        if not isinstance(key, str):
            return None
        if call.into is not None:
            return {**record, call.into: self._session.rows(call.method, {call.argument: key})}
        answer = self._session.call(call.method, {call.argument: key})
        id_field = self._reading.id_field
        if answer.record.get(id_field, record[id_field]) != record[id_field]:
            return None
        return merged(record, answer.record)


def merged(row: Record, detail: Record) -> Record:
    """The detail over the row, where it says something."""
    record = {**row, **detail}
    for name, value in row.items():
        if value is not None and record[name] is None:
            record[name] = value
    return record
