"""create categories.

Revision ID: 20261122_1590
Revises: 20261122_1570
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1590"
down_revision = "20261122_1570"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.create_table(
        "categories",
        sa.Column("category_key", sa.Text(collation="C"), nullable=False, comment="<channel>:category_id."),
        sa.Column("channel_code", sa.Text(), nullable=False, comment="The channel the row came through."),
        sa.Column(
            "parent_category_key",
            sa.Text(collation="C"),
            nullable=True,
            comment="The category above. NULL: this is the topmost. Key of crm.categories.",
        ),
        sa.Column("category_id", sa.BigInteger(), nullable=True, comment="Magento's id of the category."),
        sa.Column(
            "parent_category_id",
            sa.BigInteger(),
            nullable=True,
            comment="Magento's id of the category above. NULL: this is the topmost.",
        ),
        sa.Column("category_name", sa.Text(), nullable=True, comment="Name in the default store view."),
        sa.Column(
            "full_name",
            sa.Text(),
            nullable=True,
            comment='Names from the root category down, joined by " / ". NULL: this is the topmost.',
        ),
        sa.Column(
            "path",
            sa.Text(),
            nullable=True,
            comment='Ids from the topmost category down to this one, joined by "/".',
        ),
        sa.Column(
            "level",
            sa.BigInteger(),
            nullable=True,
            comment="Steps below the topmost category; 1: the root category of a store.",
        ),
        sa.Column(
            "position",
            sa.BigInteger(),
            nullable=True,
            comment="Place among the categories of the same parent.",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            nullable=True,
            comment="Whether shoppers see it. NULL: the topmost, of which the store does not say.",
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
        sa.PrimaryKeyConstraint("category_key", name=op.f("categories_pkey")),
        schema="crm",
        comment="One row per category of the catalogue, with the root categories and the one above them.",
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_table("categories", schema="crm")
