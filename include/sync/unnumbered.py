"""Records that come beside a store's list without an id: they get one of ours, and the sweep finds those that are gone.

No range of the store's ids has them, so they are compared as a whole: what the warehouse knows and the store does not
tell any more is gone. What is new or different needs no sweep, since each run reads all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from include.entities.model import Entity
from include.magento.door import Record, Unnumbered, Unreadable
from include.sync.mapping import Mapping
from include.sync.scope import wanted_records

if TYPE_CHECKING:
    from include.sync.by_id import ById

_KNOWN = """
select "{id}" as number, changed_at < :began_at as is_old
from crm."{table}" where channel_code = :channel and "{id}" < 0 and deleted_at is null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What there is of them, and the ids of those that are gone."""

    listed: int = 0
    known: int = 0
    gone: tuple[int, ...] = ()


def numbered(records: Sequence[Record], entity: Entity, mapping: Mapping) -> list[Record]:
    """The records, those without an id with ours."""
    kind = mapping.channel.kind
    number_of = entity.unnumbered.get(kind)
    if number_of is None:
        return list(records)
    id_field = entity.reading[kind].id_field
    return [
        record if record.get(id_field) else {**record, id_field: number_of(record, mapping)}
        for record in records
    ]


def compare(reader: ById, entity: Entity) -> Compared:
    """Hold what the warehouse knows of them against what the store tells; where it knows none, the store is not asked.

    Raises:
        SyncError: the store does not tell them now; where it has lost what told them, all are gone.
    """
    channel, mapping = reader.channel, reader.mapping
    if channel.kind not in entity.unnumbered:
        return Compared()
    statement = text(_KNOWN.format(id=entity.root.key[0], table=entity.root.name))
    with reader.engine.connect() as connection:
        values = {"channel": channel.code, "began_at": connection.execute(text("select now()")).scalar_one()}
        known = {row.number: row.is_old for row in connection.execute(statement, values)}
    if not known:
        return Compared()
    reading = entity.reading[channel.kind]
    ours = wanted_records(entity, mapping.channel, mapping.website_of, of_any_day=True)
    told = reader.door.rows(reading, Unnumbered(), page_size=channel.limits.page_size)
    rows = [row for row in told if not isinstance(row, Unreadable) and ours(row)]
    there = {int(str(row[reading.id_field])) for row in numbered(rows, entity, mapping)}
    gone = {number for number, is_old in known.items() if is_old} - there
    return Compared(listed=len(there), known=len(known), gone=tuple(sorted(gone)))
