"""What is read whole, as one record: store views, groups, categories, stock.

What a newcomer would get wrong: nothing may be left out here. Rows that are missing from a dictionary count as gone
from the store, so a part that cannot be read fails the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from include.errors import DataError
from include.magento.door import Everything, Record, Unreadable
from include.magento.faults import CallFailed, CallRefused
from include.magento.rest.criteria import Condition, Filter, query
from include.magento.rest.faults import PageTooLarge
from include.magento.rest.listing import Listing, page_of
from include.magento.rest.reading import RestReading, RestSnapshot
from include.magento.rest.records import record_of
from include.magento.rest.session import Session

VALUES_PER_CALL = 20
"""Article numbers may be 64 characters long."""
_LONGEST = 3000
"""Characters of values in one address: each letter of some scripts is nine there, and web servers stop at 8 KB."""


def read_whole(session: Session, reading: RestSnapshot, page_size: int) -> Record:
    """The one record of a dictionary.

    Raises:
        TransientError: a part of it cannot be read.
        ConfigError: the token may not read a required part.
    """
    found: dict[str, list[Record]] = {}
    for key in reading.lists:
        try:
            found[key] = list(_part(session, reading, key, page_size, found))
        except CallRefused:
            if key in reading.required:
                raise
    return {**found}


def list_of(reading: RestSnapshot, key: str) -> RestReading | None:
    """How one of its lists is read that goes by a number; None of those that come at once or by value."""
    if key not in reading.order_by:
        return None
    field, filter_id = reading.order_by[key]
    return RestReading(
        path=reading.lists[key],
        order_by=field,
        filter_id=filter_id,
        most_per_page=300,
        fields=reading.fields.get(key),
        resource=reading.resource,
    )


def _part(
    session: Session, reading: RestSnapshot, key: str, page_size: int, found: dict[str, list[Record]]
) -> Iterator[Record]:
    path = reading.lists[key]
    if listed := list_of(reading, key):
        yield from map(_readable, Listing(session, listed, page_size).rows(Everything()))
    elif per_value := reading.per_value.get(key):
        named = (row.get(per_value.field) for row in found[per_value.of])
        values = list(dict.fromkeys(str(value) for value in named if value))
        for start in range(0, len(values), VALUES_PER_CALL):
            yield from of_values(session, path, per_value.field, values[start : start + VALUES_PER_CALL])
    else:
        answer = session.ask(path)
        if not isinstance(answer, list):
            raise DataError(
                f"The store answers {path} with something else than a list: look at its REST API."
            )
        yield from map(record_of, answer)


def of_values(
    session: Session,
    path: str,
    field: str,
    values: Sequence[str],
    *,
    size: int = 100,
    fields: str | None = None,
) -> Iterator[Record]:
    """The rows whose field is one of these values, of fewer at a time where there are more than a page holds.

    Raises:
        DataError: a single value has more rows than a page holds.
    """
    listed = [value for value in values if "," not in value]
    alone = [[value] for value in values if "," in value]  # in a list it would be two
    for some in (*_runs(listed), *alone):
        yield from _of_some(session, path, field, some, size, fields)


def _runs(values: Sequence[str]) -> Iterator[list[str]]:
    """As many values at once as an address holds."""
    run: list[str] = []
    length = 0
    for value in values:
        own = len(quote(value, safe="")) + len("%2C")
        if run and length + own > _LONGEST:
            yield run
            run, length = [], 0
        run.append(value)
        length += own
    if run:
        yield run


def _of_some(
    session: Session, path: str, field: str, values: Sequence[str], size: int, fields: str | None
) -> Iterator[Record]:
    wanted = (
        Filter(field, Condition.EQUAL, values[0])
        if len(values) == 1
        else Filter(field, Condition.ONE_OF, values)
    )
    try:
        yield from _rows(session, path, wanted, size, fields)
    except PageTooLarge as limit:
        if limit.most >= size:
            raise
        yield from _of_some(session, path, field, values, limit.most, fields)
    except _TooMany:
        middle = len(values) // 2
        if not middle:
            raise DataError(
                f"The store has more rows of {path} for one {field} than fit on a page."
            ) from None
        for half in (values[:middle], values[middle:]):
            yield from _of_some(session, path, field, half, size, fields)


def _rows(session: Session, path: str, wanted: Filter, size: int, fields: str | None) -> list[Record]:
    asked = query([wanted], sort=wanted.field, size=size, fields=fields)
    rows, total = page_of(path, session.ask(path, asked))
    if total > len(rows):
        raise _TooMany
    return rows


class _TooMany(Exception):
    """More rows than a page holds."""


def _readable(row: Record | Unreadable) -> Record:
    if isinstance(row, Unreadable):
        raise CallFailed(f"{row.reason} What is read whole cannot do without it.")
    return row
