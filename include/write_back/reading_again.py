"""After changes were sent: their records are read again, so that crm shows the store's truth at once.

What a newcomer would get wrong: a record that somebody removed in the store is read as nothing at all. One whose change
was rejected is therefore looked for in the store's list, and marked deleted when it is not in it; it is never made
again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from include.entities.catalogue import entity as entity_named
from include.entities.model import Entity
from include.magento.door import Ids, Unreadable
from include.sync.by_id import ById
from include.sync.gone import mark_gone
from include.sync.window import WindowKind


def read_again(reader: ById, touched: Collection[tuple[str, int]], *, some_rejected: bool) -> None:
    """Load the records as they are now, and mark those that are gone.

    Args:
        reader: of the channel.
        touched: entities and ids.
        some_rejected: whether the store refused a change, which may be because a record is gone.

    Raises:
        SyncError: a record could not be loaded; the others are.
    """
    for name in sorted({name for name, _ in touched}):
        entity, ids = entity_named(name), sorted(number for one, number in touched if one == name)
        if reader.door.delivers(entity.reading[reader.channel.kind]) is not None:
            continue  # carts of a store without the bridge: an order closes them when it is read
        reader.read(entity, WindowKind.IDS, ids)
        if some_rejected:
            mark_gone(reader, entity, _absent(reader, entity, ids))


def _absent(reader: ById, entity: Entity, ids: Sequence[int]) -> list[int]:
    """Those that the store's list does not have."""
    reading = entity.reading[reader.channel.kind]
    rows = reader.door.rows(reading, Ids(ids=tuple(ids)), page_size=reader.channel.limits.page_size)
    found = {row.id if isinstance(row, Unreadable) else int(str(row[reading.id_field])) for row in rows}
    return [number for number in ids if number not in found]
