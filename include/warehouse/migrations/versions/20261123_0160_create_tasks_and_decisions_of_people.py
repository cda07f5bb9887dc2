"""create tasks and decisions of people.

Revision ID: 20261123_0160
Revises: 20261122_2259
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_0160"
down_revision = "20261122_2259"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "cart_transitions",
        sa.Column(
            "transition_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the step.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel of the cart."),
        sa.Column("cart_key", sa.Text(collation="C"), nullable=False, comment="The cart. Key of crm.carts."),
        sa.Column(
            "transition",
            sa.Text(),
            nullable=False,
            comment="abandon: given up. convert_to_opportunity: sold by other means. reopen: neither any more.",
        ),
        sa.Column("status_before", sa.Text(), nullable=False, comment="crm.carts.status before."),
        sa.Column("status_after", sa.Text(), nullable=False, comment="crm.carts.status from then on."),
        sa.Column("notes", sa.Text(), nullable=True, comment="Why, in words. NULL: nobody said, or erased."),
        sa.Column(
            "opportunity_name",
            sa.Text(),
            nullable=True,
            comment="What the opportunity is called. NULL: it became none, or erased.",
        ),
        sa.Column(
            "opportunity_owner",
            sa.Text(),
            nullable=True,
            comment="Who works on the opportunity. NULL: it became none, or nobody.",
        ),
        sa.Column(
            "budget_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Grand total of the cart at that time, base currency. NULL: it became no opportunity.",
        ),
        sa.Column(
            "budget_currency_code",
            sa.Text(),
            nullable=True,
            comment="Currency of the budget. NULL: no budget, or not known.",
        ),
        sa.Column("made_by", sa.Text(), nullable=False, comment="Who did it, as they were named."),
        sa.Column("made_login", sa.Text(), nullable=False, comment="The database login that did it."),
        sa.Column(
            "made_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When (UTC).",
        ),
        sa.CheckConstraint(
            "transition in ('abandon', 'reopen', 'convert_to_opportunity')",
            name="cart_transitions_kind_check",
        ),
        sa.PrimaryKeyConstraint("transition_id", name=op.f("cart_transitions_pkey")),
        schema="crm",
        comment="One row per step that people of the CRM side took with a cart; the store's are in crm.carts_history.",
    )
    op.create_index("cart_transitions_cart_idx", "cart_transitions", ["cart_key"], unique=False, schema="crm")
    op.create_table(
        "order_contacts",
        sa.Column(
            "order_contact_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the contact.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel of the order."),
        sa.Column(
            "order_key", sa.Text(collation="C"), nullable=False, comment="The order. Key of crm.orders."
        ),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="reached: the buyer was spoken to. no_answer: it was tried.",
        ),
        sa.Column(
            "feedback", sa.Text(), nullable=True, comment="What the buyer said. NULL: nothing, or erased."
        ),
        sa.Column(
            "notes", sa.Text(), nullable=True, comment="What is to be remembered. NULL: nothing, or erased."
        ),
        sa.Column(
            "contacted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the buyer was contacted (UTC).",
        ),
        sa.Column("made_by", sa.Text(), nullable=False, comment="Who did it, as they were named."),
        sa.Column("made_login", sa.Text(), nullable=False, comment="The database login that did it."),
        sa.Column(
            "noted_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was noted (UTC).",
        ),
        sa.CheckConstraint("outcome in ('reached', 'no_answer')", name="order_contacts_outcome_check"),
        sa.PrimaryKeyConstraint("order_contact_id", name=op.f("order_contacts_pkey")),
        schema="crm",
        comment="One row per contact with a buyer about an order, as people of the CRM side record them.",
    )
    op.create_index("order_contacts_order_idx", "order_contacts", ["order_key"], unique=False, schema="crm")
    op.create_table(
        "tasks",
        sa.Column(
            "task_id",
            sa.BigInteger(),
            sa.Identity(always=True),
            nullable=False,
            comment="Number of the task.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel of what it is about."),
        sa.Column(
            "rule_name",
            sa.Text(),
            nullable=False,
            comment="The rule that asks for it: its folder in sql/tasks.",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="What to do, in words."),
        sa.Column("subject", sa.Text(), nullable=False, comment="What it is about: cart or order."),
        sa.Column(
            "subject_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="Which: key of crm.carts or crm.orders.",
        ),
        sa.Column(
            "occasion_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="What it is asked for because of (UTC): the cart was left, the order was made. Once per occasion.",
        ),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="From when on it is to be done (UTC).",
        ),
        sa.Column(
            "amount",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="What it is about is worth. NULL: not known.",
        ),
        sa.Column(
            "currency_code",
            sa.Text(),
            nullable=True,
            comment="Currency of the amount. NULL: no amount, or not known.",
        ),
        sa.Column("state", sa.Text(), server_default="open", nullable=False, comment="open or closed."),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=True,
            comment="How it ended: done, not_needed, or what happened (purchased, lost, contacted, ...). NULL: open.",
        ),
        sa.Column(
            "note", sa.Text(), nullable=True, comment="What a person said to it. NULL: nothing, or erased."
        ),
        sa.Column(
            "opened_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the rule asked for it first (UTC).",
        ),
        sa.Column(
            "closed_at", sa.DateTime(timezone=True), nullable=True, comment="When it ended (UTC). NULL: open."
        ),
        sa.Column(
            "closed_by",
            sa.Text(),
            nullable=True,
            comment="Who ended it; rules: what happened did. NULL: open.",
        ),
        sa.CheckConstraint(
            "case state when 'open' then num_nonnulls(outcome, closed_at, closed_by) = 0 when 'closed' then num_nulls(outcome, closed_at, closed_by) = 0 else false end",
            name="tasks_state_check",
        ),
        sa.CheckConstraint("subject in ('cart', 'order')", name="tasks_subject_check"),
        sa.PrimaryKeyConstraint("task_id", name=op.f("tasks_pkey")),
        sa.UniqueConstraint("rule_name", "subject_key", "occasion_at", name="tasks_once"),
        schema="crm",
        comment="One row per thing that a rule asks people to do; closed by what they or the buyer did.",
    )
    op.create_index(
        "tasks_open_idx",
        "tasks",
        ["subject_key"],
        unique=False,
        schema="crm",
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "outbox_sent_idx",
        "outbox",
        ["channel_code", "sent_at"],
        unique=False,
        schema="crm",
        postgresql_where=sa.text("sent_at is not null"),
    )
    op.alter_column(
        "suppressions",
        "store_told_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="When the stores of its scope that take opt-outs were asked to unsubscribe the address, where it is on their list. NULL: not yet, or no store takes them.",
        existing_comment="When the stores of its scope were told to unsubscribe the address. NULL: not yet.",
        existing_nullable=True,
        schema="marketing",
    )
    op.create_index(
        "suppressions_untold_idx",
        "suppressions",
        ["address_hash"],
        unique=False,
        schema="marketing",
        postgresql_where=sa.text("store_told_at is null and lifted_at is null"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        "suppressions_untold_idx",
        table_name="suppressions",
        schema="marketing",
        postgresql_where=sa.text("store_told_at is null and lifted_at is null"),
    )
    op.alter_column(
        "suppressions",
        "store_told_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="When the stores of its scope were told to unsubscribe the address. NULL: not yet.",
        existing_comment="When the stores of its scope that take opt-outs were asked to unsubscribe the address, where it is on their list. NULL: not yet, or no store takes them.",
        existing_nullable=True,
        schema="marketing",
    )
    op.drop_index(
        "outbox_sent_idx", table_name="outbox", schema="crm", postgresql_where=sa.text("sent_at is not null")
    )
    op.drop_index(
        "tasks_open_idx", table_name="tasks", schema="crm", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_table("tasks", schema="crm")
    op.drop_index("order_contacts_order_idx", table_name="order_contacts", schema="crm")
    op.drop_table("order_contacts", schema="crm")
    op.drop_index("cart_transitions_cart_idx", table_name="cart_transitions", schema="crm")
    op.drop_table("cart_transitions", schema="crm")
