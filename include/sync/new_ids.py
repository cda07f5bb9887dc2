"""Ids above those known: the way to new records that have no date of change yet.

A cart gets its date when it is changed for the first time, and a third of all subscribers never had one: by date they
would be found by the next sweep only, days later.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from include.channels.model import Channel
from include.entities.model import Entity
from include.magento.door import Door
from include.sync import frontiers


@dataclass(frozen=True, slots=True)
class NewIds:
    """Ids above `low` up to `high`."""

    low: int
    high: int


def new_ids(connection: Connection, door: Door, channel: Channel, entity: Entity) -> NewIds | None:
    """What the store has above what is known; None when there is nothing, or the first load is still to be planned."""
    if not entity.has_undated:
        return None
    known = frontiers.load(connection, channel.code, entity.name)
    if known.initial_greatest_id is None:
        return None
    low = max(known.initial_greatest_id, known.known_greatest_id or 0)
    high = door.greatest_id(entity.reading[channel.kind], at_least=low)
    return NewIds(low, high) if high > low else None
