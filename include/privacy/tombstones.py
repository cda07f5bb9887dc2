"""Tombstones: which of the records at hand are an erased person's.

A record is, when its e-mail has the hash of an erased one, when it was an erased person's before, or when it belongs to
a record that is (a credit memo to its order). Where nobody was ever erased, all of this is one query for nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, text
from sqlalchemy.dialects.postgresql import insert

from include.entities.model import Entity
from include.identity.guest_keys import GuestKeys
from include.identity.normalisation import normalise_email
from include.magento.door import Record
from include.privacy.tables import ERASED_RECORDS, ERASURES

if TYPE_CHECKING:
    import pyarrow as pa

ErasedRoots = Mapping[str, int]
"""Number of the erasure by root key, of the records that are an erased person's."""

# Generous on purpose: what is no address has no tombstone.
_ADDRESS = re.compile(r"[^\s\"'<>(),;:\\\[\]]+@[^\s\"'<>(),;:\\\[\]@]+")
_ROUND = ".!?*_-"
"""What a sentence or its markup puts around an address."""
_KNOWN = text(
    """
    select entity, record_key, erasure_id from ops.erased_records
    where (entity, record_key) in (select * from unnest(cast(:entities as text[]), cast(:keys as text[])))
    """
)


@dataclass(frozen=True, slots=True)
class Tombstones:
    """The e-mails of erased people, as hashes.

    Attributes:
        keys: the secret they are made with.
        by_hash: number of the erasure by hash.
    """

    keys: GuestKeys
    by_hash: Mapping[str, int]

    def of_email(self, email: str | None) -> int | None:
        """The erasure of whoever has this address; None for everybody else."""
        normalised = normalise_email(email) if email else None
        return self.by_hash.get(self.keys.email_hash(normalised)) if normalised else None

    def of_text(self, content: str) -> int | None:
        """The erasure of somebody whose address is anywhere in a text, such as a record as JSON."""
        found = (self.of_email(address.strip(_ROUND)) for address in set(_ADDRESS.findall(content)))
        return next((number for number in found if number is not None), None)


def standing(connection: Connection, keys: GuestKeys) -> Tombstones | None:
    """All tombstones; None where nobody was ever erased."""
    rows = connection.execute(select(ERASURES.c.erasure_id, ERASURES.c.email_hash)).all()
    return Tombstones(keys, {r.email_hash: r.erasure_id for r in rows if r.email_hash}) if rows else None


def root_columns(entity: Entity) -> list[str]:
    """The columns of the root table that tell whose a record is."""
    person = entity.person
    return [entity.root.key_column, *person.emails, *person.through] if person else []


def erased_roots(
    connection: Connection, tombstones: Tombstones, entity: Entity, frames: Iterable[pa.Table]
) -> dict[str, int]:
    """Which records are an erased person's.

    Args:
        connection: to the warehouse.
        tombstones: from `standing`.
        entity: whose records they are.
        frames: of its root table; columns other than `root_columns` are not looked at.
    """
    if entity.person is None:
        return {}
    found: dict[str, int] = {}
    for frame in frames:
        rows = frame.select(root_columns(entity)).to_pylist()
        found |= _erased_rows(connection, tombstones, entity, rows)
    return found


def _erased_rows(
    connection: Connection, tombstones: Tombstones, entity: Entity, rows: list[dict[str, str | None]]
) -> dict[str, int]:
    person, key_column = entity.person, entity.root.key_column
    if person is None:
        return {}
    columns = {key_column: entity.name, **person.through}
    known = known_records(connection, {(of, row[name]) for row in rows for name, of in columns.items()})
    found: dict[str, int] = {}
    for row in rows:
        reasons = [known.get((of, row[name])) for name, of in columns.items()]
        reasons += [tombstones.of_email(row[name]) for name in person.emails]
        erasure = next((number for number in reasons if number is not None), None)
        if erasure is not None and row[key_column] is not None:
            found[str(row[key_column])] = erasure
    return found


def note(connection: Connection, records: Mapping[tuple[str, str], int]) -> None:
    """Remember that these records (entity and key) are an erased person's."""
    rows = [{"entity": e, "record_key": key, "erasure_id": number} for (e, key), number in records.items()]
    if rows:
        connection.execute(insert(ERASED_RECORDS).on_conflict_do_nothing(), rows)


def without_payload(
    entry: dict[str, Any], erased: ErasedRoots, tombstones: Tombstones | None
) -> dict[str, Any]:
    """A refused record as it may wait: without what was read of it, where it is or names an erased person."""
    if tombstones is None or entry["payload"] is None:
        return entry
    theirs = is_erased(entry["payload"], entry["record_key"], erased, tombstones)
    return {**entry, "payload": None} if theirs else entry


def is_erased(record: Record, key: str | None, erased: ErasedRoots, tombstones: Tombstones) -> bool:
    """Whether a record as read is an erased person's, or names the address of one anywhere."""
    return key in erased or tombstones.of_text(json.dumps(record, ensure_ascii=False)) is not None


def known_records(
    connection: Connection, records: Iterable[tuple[str, str | None]]
) -> dict[tuple[str, str | None], int]:
    """Number of the erasure of those records (entity and key) that were an erased person's before."""
    asked = [(entity, key) for entity, key in records if key is not None]
    if not asked:
        return {}
    entities, keys = zip(*asked, strict=True)
    rows = connection.execute(_KNOWN, {"entities": list(entities), "keys": list(keys)})
    return {(row.entity, row.record_key): row.erasure_id for row in rows}
