"""What each kind of store delivers: an empty table must never be a riddle.

Said from the readings themselves, so that it cannot differ from what the door does.
"""

from __future__ import annotations

from include.dictionary import markdown
from include.entities.catalogue import ENTITIES
from include.entities.model import Entity
from include.magento.door import Reading
from include.magento.rest.reading import RestReading, RestSnapshot
from include.magento.soap.offer import LEAST_BRIDGE
from include.magento.soap.reading import SnapshotByIds, SnapshotReading, SoapReading

_HEAD = ("entity", "tables", "with the bridge", "stock Magento 1", "Magento 2", "changes that move no date")


def section() -> list[str]:
    """A row per entity: the calls it is read by, and what a store without them lacks."""
    return ["## What a store delivers", "", *markdown.table(_HEAD, map(_row, ENTITIES))]


def _row(entity: Entity) -> tuple[str, ...]:
    reading = entity.reading["magento1"]
    tables = ", ".join(f"`{table.name}`" for table in entity.tables)
    return (
        f"`{entity.name}`",
        tables,
        _with_bridge(reading),
        _stock(reading),
        _of_rest(entity),
        _undated(entity),
    )


def _of_rest(entity: Entity) -> str:
    """The paths of its REST API, and the rights that the token needs for them."""
    reading = entity.reading.get("magento2")
    if isinstance(reading, RestReading):
        calls = [
            reading.path,
            *(call.path for call in reading.details),
            *(one.path for one in reading.look_ups),
        ]
        said = [f"{', '.join(calls)} ({reading.resource})", reading.leaves_out]
        return ". ".join(one for one in said if one)
    if isinstance(reading, RestSnapshot):
        return ", ".join(reading.lists.values()) + f" ({reading.resource})"
    return "not yet"


def _with_bridge(reading: Reading) -> str:
    if isinstance(reading, SnapshotReading) and reading.without:
        return "Not available."
    if isinstance(reading, SoapReading) and reading.bridge:
        return f"{_call(reading.spine)}, {_call(reading.bridge)}"
    return _calls(reading)


def _stock(reading: Reading) -> str:
    if isinstance(reading, SoapReading) and reading.is_paged:
        return reading.without or "Not available: the store has no list of them."
    if isinstance(reading, SnapshotReading) and reading.without:
        return reading.without
    if isinstance(reading, SnapshotReading):
        replaced = {reading.lists[key]: f"{call.method} row by row" for key, call in reading.instead.items()}
        kept = [name for name in _methods(reading) if name in replaced or name in reading.needed]
        return ", ".join(replaced.get(name, name) for name in kept)
    return _calls(reading)


def _calls(reading: Reading) -> str:
    """The calls of a store without the bridge, or of one whose bridge has none for this entity."""
    if isinstance(reading, SoapReading):
        optional = {call.method for call in reading.stock if call.is_optional}
        names = [reading.spine, *(call.method for call in reading.stock)]
        return ", ".join(_call(name) + (" where allowed" if name in optional else "") for name in names)
    if isinstance(reading, SnapshotReading):
        return ", ".join(
            _call(name) + ("" if name in reading.needed else " where there is one")
            for name in _methods(reading)
        )
    if isinstance(reading, SnapshotByIds):
        return f"{_call(reading.spine.spine)}, {_call(reading.method)}"
    return "by calls of its own"


def _methods(reading: SnapshotReading) -> list[str]:
    return sorted({*reading.lists.values(), *(call.method for call in reading.records.values())})


def _call(method: str) -> str:
    least = LEAST_BRIDGE.get(method)
    return f"{method} (bridge {least} or later)" if least else method


def _undated(entity: Entity) -> str:
    if entity.is_snapshot:
        return "none: read whole each time"
    said = []
    if entity.trailing:
        said.append(f"records of the last {entity.trailing.days} days are read again daily")
    said.append(
        "the sweep reads all again" if entity.is_swept_whole else "the sweep finds what is new or gone"
    )
    return "; ".join(said)
