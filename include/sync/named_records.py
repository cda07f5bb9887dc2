"""Records that a person names: found in the store before anything is planned, or refused with one sentence.

Asked of the list alone, which costs a call per 500: a record that is not there, or is not the channel's, would
otherwise end in a green run that has read nothing. Records whose list says no ids are known by number and read by the
second of their creation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import ConfigError
from include.magento.door import Door, Ids, Record, Unreadable
from include.sync.extent import created_at
from include.sync.request import Request

MOST_TOLD = 5


def named_records(
    door: Door, channel: Channel, entity: Entity, request: Request, wanted: Callable[[Record], bool]
) -> Sequence[int | datetime]:
    """Where the records that a request names are found: their ids, rising, or the seconds they were created in.

    Args:
        door: the store.
        channel: whose records.
        entity: of which kind they are.
        request: names them by id, by number, or both.
        wanted: whether a record, as the list delivers it, is the channel's.

    Raises:
        ConfigError: the entity has no single records or no numbers, or a record is not there or not the channel's.
    """
    if entity.is_snapshot:
        raise ConfigError(f"{entity.title} are always read whole: leave `ids` and `number` empty.")
    if not entity.reading[channel.kind].has_ids:
        return _seconds_of_numbers(door, channel, entity, request, wanted)
    ids = {*request.ids, *_ids_of_numbers(door, channel, entity, request.numbers)}
    found, foreign = _listed_ids(door, channel, entity, ids, wanted)
    if missing := ids - found:
        raise _unknown(channel, entity, "id", map(str, sorted(missing)))
    if foreign:
        raise _foreign(channel, entity, map(str, sorted(foreign)))
    return tuple(sorted(ids))


def _listed_ids(
    door: Door, channel: Channel, entity: Entity, ids: set[int], wanted: Callable[[Record], bool]
) -> tuple[set[int], set[int]]:
    """Those of these ids that the store has, and those of them that are not the channel's."""
    found, foreign = set[int](), set[int]()
    reading = entity.reading[channel.kind]
    for row in door.rows(reading, Ids(ids=tuple(sorted(ids))), page_size=channel.limits.page_size):
        number = int(row.id if isinstance(row, Unreadable) else str(row[reading.id_field]))
        found.add(number)
        if not isinstance(row, Unreadable) and not wanted(row):
            foreign.add(number)
    return found, foreign


def _seconds_of_numbers(
    door: Door, channel: Channel, entity: Entity, request: Request, wanted: Callable[[Record], bool]
) -> Sequence[datetime]:
    if request.ids:
        raise ConfigError(f"The list of {entity.name} says no ids: name them by `number`.")
    rows = _rows_of_numbers(door, channel, entity, request.numbers)
    if foreign := [number for number, row in rows.items() if not wanted(row)]:
        raise _foreign(channel, entity, foreign)
    seconds = {number: created_at(row, entity.created_field) for number, row in rows.items()}
    if undated := [number for number, second in seconds.items() if second is None]:
        raise ConfigError(
            f"The store tells no date of creation of {entity.name} {_listed(undated)}, by which they would be found: "
            "start the run with full_resync instead."
        )
    return sorted({second for second in seconds.values() if second})


def _ids_of_numbers(door: Door, channel: Channel, entity: Entity, numbers: Collection[str]) -> set[int]:
    id_field = entity.reading[channel.kind].id_field
    return {int(str(row[id_field])) for row in _rows_of_numbers(door, channel, entity, numbers).values()}


def _rows_of_numbers(
    door: Door, channel: Channel, entity: Entity, numbers: Collection[str]
) -> dict[str, Record]:
    """What the list has of each number."""
    if not numbers:
        return {}
    name = entity.number_field
    if name is None:
        raise ConfigError(f"{entity.title} have no number in Magento: name them by `ids`.")
    rows = {str(row[name]): row for row in door.find(entity.reading[channel.kind], name, tuple(numbers))}
    known = {number.casefold() for number in rows}
    if missing := [number for number in numbers if number.casefold() not in known]:
        raise _unknown(channel, entity, "number", missing)
    return rows


def _foreign(channel: Channel, entity: Entity, names: Iterable[str]) -> ConfigError:
    return ConfigError(
        f"Channel {channel.code} leaves out {entity.name} {_listed(names)}, which its store has: they are of another "
        "website or older than sync_start_date; see the channel's file."
    )


def _unknown(channel: Channel, entity: Entity, what: str, missing: Iterable[str]) -> ConfigError:
    other = {
        "id": "an id is Magento's own, not the number people see",
        "number": "a number is what people see",
    }
    return ConfigError(
        f"The store of channel {channel.code} has no {entity.name} with the {what} {_listed(missing)}: look it up in "
        f"Magento's admin ({other[what]})."
    )


def _listed(words: Iterable[str]) -> str:
    known = list(words)
    more = len(known) - MOST_TOLD
    return ", ".join(known[:MOST_TOLD]) + (f" and {more} more" if more > 0 else "")
