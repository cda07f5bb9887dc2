"""Ask for a customer's newsletter state by the customer, whatever entries of the newsletter there are.

What a newcomer would get wrong: a customer may have several entries (one per store view) or none. Unsubscribing means
all of them; subscribing means those there are, and a new one only where there is none.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from include.identity.guest_keys import GuestKeys
from include.warehouse.refusals import refused
from include.write_back.opt_outs import OPTED_OUT, is_opted_out
from include.write_back.requests import request_change

_ENTRIES = text(
    """
    select newsletter_subscriber_key, channel_code, email_normalised
    from crm.newsletter_subscribers
    where customer_key = :customer and deleted_at is null
    order by newsletter_subscriber_id
    """
)


_CUSTOMER = text("select channel_code, email_normalised from crm.customers where customer_key = :customer")


def request_newsletter(
    connection: Connection,
    keys: GuestKeys,
    customer_key: str,
    *,
    is_subscribed: bool,
    idempotency_key: str,
    requested_by: str | None = None,
) -> list[int]:
    """Ask that a customer is on the newsletter or off it, in the caller's transaction.

    Args:
        connection: to the warehouse.
        keys: the secret of hashes, by which opt-outs are known.
        customer_key: of crm.customers.
        is_subscribed: on it, or off it.
        idempotency_key: asked again under the same key, they are the same entries.
        requested_by: who asks.

    Returns:
        Numbers of the entries in crm.outbox.

    Raises:
        RequestRefused: there is no such customer, no newsletter entry to unsubscribe, or an opt-out that holds.
    """
    found = connection.execute(_ENTRIES, {"customer": customer_key}).all()
    if not found and not is_subscribed:
        raise refused("target: no newsletter entry belongs to a customer with this key", "target")
    people = found or connection.execute(_CUSTOMER, {"customer": customer_key}).all()
    if is_subscribed and any(
        is_opted_out(connection, keys, one.channel_code, one.email_normalised)
        for one in people
        if one.email_normalised
    ):
        raise refused(f"target: {OPTED_OUT}, then ask again", "target")
    kind = "newsletter_subscribe" if is_subscribed else "newsletter_unsubscribe"
    asked = [(kind, one.newsletter_subscriber_key) for one in found] or [("newsletter_create", customer_key)]
    return [
        request_change(
            connection,
            kind,
            target,
            idempotency_key=f"{idempotency_key}:{target}",
            requested_by=requested_by,
        )
        for kind, target in asked
    ]
