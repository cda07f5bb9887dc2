"""What is read whole, as one record: dictionaries such as stores and groups, the category tree, the stock.

What a newcomer would get wrong: nothing may be left out here. Rows that are missing from a dictionary count as gone
from the store, so a part that cannot be read fails the whole.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from include.magento.door import IdRange, Record, Unreadable
from include.magento.faults import CallFailed, CallRefused
from include.magento.soap.greatest_id import IDS_PER_CALL
from include.magento.soap.listing import Listing
from include.magento.soap.offer import Offer
from include.magento.soap.reading import Dictionary, RecordCall, SnapshotByIds, SnapshotReading
from include.magento.soap.session import Session

log = logging.getLogger(__name__)


def read_whole(session: Session, offer: Offer, reading: Dictionary) -> Record:
    """The one record of a dictionary.

    Raises:
        TransientError: a part of it cannot be read.
    """
    if isinstance(reading, SnapshotByIds):
        return {reading.into: list(_by_ids(session, reading))}
    return _of_lists(session, offer, reading) | _of_records(session, offer, reading)


def _of_lists(session: Session, offer: Offer, reading: SnapshotReading) -> Record:
    found: Record = {}
    for name, method in reading.lists.items():
        if method in offer.methods:
            with _doing_without(method if name in reading.instead else None):
                found[name] = session.rows(method)
    return found


@contextmanager
def _doing_without(method: str | None) -> Iterator[None]:
    """A list that is refused is as good as one that is not there, if it is named, since it can be replaced."""
    try:
        yield
    except CallRefused as refusal:
        if method is None:
            raise
        log.warning("%s", refusal.summary)


def _of_records(session: Session, offer: Offer, reading: SnapshotReading) -> Record:
    return {
        name: _record(session, call) for name, call in reading.records.items() if call.method in offer.methods
    }


def _record(session: Session, call: RecordCall) -> Record:
    record = session.call(call.method, call.arguments).record
    if not record:
        raise CallFailed(
            f"The store answers {call.method} with nothing: its exception log (var/log) may say why; trying again "
            "may help."
        )
    return record


def _by_ids(session: Session, reading: SnapshotByIds) -> Iterator[Record]:
    """The answers for every id of the list, each id once."""
    seen = set[str]()
    names = _names(Listing(session, reading.spine), reading)
    for start in range(0, len(names), IDS_PER_CALL):
        some = names[start : start + IDS_PER_CALL]
        for row in session.rows(reading.method, {reading.argument: some}):
            number = row.get(reading.spine.id_field)
            if isinstance(number, str) and number not in seen:
                seen.add(number)
                yield row


def _names(listing: Listing, reading: SnapshotByIds) -> list[str]:
    """What to ask for each row of the list by: its id, unless another row's alias is spelled alike."""
    aliases = dict(_aliases(listing, reading))
    taken = set(aliases.values())
    return [aliases[number] or number if number in taken else number for number in aliases]


def _aliases(listing: Listing, reading: SnapshotByIds) -> Iterator[tuple[str, str | None]]:
    """Every id of the list with its alias; none is known of a row that the list breaks on."""
    for row in listing.rows(IdRange(low=0, high=listing.greatest_id())):
        if isinstance(row, Unreadable):
            yield str(row.id), None
        else:
            alias = row.get(reading.alias_field)
            yield str(listing.id_of(row)), alias if isinstance(alias, str) else None
