"""Noting suppressions, many at once, and lifting those of an address by hand.

What was lifted stays lifted when a platform tells of the same old opt-out again; a later one, or one of which nobody
says when it was, suppresses anew. Erasures are never lifted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Text, text

from include.errors import ConfigError
from include.identity.guest_keys import GuestKeys
from include.reports.temporary import analyze, make_temporary, temporary
from include.suppressions.tables import EVERY_CHANNEL
from include.warehouse.schema import INSTANT


class OptOut(NamedTuple):
    """One address that is not to be written to.

    Attributes:
        address_hash: `GuestKeys.email_hash` of the normalised address.
        reason: one of `REASONS`.
        occurred_at: when it happened, with a zone; None where nobody says.
        mailbox_hash: `GuestKeys.mailbox_hash` of it; None where the address is not at hand.
    """

    address_hash: str
    reason: str
    occurred_at: datetime | None = None
    mailbox_hash: str | None = None


def opt_out_of(keys: GuestKeys, email: str, reason: str, occurred_at: datetime | None) -> OptOut:
    """The opt-out of a normalised address."""
    return OptOut(keys.email_hash(email), reason, occurred_at, keys.mailbox_hash(email))


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """How many different opt-outs there were, and how many of them the warehouse did not know."""

    address_count: int
    new_count: int


_AT_HAND = temporary(
    "opt_outs_at_hand",
    Column("address_hash", Text),
    Column("reason", Text),
    Column("occurred_at", INSTANT),
    Column("mailbox_hash", Text),
)
_COPY = "copy opt_outs_at_hand (address_hash, reason, occurred_at, mailbox_hash) from stdin"
_NOTE = text(
    """
    with latest as (
        select
            address_hash, reason, max(mailbox_hash) as mailbox_hash,
            -- Of one row that does not say when, nobody knows whether it was after a lifting.
            case when count(*) = count(occurred_at) then max(occurred_at) end as occurred_at
        from opt_outs_at_hand
        group by address_hash, reason
    ),

    noted as (
        insert into marketing.suppressions as known
            (address_hash, mailbox_hash, scope, reason, source, occurred_at, first_noted_at, last_noted_at, file_id)
        select
            address_hash, mailbox_hash, :scope, reason, :source, occurred_at, :now, :now, cast(:file_id as bigint)
        from latest
        on conflict (address_hash, scope, reason, source) do update set
            mailbox_hash = coalesce(excluded.mailbox_hash, known.mailbox_hash),
            last_noted_at = greatest(known.last_noted_at, excluded.last_noted_at),
            occurred_at = greatest(known.occurred_at, excluded.occurred_at),
            lifted_at = case when excluded.occurred_at <= known.lifted_at then known.lifted_at end,
            lifted_note = case when excluded.occurred_at <= known.lifted_at then known.lifted_note end,
            -- Somebody who left again has to leave the stores' lists again.
            store_told_at = case
                when excluded.occurred_at > known.store_told_at then null
                when known.lifted_at is not null and excluded.occurred_at is null then null
                else known.store_told_at
            end
        returning xmax = 0 as is_new
    )

    select count(*) as address_count, count(*) filter (where is_new) as new_count from noted
    """
)
_LIFT = text(
    """
    update marketing.suppressions
    set lifted_at = :now, lifted_note = :note
    where address_hash = :address_hash and lifted_at is null and reason <> 'erased'
    """
)
_IS_ERASED = text(
    "select exists (select from marketing.suppressions where address_hash = :address_hash and reason = 'erased')"
)


def suppress(
    connection: Connection,
    opt_outs: Iterable[OptOut],
    *,
    source: str,
    now: datetime,
    scope: str = EVERY_CHANNEL,
    file_id: int | None = None,
) -> Noted:
    """Note that addresses are not to be written to, in the transaction of the caller.

    Args:
        connection: in a transaction; what was noted holds when it is committed.
        opt_outs: drawn one by one, so that memory does not depend on how many there are.
        source: a platform, `erasure` or `person`.
        now: when it was heard of, with a zone.
        scope: code of one channel, or every channel.
        file_id: of marketing.opt_out_files, if it came with one.
    """
    make_temporary(connection, _AT_HAND)
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        for opt_out in opt_outs:
            copy.write_row(opt_out)
    analyze(connection, _AT_HAND)
    values = {"scope": scope, "source": source, "now": now, "file_id": file_id}
    counts = connection.execute(_NOTE, values).one()
    _AT_HAND.drop(connection)
    return Noted(address_count=counts.address_count, new_count=counts.new_count)


def lift(connection: Connection, address_hash: str, *, note: str, now: datetime) -> int:
    """Let an address be written to again where consent allows it; how many suppressions were lifted.

    Args:
        connection: in a transaction.
        address_hash: `GuestKeys.email_hash` of the normalised address.
        note: why, in a person's words, without personal data.
        now: with a zone.

    Raises:
        ConfigError: the note is empty, or the person was erased.
    """
    if not note.strip():
        raise ConfigError("Nothing was lifted: say why in a few words, which are kept with it.")
    if connection.execute(_IS_ERASED, {"address_hash": address_hash}).scalar_one():
        raise ConfigError("Nothing was lifted: the person of this address was erased, which is for good.")
    values = {"address_hash": address_hash, "note": note.strip(), "now": now}
    return int(connection.execute(_LIFT, values).rowcount)
