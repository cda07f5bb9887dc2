"""Who may not be put on the newsletter: whoever an opt-out of marketing.suppressions holds for.

Subscribing somebody at the store would have the shop write to them who may be in no marketing file. What a newcomer
would get wrong: SQL cannot tell, since opt-outs are keyed hashes whose secret is not in the warehouse. So this is
looked at when a change is sent, and before it is stored where Python asks for it.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from include.identity.guest_keys import GuestKeys
from include.suppressions.probe import suppressed
from include.suppressions.tables import REASONS_OF_PEOPLE

OPTED_OUT = (
    "an opt-out in marketing.suppressions holds for the address, or for another one of the same account: if they want "
    "the newsletter after all, take it back with make suppress LIFT='why'"
)
_OTHERS = text(
    """
    select distinct others.email_normalised
    from crm.customers as known inner join crm.customers as others on known.account_key = others.account_key
    where known.channel_code = :channel and known.email_normalised = :email and others.email_normalised <> :email
    """
)


def is_opted_out(connection: Connection, keys: GuestKeys, channel_code: str, email: str) -> bool:
    """Whether a normalised address is suppressed for a channel, or its person said no at another of theirs."""
    others = connection.execute(_OTHERS, {"channel": channel_code, "email": email}).scalars()
    said_elsewhere = [keys.email_hash(other) for other in others]
    return bool(
        suppressed(connection, [keys.email_hash(email)], channel_code)
        or suppressed(connection, said_elsewhere, channel_code, reasons=REASONS_OF_PEOPLE)
    )
