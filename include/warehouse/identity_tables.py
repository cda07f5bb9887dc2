"""How customers came to their accounts: one row per customer who joined another, or was kept from it by a person."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, Text

from include.warehouse.schema import INSTANT, KEY, metadata

ACCOUNT_MATCHES = Table(
    "account_matches",
    metadata,
    Column("customer_key", KEY, primary_key=True, comment="The customer who joined. Key of crm.customers."),
    Column(
        "matched_customer_key",
        KEY,
        nullable=False,
        comment="The older customer whose account was joined. Key of crm.customers.",
    ),
    Column(
        "rule",
        Text,
        nullable=False,
        comment="Why: same_website_email (guest and registered customer of a website with one e-mail), "
        "account_matching (the channel's rule) or by_hand.",
    ),
    Column(
        "is_same_person",
        Boolean,
        nullable=False,
        comment="Whether both are one contact: e-mail and name agree, or guest and registered customer do in e-mail.",
    ),
    Column("matched_at", INSTANT, nullable=False, comment="When the match was made."),
    Column("matched_by", Text, comment="Who made it by hand. NULL: a rule did."),
    Column(
        "undone_at",
        INSTANT,
        comment="When a person undid it; the customer founds an account, whatever the rules say. NULL: it holds.",
    ),
    Column("undone_by", Text, comment="Who undid it. NULL: it holds."),
    Column("window_id", BigInteger, comment="The window of ops.windows that led to it. NULL: no window did."),
    Index(None, "matched_customer_key"),
    schema="crm",
    comment="One row per customer who joined another's account, with the reason; kept when a person undoes it.",
)
