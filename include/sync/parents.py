"""Parents: records that others refer to and the warehouse lacks; noted as rows arrive, fetched by id in the same run.

They are noted in the transaction that loads the rows that refer to them, so a killed run leaves them to the next one.
What the store does not have, or has for another channel, stays noted with the reason: it is an orphan's parent, and not
asked for again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from sqlalchemy import Connection, Engine, text

from include.channels.model import Channel
from include.entities.catalogue import entity as entity_named
from include.entities.model import Entity, Parent
from include.magento.door import Ids, Unreadable
from include.sync.by_id import ById
from include.sync.window import WindowKind

log = logging.getLogger(__name__)

MOST_PER_RUN = 5000
"""Parents fetched in one run; the rest is the next run's. Without the bridge each costs a call."""

_NOTE = """
insert into ops.absences (channel_code, entity, record_id, referring_entity)
select distinct staged.channel_code, :parent, staged."{column}", :entity
from {staged} as staged
where staged."{column}" > 0 and not exists (
    select from crm."{table}" as known
    where known."{key}" = staged.channel_code || ':' || staged."{column}"
)
on conflict do nothing
"""

_FORGET_ARRIVED = """
delete from ops.absences as absent
using crm."{table}" as known
where absent.channel_code = :channel and absent.entity = :entity
and known."{key}" = absent.channel_code || ':' || absent.record_id
"""

# What the parent's own first load still owes comes with it.
_NOT_ASKED_YET = """
select absent.record_id
from ops.absences as absent
inner join ops.frontiers using (channel_code, entity)
where
    absent.channel_code = :channel and absent.entity = :entity and absent.asked_at is null
    and (frontiers.initial_done_at is not null or absent.record_id > frontiers.initial_greatest_id)
order by absent.record_id desc
limit :most
"""

_STILL_MISSING = """
select record_id from ops.absences
where channel_code = :channel and entity = :entity and record_id = any(:asked)
"""

_SETTLE = """
update ops.absences as absent
set asked_at = :now, reason = case
    when exists (
        select from ops.quarantine as waits
        where waits.channel_code = absent.channel_code and waits.entity = absent.entity
        and waits.resolved_at is null and waits.record_key = absent.channel_code || ':' || absent.record_id
    ) then 'waits_in_quarantine'
    when absent.record_id = any(:outside) then 'outside_the_channel'
    else 'not_in_store'
end
where absent.channel_code = :channel and absent.entity = :entity and absent.record_id = any(:asked)
"""


def note_missing(connection: Connection, entity: Entity, parent: Parent, *, staged: str) -> None:
    """Note the parents that a window's rows refer to and the warehouse lacks, in the window's transaction.

    Args:
        connection: the window's transaction.
        entity: whose rows they are.
        parent: which of their parents.
        staged: quoted name of the staged root table, made by the upsert.
    """
    statement = _NOTE.format(staged=staged, column=parent.column, **_names(entity_named(parent.entity)))
    connection.execute(text(statement), {"parent": parent.entity, "entity": entity.name})


def has_pending(engine: Engine, channel: Channel, entity: Entity) -> bool:
    """Whether the store has to be asked for a parent of this entity."""
    return any(_pending(engine, channel, parent) for parent in _synced_parents(channel, entity))


def fetch(reader: ById, entity: Entity) -> int:
    """Read the parents that are missing, and theirs; how many rows changed.

    Raises:
        SyncError: some could not be read or loaded; they stay noted for the next run.
    """
    changed = 0
    for parent in _synced_parents(reader.channel, entity):
        ids = _pending(reader.engine, reader.channel, parent)
        if ids and reader.door.delivers(parent.reading[reader.channel.kind]) is None:
            changed += reader.read(parent, WindowKind.PARENTS, ids)
            _settle(reader, parent, ids)
            changed += fetch(reader, parent)
    return changed


def _synced_parents(channel: Channel, entity: Entity) -> Iterator[Entity]:
    for parent in entity.parents:
        if parent.entity in channel.entities:
            yield entity_named(parent.entity)


def _pending(engine: Engine, channel: Channel, parent: Entity) -> list[int]:
    """Ids to ask the store for, newest first."""
    values = {"channel": channel.code, "entity": parent.name}
    with engine.begin() as connection:
        connection.execute(text(_FORGET_ARRIVED.format(**_names(parent))), values)
        found = connection.execute(text(_NOT_ASKED_YET), values | {"most": MOST_PER_RUN})
        return list(found.scalars())


def _settle(reader: ById, parent: Entity, asked: list[int]) -> None:
    """Forget those that came, note of the others why they did not."""
    channel = reader.channel
    values = {"channel": channel.code, "entity": parent.name}
    with reader.engine.begin() as connection:
        connection.execute(text(_FORGET_ARRIVED.format(**_names(parent))), values)
        missing = connection.execute(text(_STILL_MISSING), values | {"asked": asked}).scalars().all()
    if not missing:
        return
    outside = _listed(reader, parent, tuple(missing))
    settled = values | {"asked": list(missing), "outside": outside, "now": reader.now()}
    with reader.engine.begin() as connection:
        connection.execute(text(_SETTLE), settled)
    log.warning(
        "parents channel=%s entity=%s asked=%s absent=%s outside_the_channel=%s",
        channel.code,
        parent.name,
        len(asked),
        len(missing),
        len(outside),
    )


def _listed(reader: ById, parent: Entity, ids: tuple[int, ...]) -> list[int]:
    """Those that the store has all the same."""
    reading = parent.reading[reader.channel.kind]
    rows = reader.door.rows(reading, Ids(ids=ids), page_size=reader.channel.limits.page_size)
    return [int(row.id if isinstance(row, Unreadable) else str(row[reading.id_field])) for row in rows]


def _names(parent: Entity) -> dict[str, str]:
    return {"table": parent.root.name, "key": parent.root.key_column}
