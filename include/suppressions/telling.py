"""Opt-outs brought back to the stores: whoever left by a platform's link leaves the store's newsletter, too.

An opt-out is a hash and an entry of the newsletter an address, so the entries that are subscribed are hashed and held
against the opt-outs nobody has told the stores of. What a newcomer would get wrong: an opt-out is told once. Who
subscribes in the store again later has said yes there; exports leave the address out all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine, text

from include.channels.model import Channel
from include.identity.guest_keys import GuestKeys
from include.suppressions.tables import EVERY_CHANNEL

LIST = "newsletter_subscribers"
TOLD_REASONS = ("unsubscribed", "complained", "by_hand")
"""A mailbox that bounces has not left, and of an erased person no entry is known any more."""
REQUESTED_BY = "suppressions"
_ROWS = 10_000

_UNTOLD = """
select address_hash, scope, reason, source
from marketing.suppressions
where store_told_at is null and lifted_at is null and reason = any(:reasons) and scope = any(:scopes)
for update
"""
_SUBSCRIBED = """
select newsletter_subscriber_key, email_normalised
from crm.newsletter_subscribers
where channel_code = :channel and status = 'subscribed' and deleted_at is null and email_normalised is not null
    and newsletter_subscriber_id > 0  -- below it are guests of Magento 2, which takes changes of customers only
    and newsletter_subscriber_key not in (
        select record_key from ops.erased_records where entity = 'newsletter_subscribers'
    )
"""
_IS_WAITING = """
select outbox.target_key from crm.outbox
where channel_code = :channel and kind = 'newsletter_unsubscribe'
    and state in ('pending', 'sending', 'unknown', 'conflict') and target_key = any(:keys)
"""
_ASK = """
select crm.request_change('newsletter_unsubscribe', keys.target, requested_by => :requested_by)
from unnest(cast(:keys as text[])) as keys (target)
"""
_TOLD = """
update marketing.suppressions as known set store_told_at = :now
from unnest(
    cast(:hashes as text[]), cast(:scopes as text[]), cast(:reasons as text[]), cast(:sources as text[])
) as told (address_hash, scope, reason, source)
where (known.address_hash, known.scope, known.reason, known.source)
    = (told.address_hash, told.scope, told.reason, told.source)
"""
_LISTS = """
select channel_code, complete_until is not null as is_loaded
from crm.complete_until where entity = :entity and complete_until is not null
union all
select channel_code, false from ops.windows where entity = :entity and state = 'skipped'
"""


def tell_stores(engine: Engine, keys: GuestKeys, channels: Collection[Channel], *, now: datetime) -> int:
    """Ask the stores that take opt-outs to unsubscribe whoever has left; how many entries were asked for.

    Args:
        engine: the warehouse.
        keys: the secret of hashes.
        channels: those that are active; of them, the ones that say `two_way.unsubscribe_suppressed` are told.
        now: with a zone.
    """
    wanted = {channel.code for channel in channels if takes_opt_outs(channel)}
    if not wanted:
        return 0
    with engine.begin() as connection:
        rows = connection.execute(text(_LISTS), {"entity": LIST})
        lists: dict[str, bool] = {row.channel_code: row.is_loaded for row in rows}
        telling = sorted(code for code in wanted if lists.get(code))
        # A list that is being read for the first time is awaited: an opt-out of every channel is told once.
        everywhere = [EVERY_CHANNEL] if telling and wanted <= lists.keys() else []
        return _tell(connection, keys, telling, [*telling, *everywhere], now)


def takes_opt_outs(channel: Channel) -> bool:
    """Whether its store is told of opt-outs."""
    return channel.two_way.enabled and channel.two_way.unsubscribe_suppressed and LIST in channel.entities


def _tell(
    connection: Connection, keys: GuestKeys, telling: list[str], scopes: list[str], now: datetime
) -> int:
    values = {"reasons": list(TOLD_REASONS), "scopes": scopes}
    untold = connection.execute(text(_UNTOLD), values).all()
    if not untold:
        return 0
    asked = 0
    for code in telling:
        hashes = {row.address_hash for row in untold if row.scope in (EVERY_CHANNEL, code)}
        asked += _ask(connection, code, _leaving(connection, keys, code, hashes))
    columns = zip(*untold, strict=True)
    names = ("hashes", "scopes", "reasons", "sources")
    connection.execute(text(_TOLD), {"now": now} | dict(zip(names, map(list, columns), strict=True)))
    return asked


def _leaving(connection: Connection, keys: GuestKeys, code: str, hashes: set[str]) -> Iterator[str]:
    """Entries of a channel that are subscribed with one of these addresses."""
    if not hashes:
        return
    options = {"yield_per": _ROWS}
    for row in connection.execute(text(_SUBSCRIBED), {"channel": code}, execution_options=options):
        if keys.email_hash(row.email_normalised) in hashes:
            yield row.newsletter_subscriber_key


def _ask(connection: Connection, code: str, entries: Iterator[str]) -> int:
    found = list(entries)
    waiting = set(connection.execute(text(_IS_WAITING), {"channel": code, "keys": found}).scalars())
    values = {"keys": [key for key in found if key not in waiting], "requested_by": REQUESTED_BY}
    return len(connection.execute(text(_ASK), values).all())
