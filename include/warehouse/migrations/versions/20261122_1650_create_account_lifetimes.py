"""create account lifetimes.

Revision ID: 20261122_1650
Revises: 20261122_1625
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1650"
down_revision = "20261122_1625"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "account_lifetimes",
        sa.Column(
            "account_key", sa.Text(collation="C"), nullable=False, comment="The account. Key of crm.accounts."
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel of the orders."),
        sa.Column(
            "currency_code",
            sa.Text(),
            nullable=False,
            comment="Currency of the amounts, ISO 4217; XXX where the store sent none.",
        ),
        sa.Column(
            "is_reporting_currency",
            sa.Boolean(),
            nullable=False,
            comment="true: all orders of the channel, converted to its reporting currency at each order's own rate; false: the orders whose base currency it is. Never add the two.",
        ),
        sa.Column(
            "valid_from", sa.DateTime(timezone=True), nullable=False, comment="Since when this was its value."
        ),
        sa.Column(
            "valid_to",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it changed. NULL: it is its value.",
        ),
        sa.Column("order_count", sa.BigInteger(), nullable=False, comment="Orders that count."),
        sa.Column(
            "unconverted_order_count",
            sa.BigInteger(),
            nullable=False,
            comment="Of these, orders without a rate to this currency; they are in no amount.",
        ),
        sa.Column(
            "lifetime_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=False,
            comment="Subtotal less discount of the orders that count, without tax and shipping.",
        ),
        sa.Column(
            "refund_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=False,
            comment="What credit memos took back of it: lines less discount and their adjustment, without tax and shipping.",
        ),
        sa.Column(
            "lifetime_net_amount",
            sa.Numeric(precision=20, scale=4),
            nullable=False,
            comment="lifetime_amount less refund_amount.",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that led to it. NULL: no window did.",
        ),
        sa.PrimaryKeyConstraint(
            "account_key",
            "channel_code",
            "currency_code",
            "is_reporting_currency",
            "valid_from",
            name=op.f("account_lifetimes_pkey"),
        ),
        schema="crm",
        comment="One row per account, channel and currency, and per change of its value; valid_to is NULL in the current one.",
    )
    op.create_index(
        "account_lifetimes_current_idx",
        "account_lifetimes",
        ["account_key", "channel_code", "currency_code", "is_reporting_currency"],
        unique=True,
        schema="crm",
        postgresql_where=sa.text("valid_to IS NULL"),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(
        "account_lifetimes_current_idx",
        table_name="account_lifetimes",
        schema="crm",
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    op.drop_table("account_lifetimes", schema="crm")
