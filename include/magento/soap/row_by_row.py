"""Dictionaries that a store only gives row by row of another: stock Magento's regions, country by country.

What cannot be had is said, and its page is partial: rows that are missing from such a page do not count as gone.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from include.magento.door import Record, children
from include.magento.faults import CALL_FAILURES, CallRefused, RecordGone
from include.magento.soap.offer import Offer
from include.magento.soap.reading import Dictionary, RowCalls, SnapshotReading
from include.magento.soap.session import Session

log = logging.getLogger(__name__)


def add_row_by_row(session: Session, offer: Offer, reading: Dictionary, record: Record) -> tuple[str, ...]:
    """Put into the record what its lists did not give.

    Returns:
        What could not be had, a sentence each.
    """
    missing: list[str] = []
    if isinstance(reading, SnapshotReading):
        for name, calls in reading.instead.items():
            if name not in record:
                record[name] = list(_rows(session, offer, calls, children(record, calls.of), missing))
    for sentence in missing:
        log.warning("%s", sentence)
    return tuple(missing)


def _rows(
    session: Session, offer: Offer, calls: RowCalls, of: list[Record], missing: list[str]
) -> Iterator[Record]:
    if calls.method not in offer.methods:
        missing.append(f"The store has no call {calls.method}.")
        return
    for value in (row.get(calls.value_field) for row in of):
        if not isinstance(value, str):
            continue
        try:
            rows = session.rows(calls.method, {calls.argument: value})
        except RecordGone:
            continue
        except CallRefused as refusal:
            missing.append(refusal.summary)
            return
        except CALL_FAILURES as failure:
            missing.append(f"{calls.method} fails for {value}: {failure.summary}")
            continue
        yield from ({**row, calls.into_field: value} for row in rows)
