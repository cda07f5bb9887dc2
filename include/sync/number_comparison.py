"""The store's list against the warehouse for entities whose list says no ids: all numbers of one against the other's.

Nothing can be asked for by range, so the list is gone through once; of each record it keeps a number and a second. What
a newcomer would get wrong: such a list shows no date of change and no parent, so records that differ cannot be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text

from include.entities.model import Entity
from include.magento.door import Created, Unreadable
from include.sync.by_id import ById
from include.sync.compared import Compared
from include.sync.extent import created_at
from include.sync.scope import wanted_records
from include.sync.window import Window, WindowKind, of_seconds

_KNOWN = """
select "{number}" as number, changed_at < :began_at as is_old
from crm."{table}" where channel_code = :channel and deleted_at is null
"""
_WAITING = """
select substr(record_key, length(:channel) + 2) from ops.quarantine
where channel_code = :channel and entity = :entity and resolved_at is null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberComparison:
    """Compares one channel's entity, as `Comparison` does, in one range without bounds.

    Attributes:
        seconds: when each listed record was created; None for one without a usable date, which cannot be asked for.
    """

    reader: ById
    entity: Entity
    seconds: dict[str, datetime | None] = field(default_factory=dict)

    def ranges(self) -> Iterator[Compared[str]]:
        """All of it."""
        yield self.range(0, 0)

    def range(self, low: int, high: int) -> Compared[str]:
        """All of it, whatever the bounds."""
        began_at = self._now()
        old = self._list()
        known, waiting = self._known(began_at), self._waiting()
        new = self.seconds.keys() - known.keys() - waiting
        missing = new - old if self._is_told else set[str]()
        outside = 0 if self._is_told else len(new)
        gone = {number for number, is_old in known.items() if is_old} - self.seconds.keys() - waiting
        return Compared(
            low=low,
            high=high,
            store_count=len(self.seconds) - outside,
            warehouse_count=len(known),
            outside_count=outside,
            too_old_count=len(new & old) if self._is_told else 0,
            waiting_count=len(waiting),
            missing=tuple(sorted(missing)),
            gone=tuple(sorted(gone)),
        )

    def read(self, numbers: Collection[str]) -> int:
        """Read these records, by the second they were created in; how many rows changed."""
        seconds = {self.seconds.get(number) for number in numbers} - {None}
        template = Window(
            channel_code=self.reader.channel.code, entity=self.entity.name, kind=WindowKind.SWEEP
        )
        return self.reader.load(template, of_seconds(template, (second for second in seconds if second)))

    @property
    def _is_told(self) -> bool:
        """Whether every record of the list is the channel's; else only its details say so."""
        return self.reader.channel.websites == "all" or not self.entity.scope.is_in_details

    def _list(self) -> set[str]:
        """Go through the list; the numbers of records made before the channel's start date."""
        self.seconds.clear()
        channel, mapping = self.reader.channel, self.reader.mapping
        reading = self.entity.reading[channel.kind]
        ours, young = (
            wanted_records(self.entity, mapping.channel, mapping.website_of, of_any_day=any_day)
            for any_day in (True, False)
        )
        old = set[str]()
        for row in self.reader.door.rows(reading, Created(), page_size=channel.limits.page_size):
            if isinstance(row, Unreadable) or not ours(row):
                continue
            number = str(row[reading.id_field])
            self.seconds[number] = created_at(row, self.entity.created_field)
            if not young(row):
                old.add(number)
        return old

    def _now(self) -> datetime:
        with self.reader.engine.connect() as connection:
            now: datetime = connection.execute(text("select now()")).scalar_one()
        return now

    def _known(self, began_at: datetime) -> dict[str, bool]:
        """The warehouse's numbers, and whether each was there before the list was asked for."""
        root = self.entity.root
        statement = text(_KNOWN.format(number=root.key[0], table=root.name))
        values = {"channel": self.reader.channel.code, "began_at": began_at}
        with self.reader.engine.connect() as connection:
            return {row.number: row.is_old for row in connection.execute(statement, values)}

    def _waiting(self) -> set[str]:
        values = {"channel": self.reader.channel.code, "entity": self.entity.name}
        with self.reader.engine.connect() as connection:
            return set(connection.execute(text(_WAITING), values).scalars())
