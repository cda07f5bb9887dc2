"""create stock items.

Revision ID: 20261122_1592
Revises: 20261122_1591
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1592"
down_revision = "20261122_1591"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "stock_items",
        sa.Column("stock_item_key", sa.Text(collation="C"), nullable=False, comment="<channel>:product_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "product_key", sa.Text(collation="C"), nullable=True, comment="The product. Key of crm.products."
        ),
        sa.Column("product_id", sa.BigInteger(), nullable=True, comment="Magento's id of the product."),
        sa.Column("sku", sa.Text(), nullable=True, comment="Article number. NULL where the shop gave none."),
        sa.Column(
            "stock_qty",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Pieces there are; below zero where the shop takes orders beyond its stock. Zero for products made of others.",
        ),
        sa.Column(
            "is_in_stock",
            sa.Boolean(),
            nullable=True,
            comment="Whether it can be ordered, as the shop has set it.",
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
        sa.PrimaryKeyConstraint("stock_item_key", name=op.f("stock_items_pkey")),
        schema="crm",
        comment="One row per product: how much of it there is, as last looked up.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("stock_items", schema="crm")
