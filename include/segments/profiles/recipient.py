"""Who a row is about: a line of `marketing.<member>_recipients`, with what the segment itself knows of the member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple


class Recipient(NamedTuple):
    """A person with an address to write to; None where the warehouse knows nothing.

    Attributes:
        channel_code: the shop; consent is given to a shop.
        member_key: the account, cart or newsletter entry.
        customer_key: whose address it is; contact_key: that customer's address card.
        email: as the store has it.
        email_normalised: trimmed and in lower case.
        street: several lines parted by line breaks.
        country_code: of the address, ISO 3166 as a rule; shops write UK as well.
        consent_at: when consent was given or withdrawn (UTC).
        other_emails: further addresses of the account, normalised; for suppressions only, never exported.
        own: the segment's own columns, in the order of its contract.
    """

    channel_code: str
    member_key: str
    customer_key: str | None = None
    contact_key: str | None = None
    email: str | None = None
    email_normalised: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    company: str | None = None
    phone: str | None = None
    street: str | None = None
    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    country_code: str | None = None
    store_key: str | None = None
    store_name: str | None = None
    website_name: str | None = None
    consent_state: str | None = None
    consent_source: str | None = None
    consent_store_key: str | None = None
    consent_at: datetime | None = None
    other_emails: Sequence[str] | None = None
    own: tuple[object, ...] = ()


SUBSCRIBED = "subscribed"
UNSUBSCRIBED = "unsubscribed"
VIEW_COLUMNS = Recipient._fields[:-1]
"""Columns of the views, in this order."""
RECIPIENT_COLUMNS = VIEW_COLUMNS[:-1]
"""Those of them that a file may hold."""
