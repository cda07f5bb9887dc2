"""What is read whole, as one record: store views, groups, categories, stock.

What a newcomer would get wrong: nothing may be left out here. Rows that are missing from a dictionary count as gone
from the store, so a part that cannot be read fails the whole.
"""

from __future__ import annotations

from include.errors import DataError
from include.magento.door import Everything, Record, Unreadable
from include.magento.faults import CallFailed, CallRefused
from include.magento.rest.listing import Listing
from include.magento.rest.reading import RestReading, RestSnapshot
from include.magento.rest.records import record_of
from include.magento.rest.session import Session


def read_whole(session: Session, reading: RestSnapshot, page_size: int) -> Record:
    """The one record of a dictionary.

    Raises:
        TransientError: a part of it cannot be read.
        ConfigError: the token may not read a required part.
    """
    found: Record = {}
    for key, path in reading.lists.items():
        try:
            found[key] = _part(session, reading, key, path, page_size)
        except CallRefused:
            if key in reading.required:
                raise
    return found


def _part(session: Session, reading: RestSnapshot, key: str, path: str, page_size: int) -> list[Record]:
    if key in reading.order_by:
        field, filter_id = reading.order_by[key]
        listed = RestReading(path=path, order_by=field, filter_id=filter_id, resource=reading.resource)
        return list(map(_readable, Listing(session, listed, page_size).rows(Everything())))
    answer = session.ask(path)
    if not isinstance(answer, list):
        raise DataError(f"The store answers {path} with something else than a list: look at its REST API.")
    return [record_of(row) for row in answer]


def _readable(row: Record | Unreadable) -> Record:
    if isinstance(row, Unreadable):
        raise CallFailed(f"{row.reason} What is read whole cannot do without it.")
    return row
