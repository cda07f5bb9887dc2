"""create stores.

Revision ID: 20261122_1210
Revises: 20261122_1200
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1210"
down_revision = "20261122_1200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "customer_groups",
        sa.Column(
            "customer_group_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:customer_group_id.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column("customer_group_id", sa.BigInteger(), nullable=True, comment="Magento's id of the group."),
        sa.Column("customer_group_code", sa.Text(), nullable=True, comment="Name of the group."),
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
        sa.PrimaryKeyConstraint("customer_group_key", name=op.f("customer_groups_pkey")),
        schema="crm",
        comment="One row per customer group; group 0 stands for visitors who are not logged in.",
    )
    op.create_table(
        "stores",
        sa.Column("store_key", sa.Text(collation="C"), nullable=False, comment="<channel>:store_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "website_key", sa.Text(collation="C"), nullable=True, comment="Its website. Key of crm.websites."
        ),
        sa.Column("store_id", sa.BigInteger(), nullable=True, comment="Magento's id of the store view."),
        sa.Column("store_code", sa.Text(), nullable=True, comment="Short name of the store view."),
        sa.Column("store_name", sa.Text(), nullable=True, comment="Name of the store view."),
        sa.Column("website_id", sa.BigInteger(), nullable=True, comment="Magento's id of its website."),
        sa.Column("group_id", sa.BigInteger(), nullable=True, comment="Magento's id of its store group."),
        sa.Column("sort_order", sa.BigInteger(), nullable=True, comment="Position among the store views."),
        sa.Column(
            "is_active", sa.Boolean(), nullable=True, comment="Whether the store view is open to visitors."
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
        sa.PrimaryKeyConstraint("store_key", name=op.f("stores_pkey")),
        schema="crm",
        comment="One row per store view: the place an order was made in, with its own language.",
    )
    op.create_table(
        "websites",
        sa.Column("website_key", sa.Text(collation="C"), nullable=False, comment="<channel>:website_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column("website_id", sa.BigInteger(), nullable=True, comment="Magento's id of the website."),
        sa.Column(
            "website_code",
            sa.Text(),
            nullable=True,
            comment="Short name of the website. NULL when read without the bridge.",
        ),
        sa.Column(
            "website_name",
            sa.Text(),
            nullable=True,
            comment="Name of the website; without the bridge, the names of its stores joined.",
        ),
        sa.Column(
            "sort_order",
            sa.BigInteger(),
            nullable=True,
            comment="Position among the websites. NULL when read without the bridge.",
        ),
        sa.Column(
            "default_group_id",
            sa.BigInteger(),
            nullable=True,
            comment="Store group shown first. NULL when read without the bridge.",
        ),
        sa.Column(
            "is_default",
            sa.Boolean(),
            nullable=True,
            comment="Whether visitors land here by default. NULL when read without the bridge.",
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
        sa.PrimaryKeyConstraint("website_key", name=op.f("websites_pkey")),
        schema="crm",
        comment="One row per website of a store installation; the admin's own website is left out.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("websites", schema="crm")
    op.drop_table("stores", schema="crm")
    op.drop_table("customer_groups", schema="crm")
