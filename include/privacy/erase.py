"""Erase a person: the tombstone, the warehouse and the quarantine in one transaction; kept files follow.

The person is named by the key of a customer or by the keyed hash of an e-mail, never by the e-mail: what is typed into
a form is shown in Airflow, kept in its database and written to its logs. The transaction holds the lock of every
entity, so no window can load what was read before and commit it after.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.sql import column, table

from include.entities.catalogue import ENTITIES
from include.entities.model import Entity
from include.errors import ConfigError
from include.identity.accounts import settle_customers
from include.identity.guest_keys import GuestKeys
from include.identity.normalisation import normalise_email
from include.privacy.anonymise import anonymise
from include.privacy.decisions import forget_words
from include.privacy.exports import exports_with
from include.privacy.kept_records import erased_records
from include.privacy.requests import forget_requests
from include.privacy.tables import ERASURES
from include.privacy.tombstones import Tombstones
from include.suppressions.suppressing import OptOut, opt_out_of, suppress
from include.sync import ledger
from include.warehouse.schema import CRM, HISTORY

HASH = re.compile(r"[0-9a-f]{64}")
CUSTOMERS = "customers"

_LOCKED = "select channel_code, entity from ops.windows union select channel_code, entity from ops.frontiers"
_TOMBSTONE = """
insert into ops.erasures (email_hash) values (:email_hash)
on conflict (email_hash) do update set email_hash = excluded.email_hash
returning erasure_id
"""
_CUSTOMER = """
select customers.email_normalised, erased.erasure_id
from crm.customers as customers
left join ops.erased_records as erased
    on erased.entity = 'customers' and customers.customer_key = erased.record_key
where customers.customer_key = :key
"""
_ADDRESSES = """
select distinct others.email_normalised
from crm.customers as theirs
inner join crm.customers as others
    on theirs.account_key = others.account_key or theirs.customer_key = others.customer_key
