"""Probe: find records of a store that has no list of them, some guesses a run, for channels that ask for it.

Numbers are asked for upwards from where the last run stopped, and those that are still open again. Where it stopped the
ledger tells, or else the greatest number that is loaded; the very first run begins a little below the greatest number
that another entity tells. What a newcomer would get wrong: it never looks at what is older. A probe is no first load,
so `crm.complete_until` stays NULL.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from include.channels.model import Channel
from include.entities.model import Entity, Probe
from include.magento.door import Door, Guesses
from include.sync.window import Window, WindowKind

_POSITION = """
select
    (
        select max(id_high) from ops.windows
        where channel_code = :channel and entity = :entity and kind = 'probe' and state = 'done'
    ) as asked,
    (select max("{id}") from crm."{table}" where channel_code = :channel) as loaded,
    (select max("{told}") from crm."{teller}" where channel_code = :channel) as told
"""

# Half of them those that changed last, for they change most; the others by lot, so that each has its turn.
_OPEN = """
with still_open as (
    select "{id}" as id, coalesce("{view}", 0) as view,
        row_number() over (order by source_updated_at desc nulls last, "{id}" desc) as place
    from crm."{table}"
    where channel_code = :channel and "{column}" = :value and deleted_at is null
)
select id, view from still_open
order by case when place <= :most / 2 then place else :most + random() end
limit :most
"""


def is_probed(door: Door, channel: Channel, entity: Entity) -> bool:
    """Whether the entity's records are to be guessed: no list tells them, and the channel asks for it."""
    if entity.probe is None or channel.kind not in entity.probe.reading:
        return False
    if not channel.probe_calls_of(entity.name):
        return False
    return (
        door.delivers(entity.reading[channel.kind]) is not None
        and door.delivers(entity.probe.reading[channel.kind]) is None
    )


def window_to_probe(connection: Connection, channel: Channel, entity: Entity, views: int) -> Window | None:
    """The numbers that this run asks for surely; None as long as nothing tells where to begin.

    Args:
        connection: the warehouse.
        channel: says how many calls a run may spend.
        entity: whose records.
        views: how many store views a number may be in; one that does not exist costs a call in each.
    """
    probe = _probe_of(entity)
    teller, told = probe.told_by
    names = {"id": entity.root.key[0], "table": entity.root.name, "teller": teller, "told": told}
    position = connection.execute(
        text(_POSITION.format(**names)), {"channel": channel.code, "entity": entity.name}
    ).one()
    reach = channel.probe_calls_of(entity.name) // 2 // max(views, 1)
    if position.asked is None and position.loaded is None:
        if position.told is None:
            return None
        low = max(position.told - reach, 0)
    else:
        low = max(position.asked or 0, position.loaded or 0)
    high = min(max(position.told or 0, low), low + reach)
    return Window(
        channel_code=channel.code, entity=entity.name, kind=WindowKind.PROBE, id_low=low, id_high=high
    )


def guesses(
    connection: Connection, channel: Channel, entity: Entity, window: Window, views: tuple[int, ...]
) -> Guesses:
    """What to ask the door for, the records that are still open included."""
    probe = _probe_of(entity)
    column, value = probe.open_where
    names = {
        "id": entity.root.key[0],
        "view": probe.store_column,
        "table": entity.root.name,
        "column": column,
    }
    most = channel.probe_calls_of(entity.name)
    rows = connection.execute(
        text(_OPEN.format(**names)), {"channel": channel.code, "value": value, "most": most}
    ).all()
    return Guesses(
        low=window.id_low or 0,
        high=window.id_high or 0,
        known=tuple((row.id, row.view) for row in rows),
        store_views=views,
        most_calls=most,
    )


def _probe_of(entity: Entity) -> Probe:
    if entity.probe is None:
        raise ValueError(f"{entity.name} are not found by guessing")
    return entity.probe
