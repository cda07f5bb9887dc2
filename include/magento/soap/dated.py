"""The spine of entities whose list says no ids: shipments, of which Magento lists number, date and quantity alone.

Their ids cannot be asked for, so they are found by date; the list's own update stamp is not shown either, and where it
cannot be filtered by, only what is new can be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from include.errors import ConfigError
from include.magento.door import IdRange, Ids, Record, Selection, Unreadable
from include.magento.soap.greatest_id import STAMP
from include.magento.soap.listing import Listing


class DatedListing(Listing):
    """Lists the spine of one entity by date; records are known by the number people see."""

    def name_of(self, row: Record) -> str:
        """The record's number."""
        return str(row[self._reading.id_field])

    def is_named(self, row: Record) -> bool:
        """Whether the row has a number."""
        return isinstance(row.get(self._reading.id_field), str)

    def greatest_id(self, at_least: int = 0) -> int:
        """There are no ids to compare."""
        return 0

    def has(self, row: Record) -> bool:
        """Whether the list still holds this record."""
        return bool(self.find(self._reading.id_field, [self.name_of(row)]))

    def _selected(self, selection: Selection) -> Iterator[Record | Unreadable]:
        match selection:
            case Ids() | IdRange():
                raise ConfigError(f"{self._reading.spine} says no ids: ask for its records by date.")
            case _:
                yield from super()._selected(selection)

    def _of_one_second(self, since: datetime, until: datetime | None) -> Iterator[Record | Unreadable]:
        """What breaks cannot be named: the second it belongs to waits in its place, and the others go on."""
        reason = f"{self._reading.spine} breaks on what happened at {since.strftime(STAMP)} (UTC)."
        yield Unreadable(id=f"at-{since:%Y-%m-%dT%H:%M:%SZ}", reason=reason)
