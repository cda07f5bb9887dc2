"""Whom the members of a segment are, to be written to: the recipients views of `sql/shared/`.

The three views have the same columns, so that whoever writes files need not know what a segment addresses. A member
without a row cannot be written to.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from sqlalchemy import Column, Date, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY

from include.warehouse.schema import INSTANT, KEY

Member = Literal["account", "cart", "subscriber"]
MEMBERS: tuple[Member, ...] = ("account", "cart", "subscriber")


class RecipientColumn(NamedTuple):
    """One column of the views.

    Attributes:
        sql_type: of SQLAlchemy.
        meaning: for the manifests of files.
        is_personal: whether it says something of a person.
    """

    sql_type: Any
    meaning: str
    is_personal: bool = True


RECIPIENT_COLUMNS: dict[str, RecipientColumn] = {
    "customer_key": RecipientColumn(KEY, "The customer whose address it is; key of crm.customers.", False),
    "contact_key": RecipientColumn(KEY, "The customer's address card; key of crm.contacts.", False),
    "email": RecipientColumn(Text, "Where to write to, as the store has it."),
    "email_normalised": RecipientColumn(Text, "The same, trimmed and in lower case."),
    "first_name": RecipientColumn(Text, "First name."),
    "last_name": RecipientColumn(Text, "Last name."),
    "birth_date": RecipientColumn(Date, "Date of birth."),
    "gender": RecipientColumn(Text, "Gender as given."),
    "company": RecipientColumn(Text, "Company of the address."),
    "phone": RecipientColumn(Text, "Telephone number of the address, as typed."),
    "street": RecipientColumn(Text, "Street and number."),
    "city": RecipientColumn(Text, "City."),
    "region": RecipientColumn(Text, "State or region as written."),
    "postcode": RecipientColumn(Text, "Postcode."),
    "country_code": RecipientColumn(Text, "Country, ISO 3166 two letters as a rule."),
    "store_key": RecipientColumn(KEY, "Store view; key of crm.stores.", False),
    "store_name": RecipientColumn(Text, "Name of the store view.", False),
    "website_name": RecipientColumn(Text, "Name of the website.", False),
    "consent_state": RecipientColumn(Text, "State on the newsletter list; only subscribed is consent."),
    "consent_source": RecipientColumn(Text, "What that is known from."),
    "consent_store_key": RecipientColumn(KEY, "Store view it was given to; key of crm.stores."),
    "consent_at": RecipientColumn(INSTANT, "When it was given or withdrawn (UTC)."),
}
"""What `personal_columns` may list, beside `channel_code` and `member_key`, which every row has."""

OTHER_EMAILS = "other_emails"
"""The last column of the views: it says by what else a person may have said no, and is never exported."""


def recipients_table(member: Member) -> Table:
    """The view of those who can be written to.

    One row per `channel_code` and `member_key`. Joined as it is, all of it is worked out once (for segments of many
    members); inside a LATERAL subquery with OFFSET 0 that restricts both columns, it goes by the indexes (for few).
    """
    columns = [Column(name, one.sql_type) for name, one in RECIPIENT_COLUMNS.items()]
    keys = [Column("channel_code", Text), Column("member_key", KEY)]
    others: Column[Any] = Column(OTHER_EMAILS, ARRAY(Text))
    return Table(f"{member}_recipients", MetaData(), *keys, *columns, others, schema="marketing")
