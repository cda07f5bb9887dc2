"""How customers came to their accounts, and what an account has been worth.

A match that a person undid keeps its row: it says that the customer founds an account, whatever the rules find.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Numeric, Table, Text, text

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

_AMOUNT = Numeric(20, 4)

ACCOUNT_LIFETIMES = Table(
    "account_lifetimes",
    metadata,
    Column("account_key", KEY, primary_key=True, comment="The account. Key of crm.accounts."),
    Column("channel_code", Text, primary_key=True, comment="The channel of the orders."),
    Column(
        "currency_code",
        Text,
        primary_key=True,
        comment="Currency of the amounts, ISO 4217; XXX where the store sent none.",
    ),
    Column(
        "is_reporting_currency",
        Boolean,
        primary_key=True,
        comment="true: all orders of the channel, converted to its reporting currency at each order's own rate; "
        "false: the orders whose base currency it is. Never add the two.",
    ),
    Column("valid_from", INSTANT, primary_key=True, comment="Since when this was its value."),
    Column("valid_to", INSTANT, comment="When it changed. NULL: it is its value."),
    Column("order_count", BigInteger, nullable=False, comment="Orders that count."),
    Column(
        "unconverted_order_count",
        BigInteger,
        nullable=False,
        comment="Of these, orders without a rate to this currency; they are in no amount.",
    ),
    Column(
        "lifetime_amount",
        _AMOUNT,
        nullable=False,
        comment="Subtotal less discount of the orders that count, without tax and shipping.",
    ),
    Column(
        "refund_amount",
        _AMOUNT,
        nullable=False,
        comment="What credit memos took back of it: lines less discount and their adjustment, without tax and "
        "shipping.",
    ),
    Column("lifetime_net_amount", _AMOUNT, nullable=False, comment="lifetime_amount less refund_amount."),
    Column("window_id", BigInteger, comment="The window of ops.windows that led to it. NULL: no window did."),
    Index(
        "account_lifetimes_current_idx",
        "account_key",
        "channel_code",
        "currency_code",
        "is_reporting_currency",
        unique=True,
        postgresql_where=text("valid_to IS NULL"),
    ),
    schema="crm",
    comment="One row per account, channel and currency, and per change of its value; valid_to is NULL in the current "
    "one.",
)
