"""Decisions of people, kept as history, and their tasks.

What a newcomer would get wrong: none of this is the store's. A cart that the CRM gave up as lost is still open to its
buyer, who may come back and buy it; the status then follows what happened.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from include.warehouse.schema import INSTANT, KEY, PERSONAL, metadata

_WHO = "Who did it, as they were named."
_LOGIN = "The database login that did it."

CART_TRANSITIONS = Table(
    "cart_transitions",
    metadata,
    Column(
        "transition_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the step."
    ),
    Column("channel_code", Text, nullable=False, comment="The channel of the cart."),
    Column("cart_key", KEY, nullable=False, comment="The cart. Key of crm.carts."),
    Column(
        "transition",
        Text,
        nullable=False,
        comment="abandon: given up. convert_to_opportunity: sold by other means. reopen: neither any more.",
    ),
    Column("status_before", Text, nullable=False, comment="crm.carts.status before."),
    Column("status_after", Text, nullable=False, comment="crm.carts.status from then on."),
    Column("notes", Text, comment="Why, in words. NULL: nobody said, or erased.", info={PERSONAL: True}),
    Column(
        "opportunity_name",
        Text,
        comment="What the opportunity is called. NULL: it became none, or erased.",
        info={PERSONAL: True},
    ),
    Column(
        "opportunity_owner", Text, comment="Who works on the opportunity. NULL: it became none, or nobody."
    ),
    Column(
        "budget_amount",
        Numeric(20, 4),
        comment="Grand total of the cart at that time, base currency. NULL: it became no opportunity.",
    ),
    Column("budget_currency_code", Text, comment="Currency of the budget. NULL: no budget, or not known."),
    Column("made_by", Text, nullable=False, comment=_WHO),
    Column("made_login", Text, nullable=False, comment=_LOGIN),
    Column("made_at", INSTANT, nullable=False, server_default=text("now()"), comment="When (UTC)."),
    CheckConstraint(
        "transition in ('abandon', 'reopen', 'convert_to_opportunity')", name="cart_transitions_kind_check"
    ),
    Index("cart_transitions_cart_idx", "cart_key"),
    schema="crm",
    comment="One row per step that people of the CRM side took with a cart; the store's are in crm.carts_history.",
)

ORDER_CONTACTS = Table(
    "order_contacts",
    metadata,
    Column(
        "order_contact_id",
        BigInteger,
        Identity(always=True),
        primary_key=True,
        comment="Number of the contact.",
    ),
    Column("channel_code", Text, nullable=False, comment="The channel of the order."),
    Column("order_key", KEY, nullable=False, comment="The order. Key of crm.orders."),
    Column(
        "outcome", Text, nullable=False, comment="reached: the buyer was spoken to. no_answer: it was tried."
    ),
    Column(
        "feedback",
        Text,
        comment="What the buyer said. NULL: nothing, or erased.",
        info={PERSONAL: True},
    ),
    Column(
        "notes", Text, comment="What is to be remembered. NULL: nothing, or erased.", info={PERSONAL: True}
    ),
    Column("contacted_at", INSTANT, nullable=False, comment="When the buyer was contacted (UTC)."),
    Column("made_by", Text, nullable=False, comment=_WHO),
    Column("made_login", Text, nullable=False, comment=_LOGIN),
    Column(
        "noted_at", INSTANT, nullable=False, server_default=text("now()"), comment="When it was noted (UTC)."
    ),
    CheckConstraint("outcome in ('reached', 'no_answer')", name="order_contacts_outcome_check"),
    Index("order_contacts_order_idx", "order_key"),
    schema="crm",
    comment="One row per contact with a buyer about an order, as people of the CRM side record them.",
)

TASKS = Table(
    "tasks",
    metadata,
    Column("task_id", BigInteger, Identity(always=True), primary_key=True, comment="Number of the task."),
    Column("channel_code", Text, nullable=False, comment="The channel of what it is about."),
    Column("rule_name", Text, nullable=False, comment="The rule that asks for it: its folder in sql/tasks."),
    Column("title", Text, nullable=False, comment="What to do, in words."),
    Column("subject", Text, nullable=False, comment="What it is about: cart or order."),
    Column("subject_key", KEY, nullable=False, comment="Which: key of crm.carts or crm.orders."),
    Column(
        "occasion_at",
        INSTANT,
        nullable=False,
        comment="What it is asked for because of (UTC): the cart was left, the order was made. Once per occasion.",
    ),
    Column("due_at", INSTANT, nullable=False, comment="From when on it is to be done (UTC)."),
    Column("amount", Numeric(20, 4), comment="What it is about is worth. NULL: not known."),
    Column("currency_code", Text, comment="Currency of the amount. NULL: no amount, or not known."),
    Column("state", Text, nullable=False, server_default="open", comment="open or closed."),
    Column(
        "outcome",
        Text,
        comment="How it ended: done, not_needed, or what happened (purchased, lost, contacted, ...). NULL: open.",
    ),
    Column(
        "note", Text, comment="What a person said to it. NULL: nothing, or erased.", info={PERSONAL: True}
    ),
    Column("opened_at", INSTANT, nullable=False, comment="When the rule asked for it first (UTC)."),
    Column("closed_at", INSTANT, comment="When it ended (UTC). NULL: open."),
    Column("closed_by", Text, comment="Who ended it; rules: what happened did. NULL: open."),
    CheckConstraint("subject in ('cart', 'order')", name="tasks_subject_check"),
    CheckConstraint(
        "case state when 'open' then num_nonnulls(outcome, closed_at, closed_by) = 0"
        " when 'closed' then num_nulls(outcome, closed_at, closed_by) = 0 else false end",
        name="tasks_state_check",
    ),
    UniqueConstraint("rule_name", "subject_key", "occasion_at", name="tasks_once"),
    Index("tasks_open_idx", "subject_key", postgresql_where=text("state = 'open'")),
    schema="crm",
    comment="One row per thing that a rule asks people to do; closed by what they or the buyer did.",
)
