"""Whose a cart or an order is: a registered customer, a guest known by e-mail, or nobody yet."""

from __future__ import annotations

from include.entities.model import Context, Row
from include.identity.normalisation import normalise_email, normalise_name
from include.magento.door import Record

NOBODY = "0"


def buyer_of(record: Record, context: Context) -> Row:
    """Columns that tell the buyer: `customer_id`, `customer_key`, `customer_email_normalised`, `is_guest`.

    A buyer who was deleted since has no id left on an order, and no guest flag either: the same case as a guest.
    """
    registered = _value(record, "customer_id")
    registered = None if registered == NOBODY else registered
    email = normalise_email(_value(record, "customer_email") or "")
    return {
        "customer_id": registered,
        "customer_key": f"{context.channel_code}:{registered}"
        if registered
        else _guest_key(record, email, context),
        "customer_email_normalised": email,
        "is_guest": "0" if registered else "1",
    }


def _guest_key(record: Record, email: str | None, context: Context) -> str | None:
    if email is None:
        return None
    name = normalise_name(_value(record, "customer_firstname"), _value(record, "customer_lastname"))
    website = context.website_of(_value(record, "store_id"))
    return context.guest_key(website_id=website, email=email, name=name)


def _value(record: Record, name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) else None
