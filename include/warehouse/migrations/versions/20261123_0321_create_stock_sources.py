"""create stock_sources.

Revision ID: 20261123_0321
Revises: 20261123_02015
"""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0321"
down_revision = "20261123_02015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "stock_sources",
        sa.Column(
            "stock_source_key",
            sa.Text(collation="C"),
            nullable=False,
            comment="<channel>:product_id:source_code.",
        ),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "product_key", sa.Text(collation="C"), nullable=True, comment="The product. Key of crm.products."
        ),
        sa.Column("product_id", sa.BigInteger(), nullable=True, comment="Magento's id of the product."),
        sa.Column(
            "source_code", sa.Text(), nullable=True, comment="Code of the source: a warehouse, a shop."
        ),
        sa.Column(
            "source_name",
            sa.Text(),
            nullable=True,
            comment="Its name. NULL where the store does not tell its sources.",
        ),
        sa.Column(
            "is_source_enabled",
            sa.Boolean(),
            nullable=True,
            comment="Whether it is in use. NULL where the store does not tell.",
        ),
        sa.Column(
            "stock_qty",
            sa.Numeric(precision=20, scale=4),
            nullable=True,
            comment="Pieces there; orders not shipped yet are not taken off.",
        ),
        sa.Column(
            "is_in_stock",
            sa.Boolean(),
            nullable=True,
            comment="Whether it can be ordered from there, as the shop has set it.",
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
        sa.PrimaryKeyConstraint("stock_source_key", name=op.f("stock_sources_pkey")),
        schema="crm",
        comment="One row per product and source: how much of it there is in one place, as last looked up. Magento 2 only.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("stock_sources", schema="crm")
