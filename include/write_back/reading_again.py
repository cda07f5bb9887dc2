"""After changes were sent: their records are read again, so that crm shows the store's truth at once.

What is to be read stands with the entries from the moment they are settled until it is read, whatever becomes of the
run. What a newcomer would get wrong: a record that somebody removed in the store is read as nothing at all. One whose
change was rejected is therefore looked for in the store's list, and marked deleted when it is not in it; it is never
made again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, text

from include.entities.catalogue import entity as entity_named
from include.entities.model import Entity
from include.errors import SyncError
from include.magento.door import Door, Ids, Page, Reading, Record, Selection, Unreadable
from include.sync.by_id import ById, Loader
from include.sync.gone import mark_gone
from include.sync.window import WindowKind

_UNREAD = text(
    """
    select outbox_id, attempt_count, state, unread_json from crm.outbox
    where channel_code = :channel and unread_json is not null
    """
)
_READ = text(
    """
    update crm.outbox set unread_json = null
    where outbox_id = :outbox_id and attempt_count = :attempt and state = :state
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Records that an entry, settled in this state after so many attempts, wants to be read again."""

    outbox_id: int
    attempt: int
    state: str
    records: frozenset[tuple[str, int]]


def unread(engine: Engine, channel_code: str) -> list[Unread]:
    """What is still to be read of a channel."""
    with engine.connect() as connection:
        rows = connection.execute(_UNREAD, {"channel": channel_code}).all()
    return [
        Unread(
            outbox_id=row.outbox_id,
            attempt=row.attempt_count,
            state=row.state,
            records=frozenset((name, number) for name, number in row.unread_json),
        )
        for row in rows
    ]


def read_again(reader: ById, wanted: Collection[Unread]) -> None:
    """Load the records as they are now, and mark those that are gone.

    Args:
        reader: of the channel.
        wanted: what is still to be read; what could be is noted with its entries.

    Raises:
        SyncError: records of an entity could not be loaded; the others are.
    """
    touched = {record for one in wanted for record in one.records}
    # The store may have refused a change because its record is gone.
    suspects = {record for one in wanted if one.state == "rejected" for record in one.records}
    read, failures = set[tuple[str, int]](), list[SyncError]()
    for name in sorted({name for name, _ in touched}):
        mine = {record for record in touched if record[0] == name}
        try:
            _read(reader, entity_named(name), mine, some_rejected=bool(mine & suspects))
        except SyncError as failure:
            failures.append(failure)
        else:
            read |= mine
    _note(reader.engine, [one for one in wanted if one.records <= read])
    for first in failures:
        raise first


def _read(reader: ById, entity: Entity, records: Collection[tuple[str, int]], *, some_rejected: bool) -> None:
    ids = sorted(number for _, number in records)
    if reader.door.delivers(entity.reading[reader.channel.kind]) is not None:
        _read_by_number(reader, entity, ids)
        return
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


def _note(engine: Engine, done: Collection[Unread]) -> None:
    """An entry that was tried again meanwhile has its records read again once more."""
    rows = [{"outbox_id": one.outbox_id, "attempt": one.attempt, "state": one.state} for one in done]
    if rows:
        with engine.begin() as connection:
            connection.execute(_READ, rows)


def _absent(reader: ById, entity: Entity, ids: Sequence[int]) -> list[int]:
    """Those that the store's list does not have."""
    reading = entity.reading[reader.channel.kind]
    rows = reader.door.rows(reading, Ids(ids=tuple(ids)), page_size=reader.channel.limits.page_size)
    found = {row.id if isinstance(row, Unreadable) else int(str(row[reading.id_field])) for row in rows}
    return [number for number in ids if number not in found]