where theirs.customer_key = any(:keys) and others.email_normalised is not null
"""
_OUTCOME = """
update ops.erasures
set outcome_json = cast(:outcome as jsonb), exports_json = cast(:exports as jsonb), files_rewritten_at = null
where erasure_id = :erasure
"""
_WAITING = """
select channels.kind, q.quarantine_id, q.channel_code, q.entity, q.record_key, q.payload_json
from ops.quarantine as q left join ops.channels as channels using (channel_code)
where q.payload_json is not null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What was found of a person and forgotten.

    Attributes:
        erasure_id: number in ops.erasures.
        rows: rows anonymised by table, `quarantine` for payloads that were dropped, `outbox` for changes asked of a
            store, others for what people wrote about theirs; this time.
        exports: segment files that held the person, as in ops.erasures.
    """

    erasure_id: int
    rows: dict[str, int]
    exports: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Named:
    """Whom a person in charge has named."""

    email_hash: str | None
    customer_key: str | None
    erasure_id: int | None = None


class _Found(NamedTuple):
    """A record of the person, and the address by which it was found, as it is written there."""

    entity: str
    record_key: str
    email: str | None = None


def erase_person(engine: Engine, keys: GuestKeys, named: str, *, shared: Collection[str] = ()) -> Erasure:
    """Forget a person everywhere in the warehouse, and for good; running it again is safe.

    Args:
        engine: the warehouse.
        keys: the secret of hashes.
        named: key of a customer (`us:1042`, `us:guest:...`), or `keys.email_hash` of a normalised e-mail.
        shared: e-mails that several guests share; their tombstone would be everybody's.

    Raises:
        ConfigError: nobody has this key, or the e-mail is a shared one.
    """
    hashes = {keys.email_hash(email) for email in shared}
    with engine.begin() as connection:
        _hold_everything(connection)
        person = _resolved(connection, keys, named, hashes)
        erasure = _tombstone(connection, person)
        stones = Tombstones(keys, {person.email_hash: erasure} if person.email_hash else {})
        found = list(_found(connection, stones, person))
        roots = dict.fromkeys(((one.entity, one.record_key) for one in found), erasure)
        _suppress(connection, keys, person, erasure, found, but=hashes)
        rows = anonymise(connection, roots, named=stones)
        held = exports_with(
            connection, erasure
        )  # by the accounts as they are: without names they may be parted
        settle_customers(connection, [key for entity, key in roots if entity == CUSTOMERS])
        rows += Counter(quarantine=_forget_waiting(connection, stones))
        rows += forget_requests(connection, erasure, stones)
        rows += forget_words(connection, erasure, stones)
        exports = _keep_outcome(connection, erasure, rows, held)
    return Erasure(erasure_id=erasure, rows=rows, exports=exports)


def _hold_everything(connection: Connection) -> None:
    for row in sorted(tuple(row) for row in connection.execute(text(_LOCKED))):
        ledger.hold(connection, *row)


def _resolved(connection: Connection, keys: GuestKeys, named: str, shared: Collection[str]) -> _Named:
    if HASH.fullmatch(named):
        if named in shared:
            raise ConfigError(
                "This e-mail is among shared_guest_emails of a channel, so it stands for several people: name the one "
                "that is meant by the key of the customer."
            )
        return _Named(named, None)
    row = connection.execute(text(_CUSTOMER), {"key": named}).one_or_none()
    if row is None:
        raise ConfigError(
            "No customer has the key that was given: look it up as customer_key in crm.customers, or use `make erase`."
        )
    email = row.email_normalised
    if not email or keys.email_hash(email) in shared:
        return _Named(None, named, row.erasure_id)
    return _Named(keys.email_hash(email), named, row.erasure_id)


def _tombstone(connection: Connection, person: _Named) -> int:
    if person.erasure_id is not None and person.email_hash is None:
        return person.erasure_id
    values = {"email_hash": person.email_hash}
    return int(connection.execute(text(_TOMBSTONE), values).scalar_one())


def _suppress(
    connection: Connection,
    keys: GuestKeys,
    person: _Named,
    erasure: int,
    found: Collection[_Found],
    *,
    but: Collection[str],
) -> None:
    """No file is for the person any more, wherever the address turns up again; nor for others of the account.

    Without the erased one nobody could tell later that these belong to the same person. It is told with the instant of
    the erasure, so that to run it again takes no lifting back.
    """
    values = {"erasure": erasure, "keys": [one.record_key for one in found if one.entity == CUSTOMERS]}
    at = connection.execute(text("select erased_at from ops.erasures where erasure_id = :erasure"), values)
    erased_at = at.scalar_one()
    gone = []
    if person.email_hash is not None:
        known = (normalise_email(one.email) for one in found if one.email)
        mailbox = next((keys.mailbox_hash(email) for email in known if email), None)
        gone = [OptOut(person.email_hash, "erased", erased_at, mailbox)]
    others = connection.execute(text(_ADDRESSES), values).scalars()
    told = (opt_out_of(keys, email, "unsubscribed", erased_at) for email in others)
    gone += [one for one in told if one.address_hash not in {person.email_hash, *but}]
    suppress(connection, gone, source="erasure", now=connection.execute(select(func.now())).scalar_one())


def _found(connection: Connection, stones: Tombstones, person: _Named) -> Iterator[_Found]:
    """Records of the person: named, with this e-mail, or once with it."""
    if person.customer_key is not None:
        yield _Found(CUSTOMERS, person.customer_key)
    if person.email_hash is None:
        return
    for entity in ENTITIES:
        for name, columns in _with_emails(entity).items():
            for one in columns:
                yield from _with(connection, stones, entity, name, one)


def _with_emails(entity: Entity) -> dict[str, tuple[str, ...]]:
    """Columns that may hold an e-mail, by table: those declared, and what history keeps of anything personal."""
    if entity.person is None:
        return {}
    found = {CRM[entity.root.name].name: entity.person.emails}
    if entity.root.has_history:
        tracked = tuple(f.name for f in entity.root.fields if f.is_tracked and f.is_personal)
        found[HISTORY[entity.root.name].name] = tracked
    return found


def _with(
    connection: Connection, stones: Tombstones, entity: Entity, name: str, email: str
) -> Iterator[_Found]:
    """Records with the person's address: distinct addresses are hashed here, the server knows no secret."""
    source = table(name, column(entity.root.key_column), column(email), schema="crm")
    key, value = source.c
    distinct = select(value).where(value.like("%@%")).distinct()
    found = connection.execute(distinct, execution_options={"yield_per": 10_000}).scalars()
    theirs = [one for one in found if stones.of_email(one) is not None]
    if theirs:
        rows = connection.execute(select(key, value).where(value.in_(theirs)).distinct())
        yield from (_Found(entity.name, record_key, written) for record_key, written in rows)


def _forget_waiting(connection: Connection, stones: Tombstones) -> int:
    """Drop the payloads of waiting and once waiting records that are the person's."""
    rows = list(connection.execute(text(_WAITING)).mappings())
    theirs = [
        row["quarantine_id"]
        for entity in ENTITIES
        for row in _theirs(connection, stones, entity, [r for r in rows if r["entity"] == entity.name])
    ]
    if theirs:
        forget = text("update ops.quarantine set payload_json = null where quarantine_id = any(:theirs)")
        connection.execute(forget, {"theirs": theirs})
    return len(theirs)


def _theirs(connection: Connection, stones: Tombstones, entity: Entity, rows: list[Any]) -> list[Any]:
    found = []
    for code, kind in {(row["channel_code"], row["kind"]) for row in rows}:
        mine = [row for row in rows if row["channel_code"] == code]
        records = [(row["record_key"], row["payload_json"]) for row in mine]
        erased = erased_records(connection, stones, entity, code, kind or "magento1", records)
        found += [row for row, is_theirs in zip(mine, erased, strict=True) if is_theirs]
    return found


def _keep_outcome(
    connection: Connection, erasure: int, rows: dict[str, int], held: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Add to what earlier runs found; the exports of all runs together."""
    before = connection.execute(select(ERASURES).where(ERASURES.c.erasure_id == erasure)).one()
    known = before.outcome_json or {}
    total = known | {name: known.get(name, 0) + count for name, count in rows.items()}
    exports = {one["file_name"]: one for one in [*(before.exports_json or []), *held]}
    listed = sorted(exports.values(), key=lambda one: (one["exported_at"], one["file_name"]))
    values = {"outcome": json.dumps(total), "exports": json.dumps(listed), "erasure": erasure}
    connection.execute(text(_OUTCOME), values)
    return listed
