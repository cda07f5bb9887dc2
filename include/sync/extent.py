"""How much there is to load at first: up to which id, or when each record was created where the list says no ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from include.channels.model import Channel
from include.entities.model import Entity
from include.magento.door import Created, Door, Record, Unreadable
from include.sync.window import Window, of_creation, of_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """All that a store has of one entity when its first load begins.

    Attributes:
        greatest_id: the greatest id; None where the list says none.
        created: where it says none, when each record was created; None for one without a usable date.
    """

    greatest_id: int | None = None
    created: tuple[datetime | None, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to load."""
        return not self.greatest_id and not self.created

    def windows(self, template: Window, *, per_window: int) -> Iterator[Window]:
        """Windows over all of it, newest first, of about so many records at most."""
        if self.greatest_id is not None:
            yield from of_ids(template, self.greatest_id, per_window=per_window)
        elif self.created:
            yield from of_creation(template, self.created, per_window=per_window)


NOTHING = Extent(greatest_id=0)


def extent_of(door: Door, channel: Channel, entity: Entity) -> Extent:
    """What the store has now: a few calls by id, else one pass over the list, which says little of each record."""
    reading = entity.reading[channel.kind]
    if reading.has_ids:
        return Extent(greatest_id=door.greatest_id(reading))
    rows = door.rows(reading, Created(), page_size=channel.limits.page_size)
    return Extent(created=tuple(created_at(row, entity.created_field) for row in rows))


def created_at(row: Record | Unreadable, field: str | None) -> datetime | None:
    """The second in which a listed record was created (UTC); None without a usable date."""
    try:
        text = "" if isinstance(row, Unreadable) else str(row.get(field or ""))
        return datetime.fromisoformat(text).replace(tzinfo=UTC, microsecond=0)
    except ValueError:
        return None
