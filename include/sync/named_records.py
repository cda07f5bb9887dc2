"""Records that a person names: found in the store before anything is planned, or refused with one sentence.

Asked of the list alone, which costs a call per 500: a record that is not there, or is not the channel's, would
otherwise end in a green run that has read nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from include.channels.model import Channel
from include.entities.model import Entity
from include.errors import ConfigError
from include.magento.door import Door, Ids, Record, Unreadable
from include.sync.request import Request

MOST_TOLD = 5


def named_ids(
    door: Door, channel: Channel, entity: Entity, request: Request, wanted: Callable[[Record], bool]
) -> tuple[int, ...]:
    """The ids of the records that a request names, rising.

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
        raise ConfigError(
            f"{entity.title} cannot be named one by one, since their list says no ids: give `from` and `to` around the "
            "day of their change instead."
        )
    ids = {*request.ids, *_ids_of_numbers(door, channel, entity, request.numbers)}
    found: set[int] = set()
    foreign: set[int] = set()
    reading = entity.reading[channel.kind]
    for row in door.rows(reading, Ids(ids=tuple(sorted(ids))), page_size=channel.limits.page_size):
        if isinstance(row, Unreadable):
            found.add(int(row.id))
            continue
        number = int(str(row[reading.id_field]))
        found.add(number)
        if not wanted(row):
            foreign.add(number)
    if missing := ids - found:
        raise _unknown(channel, entity, "id", map(str, sorted(missing)))
    if foreign:
        raise ConfigError(
            f"Channel {channel.code} leaves out {entity.name} {_listed(map(str, sorted(foreign)))}, which its store "
            "has: they are of another website or older than sync_start_date; see the channel's file."
        )
    return tuple(sorted(ids))


def _ids_of_numbers(door: Door, channel: Channel, entity: Entity, numbers: Collection[str]) -> set[int]:
    if not numbers:
        return set()
    if entity.number_field is None:
        raise ConfigError(f"{entity.title} have no number in Magento: name them by `ids`.")
    reading = entity.reading[channel.kind]
    rows = door.find(reading, entity.number_field, tuple(numbers))
    ids = {str(row[entity.number_field]): int(str(row[reading.id_field])) for row in rows}
    known = {number.casefold() for number in ids}
    if missing := [number for number in numbers if number.casefold() not in known]:
        raise _unknown(channel, entity, "number", missing)
    return set(ids.values())


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
