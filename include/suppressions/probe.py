"""Which addresses are suppressed: asked by exports, last of all, for a batch of rows at a time."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from include.suppressions.tables import EVERY_CHANNEL

# Each is looked up in an index, however many are kept.
_PROBE = text(
    """
    select address_hash
    from marketing.suppressions
    where address_hash = any(:hashes) and scope in (:channel, :everywhere) and lifted_at is null
    union
    select mailbox_hash
    from marketing.suppressions
    where mailbox_hash = any(:hashes) and scope in (:channel, :everywhere) and lifted_at is null
    """
)


def suppressed(connection: Connection, hashes: Collection[str], channel_code: str) -> set[str]:
    """Those of the addresses that nobody may write to for a channel.

    Args:
        connection: to the warehouse.
        hashes: `GuestKeys.email_hash` or `mailbox_hash` of normalised addresses; some thousands at a time.
        channel_code: the channel whose name the file is written in.
    """
    if not hashes:
        return set()
    values = {"hashes": list(hashes), "channel": channel_code, "everywhere": EVERY_CHANNEL}
    return set(connection.execute(_PROBE, values).scalars())
