"""create newsletter subscribers.

Revision ID: 20261122_1352
Revises: 20261122_1351
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1352"
down_revision = "20261122_1351"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "newsletter_subscribers",
        sa.Column(
            "newsletter_subscriber_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:newsletter_subscriber_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "customer_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The customer. NULL: not registered. Key of crm.customers.",
        ),
        sa.Column(
            "store_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="Store view of the subscription. NULL once it was deleted. Key of crm.stores.",
        ),
        sa.Column(
            "newsletter_subscriber_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the subscriber.",
        ),
        sa.Column(
            "customer_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the customer. NULL: not registered.",
        ),
        sa.Column(
            "store_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the store view. NULL once it was deleted.",
        ),
        sa.Column(
            "email",
            sa.Text(),
            nullable=True,
            comment="Address as the store holds it. NULL where it has none.",
        ),
        sa.Column(
            "email_normalised",
            sa.Text(),
            nullable=True,
            comment="Address trimmed and in lower case, to compare by. NULL where the store has none.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="subscribed, not_active, unsubscribed, unconfirmed, or what an extension made of it. Only subscribed may be written to.",
        ),
        sa.Column(
            "source_created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store made it (UTC). NULL where the store has no date.",
        ),
        sa.Column(
            "source_updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the store last changed it (UTC). NULL: the store keeps none.",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it first reached the warehouse.",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its content last changed in the warehouse.",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was found gone from the store. NULL: it is there.",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that last changed it.",
        ),
        sa.Column(
            "row_hash",
            sa.BigInteger(),
            nullable=True,
            comment="Fingerprint of the content, to tell changed rows from equal ones.",
        ),
        sa.PrimaryKeyConstraint("newsletter_subscriber_key", name=op.f("newsletter_subscribers_pkey")),
        schema="crm",
        comment="One row per newsletter subscriber, registered customer or not; an address may have several.",
    )
    op.create_index(
        op.f("newsletter_subscribers_customer_key_idx"),
        "newsletter_subscribers",
        ["customer_key"],
        unique=False,
        schema="crm",
    )
    op.create_index(
        op.f("newsletter_subscribers_email_normalised_idx"),
        "newsletter_subscribers",
        ["email_normalised"],
        unique=False,
        schema="crm",
    )
    op.create_table(
        "newsletter_subscribers_history",
        sa.Column(
            "newsletter_subscriber_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="Key of crm.newsletter_subscribers.",
        ),
        sa.Column(
            "valid_from",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Since when these values were known.",
        ),
        sa.Column(
            "valid_to", sa.DateTime(timezone=True), nullable=False, comment="When they were superseded."
        ),
        sa.Column(
            "email",
            sa.Text(),
            nullable=True,
            comment="Address as the store holds it. NULL where it has none.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="subscribed, not_active, unsubscribed, unconfirmed, or what an extension made of it. Only subscribed may be written to.",
        ),
        sa.Column(
            "window_id",
            sa.BigInteger(),
            nullable=True,
            comment="The window of ops.windows that superseded them.",
        ),
        sa.PrimaryKeyConstraint(
            "newsletter_subscriber_key", "valid_to", name=op.f("newsletter_subscribers_history_pkey")
        ),
        schema="crm",
        comment="One row per superseded version of a row of crm.newsletter_subscribers; only tracked columns.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("newsletter_subscribers_history", schema="crm")
    op.drop_index(
        op.f("newsletter_subscribers_email_normalised_idx"), table_name="newsletter_subscribers", schema="crm"
    )
    op.drop_index(
        op.f("newsletter_subscribers_customer_key_idx"), table_name="newsletter_subscribers", schema="crm"
    )
    op.drop_table("newsletter_subscribers", schema="crm")
