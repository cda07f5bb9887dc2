"""Records as read from a store, in raw files and in quarantine: whose they are, told by their fields on the wire."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from include.entities.catalogue import entity as entity_named
from include.entities.fields import StoreKind
from include.entities.model import Entity
from include.magento.door import Record
from include.privacy.tombstones import Tombstones, is_erased, known_records


def erased_records(
    connection: Connection,
    stones: Tombstones,
    entity: Entity,
    channel_code: str,
    kind: StoreKind,
    records: Sequence[tuple[str | None, Record]],
) -> list[bool]:
    """Whether each record (its key, and itself) is an erased person's, or names the address of one.

    Args:
        connection: to the warehouse.
        stones: the addresses that count; records known by key count for every erasure.
        entity: what the records are.
        channel_code: whose.
        kind: of its store, for the names on its wire.
        records: as read.
    """
    owners = [_owners(entity, channel_code, kind, key, record) for key, record in records]
    known = known_records(connection, {owner for some in owners for owner in some})
    return [
        any(owner in known for owner in some) or is_erased(record, key, {}, stones)
        for some, (key, record) in zip(owners, records, strict=True)
    ]


def key_of(entity: Entity, channel_code: str, kind: StoreKind, record: Record) -> str | None:
    """Root key of a record as read; None where it has no id."""
    number = record.get(entity.reading[kind].id_field)
    return f"{channel_code}:{number}" if isinstance(number, str) else None


def _owners(
    entity: Entity, channel_code: str, kind: StoreKind, key: str | None, record: Record
) -> list[tuple[str, str | None]]:
    """The record itself and those it belongs to: the wire names them by the same id as their own records do."""
    found: list[tuple[str, str | None]] = [(entity.name, key)]
    for of in entity.person.through.values() if entity.person else ():
        other = entity_named(of)
        found.append((of, key_of(other, channel_code, kind, record)))
    return found
