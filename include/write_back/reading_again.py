"""After changes were sent: their records are read again, so that crm shows the store's truth at once.

What a newcomer would get wrong: a record that somebody removed in the store is read as nothing at all. One whose change
was rejected is therefore looked for in the store's list, and marked deleted when it is not in it; it is never made
again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from include.entities.catalogue import entity as entity_named
from include.entities.model import Entity
from include.magento.door import Door, Ids, Page, Reading, Record, Selection, Unreadable
from include.sync.by_id import ById, Loader
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
            _read_by_number(reader, entity, ids)
            continue
        reader.read(entity, WindowKind.IDS, ids)
        if some_rejected:
            mark_gone(reader, entity, _absent(reader, entity, ids))


@dataclass(frozen=True, slots=True, kw_only=True)
class ByNumber:
    """Records of an entity that the store does not list, of those whose number is known."""

    door: Door
    reading: Reading

    def read(
        self,
        reading: Reading,
        selection: Selection,
        *,
        page_size: int,
        keep: Callable[[Record], bool] | None = None,
    ) -> Iterator[Page]:
        """As `Source.read`; of the reading, that of numbers is taken."""
        return self.door.read(self.reading, selection, page_size=page_size, keep=keep)


def _read_by_number(reader: ById, entity: Entity, ids: Sequence[int]) -> None:
    """Load records that no list tells, carts of a store without the bridge; those that cannot be had are left alone."""
    reading = entity.probe.reading.get(reader.channel.kind) if entity.probe else None
    if reading is None or reader.door.delivers(reading) is not None:
        return
    loader = Loader(
        engine=reader.engine,
        door=ByNumber(door=reader.door, reading=reading),
        channel=reader.channel,
        mapping=reader.mapping,
        root=reader.root,
        run_id=reader.run_id,
        now=reader.now,
    )
    loader.read(entity, WindowKind.IDS, ids)


def _absent(reader: ById, entity: Entity, ids: Sequence[int]) -> list[int]:
    """Those that the store's list does not have."""
    reading = entity.reading[reader.channel.kind]
    rows = reader.door.rows(reading, Ids(ids=tuple(ids)), page_size=reader.channel.limits.page_size)
    found = {row.id if isinstance(row, Unreadable) else int(str(row[reading.id_field])) for row in rows}
    return [number for number in ids if number not in found]
