"""Ask for a customer's newsletter state by the customer, whatever entries of the newsletter there are.

What a newcomer would get wrong: a customer may have several entries (one per store view) or none. Unsubscribing means
all of them; subscribing means those there are, and a new one only where there is none.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from include.write_back.requests import RequestRefused, request_change

_ENTRIES = text(
    """
    select newsletter_subscriber_key
    from crm.newsletter_subscribers
    where customer_key = :customer and deleted_at is null
    order by newsletter_subscriber_id
    """
)


def request_newsletter(
    connection: Connection,
    customer_key: str,
    *,
    is_subscribed: bool,
    idempotency_key: str,
    requested_by: str | None = None,
) -> list[int]:
    """Ask that a customer is on the newsletter or off it, in the caller's transaction.

    Args:
        connection: to the warehouse.
        customer_key: of crm.customers.
        is_subscribed: on it, or off it.
        idempotency_key: asked again under the same key, they are the same entries.
        requested_by: who asks.

    Returns:
        Numbers of the entries in crm.outbox.

    Raises:
        RequestRefused: there is no such customer, or no newsletter entry to unsubscribe.
    """
    found = list(connection.execute(_ENTRIES, {"customer": customer_key}).scalars())
    if not found and not is_subscribed:
        raise RequestRefused(
            "This was not accepted: target: no newsletter entry belongs to a customer with this key.",
            field="target",
        )
    kind = "newsletter_subscribe" if is_subscribed else "newsletter_unsubscribe"
    asked = [(kind, key) for key in found] or [("newsletter_create", customer_key)]
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
